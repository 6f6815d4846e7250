"""What Chrome, Firefox, Safari and Playwright export is read, and what they left out is named for what it is."""

import json
import re
import zipfile

import pytest

from accord import loading, recordings
from accord.document import Document
from accord.errors import AccordError
from accord.exchange import EXCUSED, Damaged
from accord.files.remains import CUT, NO_BODY
from accord.verifying import verdicts

URL = "https://api.example/v1/books/1"
JSON = {"mimeType": "application/json"}
TYPED = {"name": "content-type", "value": "application/json"}
BODY = '{"id":1}'
ENTRY = re.compile(r"exchange|\.har:\d+$")
WHOLE = {**JSON, "size": 8, "text": BODY}


def _entry(url=URL, *, method="GET", data=None, status=200, content=WHOLE, headers=(TYPED,), time=12.5, **more):
    request = {
        "method": method,
        "url": url,
        "httpVersion": "h2",
        "headers": [{"name": ":authority", "value": "api.example"}, {"name": "accept", "value": "*/*"}],
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": 0,
    }
    answer = {"status": status, "statusText": "", "headers": list(headers), "bodySize": -1, "_transferSize": 90}
    answer |= {name: more.pop(name) for name in ("bodySize", "_error") if name in more}
    return {
        "_initiator": {"type": "script"},
        "startedDateTime": "2026-11-25T10:00:00.000Z",
        "time": time,
        "request": request if data is None else {**request, "postData": data},
        "response": {**answer, "content": content, "redirectURL": ""},
        "cache": {},
        "timings": {},
        **more,
    }


def _har(*entries):
    browser = {"name": "Firefox", "version": "146.0"}
    return json.dumps({"log": {"version": "1.2", "comment": "", "browser": browser, "pages": [], "entries": entries}})


def _read(tmp_path, *entries):
    (tmp_path / "made.har").write_text(_har(*entries))
    return list(recordings.read(tmp_path / "made.har"))


@pytest.mark.parametrize(
    ("how", "body", "lost"),
    [
        pytest.param({"_resourceType": "fetch", "_priority": "High", "comment": ""}, BODY, "", id="Chrome, whole"),
        pytest.param({"content": {**JSON, "size": 1234}}, "", NO_BODY, id="Chrome, dropped from its memory"),
        pytest.param(
            {"content": {**JSON, "size": 0}, "headers": (TYPED, {"name": "Content-Length", "value": "8"})},
            "",
            NO_BODY,
            id="Chrome, size unknown, length sent",
        ),
        pytest.param({"content": {**JSON, "size": 0}, "bodySize": 8}, "", NO_BODY, id="Firefox, size unknown"),
        pytest.param({"content": {**JSON, "size": 0}, "bodySize": 0}, "", "", id="really empty"),
        pytest.param({"content": {**JSON, "size": 8, "text": ""}}, "", NO_BODY, id="Safari, evicted"),
        pytest.param(
            {"content": {**JSON, "size": 0, "text": ""}, "bodySize": 38}, "", NO_BODY, id="Chrome, given away"
        ),
        pytest.param(
            {"content": {**JSON, "size": 8, "text": "", "compression": -20}}, "", NO_BODY, id="evicted, packed"
        ),
        pytest.param({"content": {**JSON, "size": 40, "text": '{"id'}}, '{"id', CUT, id="Firefox, past its limit"),
        pytest.param(
            {"content": {**JSON, "size": 8, "text": "eyJpZCI6MX0=", "encoding": "base64"}}, BODY, "", id="base64"
        ),
        pytest.param(
            {"content": {**JSON, "size": 8, "text": "", "comment": "Response bodies are not included."}},
            "",
            NO_BODY,
            id="Firefox, without bodies",
        ),
        pytest.param({"status": 304, "content": {**JSON, "size": 8}}, "", "", id="not modified"),
        pytest.param({"status": 204, "content": {"size": 0, "mimeType": ""}}, "", "", id="no content"),
        pytest.param({"method": "HEAD", "content": {**JSON, "size": 8}}, "", "", id="HEAD"),
        pytest.param({"_fromCache": "disk", "_fetchedViaServiceWorker": True}, BODY, "", id="Chrome, from its cache"),
        pytest.param(
            {"headers": (TYPED, {"name": "content-encoding", "value": "br"})}, BODY, "", id="unpacked, header kept"
        ),
    ],
)
def test_a_body_is_whole_or_it_is_named_why_not(tmp_path, how, body, lost):
    (item,) = _read(tmp_path, _entry(**how))
    assert (item.response.body.decode(), item.response.lost, item.failure) == (body, lost, "")
    assert item.request.headers == (("accept", "*/*"),)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        ("net::ERR_BLOCKED_BY_CLIENT", EXCUSED + "net::ERR_BLOCKED_BY_CLIENT"),
        ("Load request cancelled", EXCUSED + "Load request cancelled"),
        ("Cross-origin redirection denied", EXCUSED + "Cross-origin redirection denied"),
        (None, EXCUSED + "the recording does not say why"),
        ("net::ERR_CONNECTION_REFUSED", "gave no answer: net::ERR_CONNECTION_REFUSED"),
    ],
)
def test_status_0_is_no_answer_and_only_what_the_server_did_is_held_against_it(tmp_path, error, failure):
    (item,) = _read(tmp_path, _entry(status=0, headers=(), content={"size": 0, "mimeType": ""}, _error=error))
    assert (item.response, item.failure) == (None, failure)


def test_a_duration_that_is_not_known_is_none(tmp_path):
    assert [item.response.elapsed for item in _read(tmp_path, _entry(time=-1), _entry(time=None), _entry())] == [
        0.0,
        0.0,
        0.0125,
    ]


@pytest.mark.parametrize(
    ("data", "body"),
    [
        ({"mimeType": "application/json", "text": "{}", "params": []}, b"{}"),
        ({"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a", "value": "b c"}]}, b"a=b+c"),
        ({"mimeType": "", "text": ""}, b""),
    ],
)
def test_what_was_posted_is_read(tmp_path, data, body):
    (item,) = _read(tmp_path, _entry(method="POST", data=data))
    assert item.request.body == body


def test_what_is_no_request_by_http_is_named(tmp_path):
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Books", "version": "1"},
        "servers": [{"url": "https://api.example/v1"}],
        "paths": {"/books/{id}": {"get": {"responses": {"200": {"description": "ok"}}}}},
    }
    contract = loading.load(Document(uri="books.json", data=document, text=json.dumps(document)))
    socket = {"status": 101, "_resourceType": "websocket", "_webSocketMessages": [{"type": "send", "data": "{}"}]}
    items = _read(
        tmp_path,
        _entry("wss://api.example/v1/books/1", **socket),
        _entry("data:application/json,{}"),
        _entry("blob:https://api.example/1"),
        _entry(method="OPTIONS", _resourceType="preflight"),
        {"comment": "x"},
        _entry(),
    )
    assert [isinstance(item, Damaged) for item in items] == [False] * 4 + [True, False]
    report = verdicts.reported(contract, verdicts.of_exchanges(contract, items), 1)
    assert [(entry.what, entry.reason) for entry in report.ledger.unchecked if ENTRY.search(entry.what)] == [
        (f"{tmp_path / 'made.har'}:5", "the entry is no exchange of HAR 1.2 (it has no `request`)"),
        ("exchange", "a `blob:` URL is no request by HTTP"),
        ("exchange", "a `data:` URL is no request by HTTP"),
        ("exchange", "a `wss:` URL is no request by HTTP"),
        ("exchange", "the contract has no `OPTIONS` for `/books/{id}`"),
    ]
    assert {name: report.counts[name] for name in ("entries", "matched", "unmatched", "damaged")} == {
        "entries": 6,
        "matched": 1,
        "unmatched": 4,
        "damaged": 1,
    }


def _packed(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(name, text)
    return path


APART = {**JSON, "size": 8, "_file": "b7cc.json"}


def test_playwrights_har_zip_is_read_with_the_bodies_that_stand_beside_it(tmp_path):
    entries = (
        _entry(content=APART, method="POST", data={"mimeType": "", "_file": "4916.bin"}),
        _entry(content={**APART, "_file": "gone.json"}),
        _entry(content={**APART, "_file": "../b7cc.json"}),
    )
    path = _packed(tmp_path / "har.zip", {"har.har": _har(*entries), "b7cc.json": BODY, "4916.bin": b"\xff\x00"})
    found = list(recordings.read(path))
    assert [(item.source, item.request.body, item.response.body, item.response.lost) for item in found] == [
        (f"{path}:1", b"\xff\x00", BODY.encode(), ""),
        (f"{path}:2", b"", b"", NO_BODY),
        (f"{path}:3", b"", b"", NO_BODY),
    ]


def test_the_network_of_playwrights_trace_is_read(tmp_path):
    events = [
        {"type": "context-options", "browserName": "chromium"},
        {"type": "resource-snapshot", "snapshot": _entry(content={**JSON, "size": 8, "_sha1": "b7cc.json"})},
        {"type": "resource-snapshot", "snapshot": _entry(status=-1, content={"size": -1, "mimeType": "x-unknown"})},
    ]
    text = "\n".join([*map(json.dumps, events), "{broken", ""])
    path = _packed(tmp_path / "trace.zip", {"0-trace.network": text, "resources/b7cc.json": BODY, "0-trace.trace": ""})
    first, second, third = recordings.read(path)
    assert (first.source, first.response.body, first.response.lost) == (f"{path}:1", BODY.encode(), "")
    assert (second.response, second.failure) == (None, EXCUSED + "the recording does not say why")
    assert third == Damaged(source=f"{path}:3", reason="the line is no event of a trace (no JSON)")


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda path: _packed(path, {"a.txt": ""}), "has no `.har` and no `.network` in it"),
        (lambda path: path.write_bytes(b"PK\x03\x04 and no more"), "is no whole archive of zip"),
    ],
)
def test_an_archive_that_is_no_recording_is_an_error(tmp_path, make, problem):
    make(tmp_path / "a.zip")
    with pytest.raises(AccordError, match=problem):
        list(recordings.read(tmp_path / "a.zip"))
