"""The curl line of bodies that a terminal cannot show, and of basic authentication."""

import base64
import shutil
import subprocess

import pytest

from accord.exchange import Request, as_curl

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
