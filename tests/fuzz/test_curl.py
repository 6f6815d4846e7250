"""The curl line of bodies that a terminal cannot show, and of basic authentication."""

import base64
import os
import shutil
import subprocess

import pytest

from accord.exchange import Request, as_curl
from accord.network import masking
from accord.network.wire import UnsendableError
from accord.repro import reproducing

TYPE = ("Content-Type", "text/plain")


def sent_by(line: str, seen: list[bytes], **environment: str) -> tuple[bytes, bytes]:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    subprocess.run(["sh", "-c", line], check=True, capture_output=True, env={"PATH": "/usr/bin:/bin", **environment})
    head, _, body = seen[-1].partition(b"\r\n\r\n")
    return head, body


@pytest.mark.parametrize(
    ("body", "written"),
    [
        (b'{"a": "it\'s"}', """--data-raw '{"a": "it'"'"'s"}'"""),
        (b"--b\r\n%\\'\x1b[31m\r\n", r"printf '\055-b\r\n%%\\\047\033[31m\r\n' | curl"),
        ("é\x00".encode(), r"printf 'é\000' | curl"),
        (b"\xff-", r"printf '\377\055' | curl"),
    ],
)
def test_the_line_of_any_body_can_be_shown_pasted_and_read(serve, body, written):
    seen: list[bytes] = []
    line = as_curl(Request(method="POST", url=serve("redirect", seen), headers=(TYPE,), body=body))
    assert line.isprintable()
    assert written in line
    assert sent_by(line, seen)[1] == body


def test_basic_authentication_is_left_to_curl(serve):
    seen: list[bytes] = []
    request = Request(
        method="GET", url=serve("redirect", seen), headers=(("Authorization", "Basic $LOGIN"),), secrets=("LOGIN",)
    )
    line = as_curl(request)
    assert line.endswith(' --user "$LOGIN"')
    head, _ = sent_by(line, seen, LOGIN="me:pass word")
    assert b"Authorization: Basic " + base64.b64encode(b"me:pass word") in head


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("${KEY%?}", b"X-Key: some $ke"),
        ("${KEY#?}", b"X-Key: ome $key"),
        ("${KEY~~}", b"X-Key: SOME $KEY"),
        ("$KEYx", b"X-Key: some $keyx"),
        ("x$KEY", b"X-Key: xsome $key"),
        ("$KEY$KEY", b"X-Key: some $keysome $key"),
    ],
)
def test_what_is_almost_the_secret_is_made_by_the_shell(serve, text, sent):
    seen: list[bytes] = []
    line = as_curl(Request(method="GET", url=serve("redirect", seen), headers=(("X-Key", text),), secrets=("KEY",)))
    head, _ = sent_by(line, seen, KEY="some $key")
    assert head.endswith(sent)
    assert masking.fill(masking.Secrets({"KEY": "some $key"}), text, ("KEY",)) == sent.removeprefix(b"X-Key: ").decode()


def test_what_is_almost_the_basic_secret_is_left_to_curl(serve):
    seen: list[bytes] = []
    headers = (("Authorization", "Basic ${LOGIN%?}"),)
    request = Request(method="GET", url=serve("redirect", seen), headers=headers, secrets=("LOGIN",))
    head, _ = sent_by(as_curl(request), seen, LOGIN="me:word")
    filled = masking.fill(masking.Secrets({"LOGIN": "me:word"}), headers[0][1], ("LOGIN",))
    assert filled == "Basic " + base64.b64encode(b"me:wor").decode()
    assert f"Authorization: {filled}".encode() in head


@pytest.mark.parametrize(("text", "secret"), [("${KEY~~}", "123-456"), ("${KEY%?}", "1")])
def test_a_variant_that_is_the_secret_itself_or_nothing_is_not_sent(text, secret):
    with pytest.raises(UnsendableError, match=r"^`\$KEY` has no such variant$"):
        masking.fill(masking.Secrets({"KEY": secret}), text, ("KEY",))


def test_what_is_almost_the_secret_is_masked_in_an_answer():
    hidden = masking.masks(masking.Secrets({"KEY": "a-long-secret"}), ("KEY",))
    assert masking.mask_text("a-long-secret A-LONG-SECRET a-long-secre -long-secret", hidden) == "$KEY $KEY $KEY $KEY"


@pytest.mark.parametrize("text", ["${KEY%?}", "${KEY#?}", "${KEY~~}", "$KEYx", "Basic ${KEY%?}", "Basic x$KEY", "$KEY"])
def test_the_program_in_python_sends_what_transport_sends(monkeypatch, text):
    monkeypatch.setenv("KEY", "so:me")
    expression = reproducing._filled(text, ("KEY",))
    made = eval(expression, {"os": os, "base64": base64})  # noqa: S307  what is evaluated is what is tested
    assert made == masking.fill(masking.Secrets({}), text, ("KEY",))
