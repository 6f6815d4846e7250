"""HAR 1.2, written and read."""

import base64
import contextlib
import gzip
import json
from dataclasses import replace

import pytest

from accord import recordings
from accord.errors import AccordError
from accord.exchange import EXCUSED, Case, Damaged, Exchange, Request, Response
from accord.files import envelopes

REQUEST = Request(
    method="POST",
    url="/runs/?a=1&a=&b=%20",
    headers=(("Content-Type", "application/json"), ("X-Key", "$KEY"), ("X-Two", "1"), ("X-Two", "2")),
    body='{"text": "é \u2028"}'.encode(),
    secrets=("KEY",),
)
CASE = Case(
    operation="POST /runs/",
    request=REQUEST,
    valid=False,
    fault="type",
    part="body",
    pointer="/a",
    description="`a` is 1",
)
ANSWER = Response(status=200, reason="OK", headers=(("Content-Type", "text/plain"),), body=b"a\r\nb", elapsed=0.001234)
EXCHANGES = (
    Exchange(request=REQUEST, response=ANSWER, case=CASE),
    Exchange(request=REQUEST, response=None, failure="reset the connection"),
    Exchange(
        request=Request(method="PUT", url="/x", body=b"\x00\xff"),
        response=Response(status=500, body=b"\xff\xfe"),
    ),
    Exchange(request=Request(method="GET", url="/y"), response=Response(status=204)),
    Exchange(request=REQUEST, response=ANSWER, case=replace(CASE, description="half of a pair: \ud800")),
    Exchange(request=REQUEST, response=replace(ANSWER, lost="the recording cut the body short")),
    Exchange(request=REQUEST, response=replace(ANSWER, body=b"", lost="the recording holds no body")),
)


def test_what_was_written_is_read_back_equal(tmp_path):
    path = tmp_path / "runs.har"
    recordings.write(path, EXCHANGES)
    read = tuple(recordings.read(path))
    assert read == EXCHANGES
    assert [exchange.source for exchange in read] == [f"{path}:{number}" for number in range(1, 8)]


def test_a_recording_is_whole_when_its_writer_fails(tmp_path):
    path = tmp_path / "runs.har"
    with contextlib.suppress(KeyboardInterrupt), recordings.writing(path) as add:
        add(EXCHANGES[0])
        raise KeyboardInterrupt
    assert tuple(recordings.read(path)) == EXCHANGES[:1]


def test_an_empty_recording_is_a_har_file(tmp_path):
    path = tmp_path / "none.har"
    recordings.write(path, ())
    assert json.loads(path.read_text())["log"]["entries"] == []


def test_an_entry_has_what_har_requires(tmp_path):
    path = tmp_path / "runs.har"
    recordings.write(path, EXCHANGES[:1])
    (entry,) = json.loads(path.read_text())["log"]["entries"]
    assert entry["startedDateTime"][-6:] == "+00:00"
    del entry["startedDateTime"]
    assert entry == {
        "time": 1.234,
        "request": {
            "method": "POST",
            "url": "/runs/?a=1&a=&b=%20",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": name, "value": value} for name, value in REQUEST.headers],
            "queryString": [{"name": "a", "value": "1"}, {"name": "a", "value": ""}, {"name": "b", "value": " "}],
            "headersSize": -1,
            "bodySize": len(REQUEST.body),
            "postData": {"mimeType": "application/json", "text": '{"text": "é \u2028"}'},
        },
        "response": {
            "status": 200,
            "statusText": "OK",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": "Content-Type", "value": "text/plain"}],
            "content": {"size": 4, "mimeType": "text/plain", "text": "a\r\nb"},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": 4,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 1.234, "receive": 0},
        "_accord": {
            "secrets": ["KEY"],
            "case": {
                "operation": "POST /runs/",
                "valid": False,
                "fault": "type",
                "part": "body",
                "pointer": "/a",
                "description": "`a` is 1",
                "doubtful": False,
                "sequence": "",
            },
        },
    }


def test_a_browsers_har_is_read(tmp_path):
    path = tmp_path / "browser.har"
    posted = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a", "value": "1 2"}, {"name": "b"}]}
    entry = {
        "request": {"method": "POST", "url": "https://x.test/", "headers": [], "postData": posted},
        "response": {"status": 200, "headers": [], "content": {"size": 1, "text": "YQ==", "encoding": "base64"}},
    }
    lost = {
        "request": {"method": "GET", "url": "/", "headers": []},
        "response": {"status": 0, "_error": "net::ERR_FAILED"},
    }
    path.write_text(json.dumps({"log": {"entries": [entry, lost]}}), encoding="utf-8-sig")
    assert tuple(recordings.read(path)) == (
        Exchange(
            request=Request(method="POST", url="https://x.test/", body=b"a=1+2&b="),
            response=Response(status=200, body=b"a"),
        ),
        Exchange(request=Request(method="GET", url="/"), response=None, failure=f"{EXCUSED}net::ERR_FAILED"),
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "it is no JSON"),
        ("{}", "it has no list `log/entries`"),
        ('{"log": 1}', "it has no list `log/entries`"),
        ('{"log": {"entries": 7}}', "it has no list `log/entries`"),
    ],
)
def test_what_is_no_har_file_is_an_error_of_the_run(tmp_path, text, problem):
    path = tmp_path / "odd.har"
    path.write_text(text)
    with pytest.raises(AccordError) as caught:
        tuple(recordings.read(path))
    assert str(caught.value) == f"`{path}` is no HAR file: {problem}."


def test_a_broken_entry_is_located_and_the_next_one_read(tmp_path):
    path = tmp_path / "odd.har"
    answer = {"status": 200, "content": {"text": "%%", "encoding": "base64", "size": 2}}
    good = {"request": {"method": "GET", "url": "/"}, "response": {"status": 204}}
    entries = [1, {"request": {}}, {"request": {"method": "GET", "url": "/"}, "response": answer}, good]
    path.write_text(json.dumps({"log": {"entries": entries}}))
    assert tuple(recordings.read(path)) == (
        Damaged(
            source=f"{path}:1", reason="the entry is no exchange of HAR 1.2 (a part of it is not what it should be)"
        ),
        Damaged(source=f"{path}:2", reason="the entry is no exchange of HAR 1.2 (it has no `method`)"),
        Damaged(source=f"{path}:3", reason="the entry is no exchange of HAR 1.2 (its base64 is broken)"),
        Exchange(request=Request(method="GET", url="/"), response=Response(status=204)),
    )


def test_what_stands_before_the_place_where_a_file_breaks_off_is_read(tmp_path):
    path = tmp_path / "cut.har"
    recordings.write(path, EXCHANGES)
    text = path.read_text()
    path.write_text(text[: text.index("/y") + 10])
    assert tuple(recordings.read(path)) == (
        *EXCHANGES[:3],
        Damaged(source=f"{path}:4", reason="no JSON from line 5, column 1 on"),
    )


CUT, NONE = "the recording cut the body short", "the recording holds no body"


@pytest.mark.parametrize(
    ("status", "content", "body", "lost"),
    [
        (200, {"size": 11, "text": '{"a": 1'}, b'{"a": 1', CUT),
        (200, {"size": 8, "text": '{"a": 1}'}, b'{"a": 1}', ""),
        (200, {"size": 99, "text": '{"a": 1}', "comment": "Body truncated: 8 of 99 bytes recorded"}, b'{"a": 1}', CUT),
        (200, {"size": 11, "text": '{"a": 1}'}, b'{"a": 1}', ""),  # the byte order mark that a browser took
        (200, {"size": 30, "compression": -22, "text": '{"a": 1}'}, b'{"a": 1}', ""),  # the size that mitmproxy writes
        (200, {"size": 6, "text": "é\u00e9x", "mimeType": "text/plain; charset=utf-16le"}, "ééx".encode(), ""),
        (200, {"size": 8, "text": "plain"}, b"plain", ""),
        (200, {"size": 9, "text": "plain"}, b"plain", CUT),
        (200, {"size": 9}, b"", NONE),
        (200, {"size": -1}, b"", NONE),
        (200, {"size": 0}, b"", ""),
        (200, {"size": 9, "comment": "Response bodies are not included."}, b"", NONE),  # Firefox
        (200, {"size": 0, "text": "", "comment": "Response bodies are not included."}, b"", NONE),
        (304, {"size": 9}, b"", ""),
        (200, {"size": 9, "_file": "kept.json"}, b'{"b": 2}', ""),
        (200, {"size": 9, "_file": "../outside.json"}, b"", NONE),
        (200, {"size": 9, "_file": "absent.json"}, b"", NONE),
    ],
)
def test_a_body_that_is_not_whole_is_named(tmp_path, status, content, body, lost):
    folder = tmp_path / "inside"
    folder.mkdir()
    (folder / "kept.json").write_text('{"b": 2}')
    (tmp_path / "outside.json").write_text("secret")
    path = folder / "some.har"
    entry = {"request": {"method": "GET", "url": "/"}, "response": {"status": status, "content": content}}
    path.write_text(json.dumps({"log": {"entries": [entry]}}))
    (exchange,) = recordings.read(path)
    assert (exchange.response.body, exchange.response.lost) == (body, lost)


@pytest.mark.parametrize(
    ("response", "failure"),
    [
        ({"status": 0, "_error": "server closed connection"}, "gave no answer: server closed connection"),  # mitmproxy
        ({"status": -1, "_failureText": "net::ERR_EMPTY_RESPONSE"}, "gave no answer: net::ERR_EMPTY_RESPONSE"),
        ({"status": 0, "_error": "net::ERR_CONNECTION_RESET"}, "gave no answer: net::ERR_CONNECTION_RESET"),
        ({"status": 0, "_error": "net::ERR_ABORTED"}, f"{EXCUSED}net::ERR_ABORTED"),
        ({"status": 0, "_error": "net::ERR_BLOCKED_BY_CLIENT"}, f"{EXCUSED}net::ERR_BLOCKED_BY_CLIENT"),
        ({"status": 0, "_error": "Client disconnected."}, f"{EXCUSED}Client disconnected."),
        ({"status": -1, "_failureText": "NS_BINDING_ABORTED"}, f"{EXCUSED}NS_BINDING_ABORTED"),
        ({"status": 0, "statusText": "", "content": {"size": 0}}, f"{EXCUSED}the recording does not say why"),
        (None, f"{EXCUSED}the recording does not say why"),
    ],
)
def test_an_entry_without_an_answer_says_whether_the_server_owed_one(tmp_path, response, failure):
    path = tmp_path / "some.har"
    entry = {"request": {"method": "GET", "url": "/"}, "response": response}
    path.write_text(json.dumps({"log": {"entries": [entry]}}))
    (exchange,) = recordings.read(path)
    assert (exchange.response, exchange.failure) == (None, failure)


def test_headers_of_http_2_that_are_no_headers_are_left_out_and_a_packed_body_is_unpacked(tmp_path):
    path = tmp_path / "browser.har"
    packed = base64.b64encode(gzip.compress(b"{}")).decode()
    entry = {
        "request": {
            "method": "GET",
            "url": "/",
            "headers": [{"name": ":authority", "value": "x"}, {"name": "a", "value": "b"}],
        },
        "response": {
            "status": 200,
            "headers": [{"name": "content-encoding", "value": "gzip"}],
            "content": {"size": 2, "text": packed, "encoding": "base64"},
        },
    }
    path.write_text(json.dumps({"log": {"entries": [entry]}}))
    (exchange,) = recordings.read(path)
    assert (exchange.request.headers, exchange.response.body) == ((("a", "b"),), b"{}")


def test_a_recording_that_cannot_be_opened_says_so(tmp_path):
    with pytest.raises(AccordError, match="cannot be read: No such file"):
        tuple(recordings.read(tmp_path / "absent.har"))
    with (
        pytest.raises(AccordError, match="cannot be written: No such file or directory; name another file"),
        recordings.writing(tmp_path / "a" / "b.har"),
    ):
        pass
    with pytest.raises(AccordError, match=r"has no ending of a recording: name it with one of .*\.har"):
        recordings.write(tmp_path / "runs.exe", ())


PLAIN = {
    "time": 12.5,
    "request": {
        "method": "GET",
        "url": "/a",
        "headers": [{"name": "A", "value": "é"}, {"name": ":path", "value": "/a"}],
    },
    "response": {
        "status": 200,
        "statusText": "OK",
        "headers": [{"name": "Content-Type", "value": "application/json"}],
        "content": {"size": 9, "mimeType": "application/json", "text": '{"a":"é"}'},
    },
}
CHANGES = [
    *((("request",), value) for value in (None, [], {}, {"method": "GET"})),
    *((("request", "method"), value) for value in (1, None, "HEAD")),
    *((("request", "url"), value) for value in (2, None)),
    *((("request", "headers"), value) for value in (None, {}, [{"name": "A"}], [{"name": "A", "value": 1}], [1])),
    *(
        (("request", "postData"), value)
        for value in (
            None,
            {},
            {"text": "a=1"},
            {"text": None, "params": [{"name": "a", "value": "1"}]},
            {"text": "YQ==", "encoding": "base64"},
            {"text": "%%", "encoding": "base64"},
            {"text": 1},
            {"_file": "elsewhere.json"},
            [],
        )
    ),
    *((("response",), value) for value in (None, {}, [], {"status": 200}, {"status": 0, "_error": "net::ERR"})),
    *((("response", "status"), value) for value in (None, 0, -1, "200", "two", 200.0, 10**30, True)),
    *((("response", "statusText"), value) for value in (None, 1)),
    *((("response", "content"), value) for value in (None, {}, {"size": 4}, {"text": None, "_file": "elsewhere.json"})),
    *((("response", "content", "size"), value) for value in (None, 0, 1, 10, 11, 1000, -1, "9", 1e400)),
    *((("response", "content", "encoding"), value) for value in (None, "", "base64", 1)),
    *((("response", "content", "comment"), value) for value in (None, "", "Body truncated", "seen")),
    *((("response", "content", "text"), value) for value in ("", 1, "\ud800", "eyJhIjoxfQ==")),
    *((("response", "content", "compression"), value) for value in (1, -1)),
    *((("response", "headers", 0, "name"), value) for value in ("Content-Encoding", 1)),
    *((("response", "headers", 0, "value"), value) for value in ("deflate", "br", "gzip", None)),
    *((("time",), value) for value in (None, 0, 1, -1, "3", "x", 1e30)),
    *((("_accord",), value) for value in (None, {}, {"failure": "gone"}, {"secrets": ["KEY"]}, [])),
]


def test_ordinary_entries_are_read_as_all_others_are(tmp_path, monkeypatch):
    entries = []
    for steps, value in [((), None), *CHANGES]:
        entry = json.loads(json.dumps(PLAIN))
        here = entry
        for step in steps[:-1]:
            here = here[step]
        if steps:
            here[steps[-1]] = value
        entries += [json.dumps(entry), json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace").decode()]
    twice = '{"request": 1, ' + json.dumps(PLAIN)[1:-1] + ', "time": 1}'
    for tail in ("", ', {"a": 1e999}', ", 1" + "0" * 5000, ', {"a": \x01}', ', "\udcff"', ", " + "[" * 3000, ", {"):
        path = tmp_path / "runs.har"
        text = ", ".join([*entries, twice, "null", "[]"]) + tail + ", " + json.dumps(PLAIN)
        path.write_bytes(b'{"log": {"entries": [' + text.encode("utf-8", "surrogateescape") + b"]}}")
        quick = tuple(recordings.read(path))
        with monkeypatch.context() as patched:
            patched.setattr(envelopes, "entries", lambda _data: None)
            assert [(item, item.source) for item in quick] == [(item, item.source) for item in recordings.read(path)]
        assert len(quick) > len(entries)
