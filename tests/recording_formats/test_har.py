"""HAR 1.2, written and read."""

import contextlib
import json
from dataclasses import replace

import pytest

from accord import recordings
from accord.errors import AccordError
from accord.exchange import Case, Exchange, Request, Response

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
)


def test_what_was_written_is_read_back_equal(tmp_path):
    path = tmp_path / "runs.har"
    recordings.write(path, EXCHANGES)
    read = tuple(recordings.read(path))
    assert read == EXCHANGES
    assert [exchange.source for exchange in read] == [f"{path}:{number}" for number in (1, 2, 3, 4, 5)]


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
        Exchange(request=Request(method="GET", url="/"), response=None, failure="net::ERR_FAILED"),
    )


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"log": 1}', '{"log": {"entries": [1]}}', '{"log": {"entries": [{"request": {}}]}}']
)
def test_what_is_no_har_file_is_an_error_of_the_run(tmp_path, text):
    path = tmp_path / "odd.har"
    path.write_text(text)
    with pytest.raises(AccordError, match="HAR"):
        tuple(recordings.read(path))


def test_a_recording_that_cannot_be_opened_says_so(tmp_path):
    with pytest.raises(AccordError, match="cannot be read: No such file"):
        tuple(recordings.read(tmp_path / "absent.har"))
    with (
        pytest.raises(AccordError, match="cannot be written: No such file"),
        recordings.writing(tmp_path / "a" / "b.har"),
    ):
        pass
    with pytest.raises(AccordError, match=r"has no ending of a recording: name it with one of .*\.har"):
        recordings.write(tmp_path / "runs.exe", ())
