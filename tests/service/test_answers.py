"""The service refuses exactly what the contract refuses, in the form that is documented, and answers the rest."""

import socket

import pytest

from accord.contract import response_for
from accord.validity import validation

KEY = {"X-CEKURA-API-KEY": "accord"}
JSON = {**KEY, "Content-Type": "application/json"}
FORM = {**KEY, "Content-Type": "application/x-www-form-urlencoded"}
PARTS = {**KEY, "Content-Type": "multipart/form-data; boundary=b"}


def detail(text):
    return {"detail": text}


REFUSED = {
    "no key": ("POST", {"Content-Type": "application/json"}, b"{}", 401, detail("The key is missing or wrong.")),
    "wrong key": ("POST", {**JSON, "X-CEKURA-API-KEY": "Accord"}, b"{}", 401, detail("The key is missing or wrong.")),
    "empty key": ("POST", {**JSON, "X-CEKURA-API-KEY": ""}, b"{}", 401, detail("The key is missing or wrong.")),
    "GET": ("GET", KEY, b"", 405, detail("The method GET is not allowed here.")),
    "OPTIONS": ("OPTIONS", KEY, b"", 405, detail("The method OPTIONS is not allowed here.")),
    "a method of its own": ("BREW", KEY, b"", 405, detail("The method BREW is not allowed here.")),
    "text": ("POST", {**KEY, "Content-Type": "text/plain"}, b"{}", 415, detail("The media type text/plain is not taken here.")),
    "no media type": ("POST", KEY, b"{}", 415, detail("The media type that is not named is not taken here.")),
    "another charset": ("POST", {**KEY, "Content-Type": "application/json; charset=latin-1"}, b"{}", 415, detail("The media type application/json; charset=latin-1 is not taken here.")),
    "no JSON": ("POST", JSON, b'{"feedback": ', 400, {"non_field_errors": ["The body is no JSON: Expecting value at character 13."]}),
    "empty JSON": ("POST", JSON, b"", 400, {"non_field_errors": ["The body is no JSON: Expecting value at character 0."]}),
    "NaN": ("POST", JSON, b'{"feedback": NaN}', 400, {"non_field_errors": ["The body holds NaN, which is no JSON number."]}),
    "BOM": ("POST", JSON, b"\xef\xbb\xbf{}", 400, {"non_field_errors": ["The body starts with a byte order mark, which JSON must not."]}),
    "UTF-8": ("POST", JSON, b'{"feedback": "\xff"}', 400, {"non_field_errors": ["The body is not UTF-8 at byte 14."]}),
    "too deep": ("POST", JSON, b"[" * 200_000, 400, {"non_field_errors": ["The body is nested too deep to be read."]}),
    "a list": ("POST", JSON, b"[]", 400, {"non_field_errors": ["the value is [], which is not of type object"]}),
    "a wrong type": ("POST", JSON, b'{"feedback": 1}', 400, {"feedback": ["`/feedback` is 1, which is not of type string"]}),
    "two faults": ("POST", JSON, b'{"feedback": 1, "success": null}', 400, {"feedback": ["`/feedback` is 1, which is not of type string"], "success": ["`/success` is null, which is not of type boolean"]}),
    "a read-only name": ("POST", JSON, b'{"id": 1}', 400, {"id": ["`/id` is 1, where no such property is declared"]}),
    "a form that is no boolean": ("POST", FORM, b"success=yes", 400, {"success": ['`/success` is "yes", which is not of type boolean']}),
    "a form that is no UTF-8": ("POST", FORM, b"feedback=%ff", 400, {"non_field_errors": ["The body is not percent-encoded UTF-8."]}),
    "half a form": ("POST", PARTS, b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n", 400, {"non_field_errors": ["The body ends before its last multipart boundary."]}),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_request_that_breaks_the_contract_is_refused_as_documented(name, runs_url, runs, path, session):
    method, headers, body, status, answer = REFUSED[name]
    got = session.request(method, runs_url + path, headers=headers, data=body)
    promised = response_for(runs.operations[0], status)
    assert (got.status_code, got.json(), got.headers["Content-Type"]) == (status, answer, "application/json")
    assert validation.is_valid(promised.content[0].schema, answer)
    assert got.headers.get("Allow") == ("POST" if status == 405 else None)
    assert got.headers.get("WWW-Authenticate") == ('ApiKey realm="api"' if status == 401 else None)


TAKEN = {
    "nothing at all": (KEY, b"", {}),
    "an empty object": (JSON, b"{}", {}),
    "JSON": (JSON, b'{"feedback": "a \\"b\\" \\u0000", "success": false}', {"feedback": 'a "b" \0', "success": False}),
    "JSON with a charset": ({**KEY, "Content-Type": 'Application/JSON; charset="UTF-8"'}, b'{"feedback": "x"}', {"feedback": "x"}),
    "a name that is there twice": (JSON, b'{"feedback": "a", "feedback": "b"}', {"feedback": "b"}),
    "a form": (FORM, b"feedback=a+b%26&is_reviewed=true", {"feedback": "a b&", "is_reviewed": True}),
    "a multipart form": (PARTS, b'--b\r\nContent-Disposition: form-data; name="feedback"\r\n\r\n1\r\n--b--\r\n', {"feedback": "1"}),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_a_conforming_request_is_answered_with_a_whole_run_that_holds_what_was_sent(
    name, runs_url, runs, path, session
):
    headers, body, sent = TAKEN[name]
    got = session.post(runs_url + path, headers=headers, data=body)
    schema = response_for(runs.operations[0], 200).content[0].schema
    run = got.json()
    assert (got.status_code, got.headers["Content-Type"]) == (200, "application/json")
    assert run == {**session.post(got.url, headers=KEY).json(), **sent}
    assert validation.is_valid(schema, run)
    assert run.keys() == runs.definitions["Run"]["properties"].keys()


def test_the_key_may_come_from_the_environment(start, runs, path, session, monkeypatch):
    monkeypatch.setenv("CEKURA_API_KEY", "of-our-own")
    url = start(runs) + path
    statuses = [session.post(url, headers={"X-CEKURA-API-KEY": key}).status_code for key in ("of-our-own", "accord")]
    assert statuses == [200, 401]


PROBLEM = "application/problem+json"
THINGS = {
    "an unknown path": ("GET", "/thing", {}, b"", 404, "application/json", {"detail": "Nothing is here."}),
    "a trailing slash": ("GET", "/things/", {}, b"", 404, "application/json", {"detail": "Nothing is here."}),
    "a line break in the path": ("GET", "/things/%0A", {}, b"", 404, PROBLEM, {"title": 'the value is "\\n", which is not of type integer', "status": 400}),
    "a query out of bounds": ("GET", "/things?limit=51", {}, b"", 422, PROBLEM, {"title": "the value is 51, which is more than 50", "status": 400}),
    "a query of another type": ("GET", "/things?limit=many", {}, b"", 422, PROBLEM, {"title": 'the value is "many", which is not of type integer', "status": 400}),
    "a short header": ("GET", "/things", {"X-Trace": "ab"}, b"", 422, PROBLEM, {"title": "the value has 2 characters, fewer than 3", "status": 400}),
    "a method that is not there": ("PUT", "/things", {}, b"", 405, PROBLEM, {"title": "The method PUT is not allowed here.", "status": 400}),
    "no credentials": ("POST", "/things", {}, b"", 403, PROBLEM, {"title": "The key is missing or wrong.", "status": 400}),
    "no body": ("POST", "/things", {"Authorization": "Bearer accord"}, b"", 400, PROBLEM, {"title": "The body is missing.", "status": 400}),
    "an undeclared media type": ("POST", "/things", {"Authorization": "Bearer accord", "Content-Type": "text/csv"}, b"a", 415, PROBLEM, {"title": "The media type text/csv is not taken here.", "status": 400}),
    "a read-only property": ("PUT", "/things/1", {"Content-Type": "application/json"}, b'{"name": "a", "id": 2}', 400, PROBLEM, {"title": "`/id` is 2, where the schema allows no value", "status": 400}),
}  # fmt: skip


@pytest.mark.parametrize("name", THINGS)
def test_each_refusal_takes_the_status_and_form_that_its_operation_documents(name, things_url, session):
    method, target, headers, body, status, kind, answer = THINGS[name]
    got = session.request(method, things_url + target, headers=headers, data=body)
    assert (got.status_code, got.headers["Content-Type"], got.json()) == (status, kind, answer)


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("Basic YWNjb3JkOmFjY29yZA==", 201),
        ("basic YWNjb3JkOmFjY29yZA==", 201),
        ("Basic YWNjb3Jk", 403),
        ("Basic !", 403),
        ("Basic /w==", 403),
        ("Bearer accord", 201),
        ("Bearer accord ", 201),
        ("Bearer Accord", 403),
        ("accord", 403),
    ],
)
def test_any_one_of_the_documented_ways_in_will_do(authorization, status, things_url, session):
    got = session.post(things_url + "/things", json={"name": "a"}, headers={"Authorization": authorization})
    assert got.status_code == status


def test_documented_headers_and_other_media_types_are_answered(things_url, session):
    url = things_url
    listed, exported = session.get(f"{url}/things"), session.get(f"{url}/things/export")
    assert listed.headers["X-Total"] == "12"
    assert (exported.text, exported.headers["Content-Type"]) == ("a,b", "text/csv")
    anything = session.post(f"{url}/anything", data=b"\x00", headers={"Content-Type": "application/x-odd"})
    assert (anything.status_code, anything.headers["Content-Type"]) == (200, "application/json")
    assert anything.json() == {"at": "2026-01-15T09:30:00Z", "price": "100", "any": None}


def test_an_answer_that_nothing_conforms_to_is_a_500_that_says_so(things_url, session):
    got = session.get(things_url + "/impossible")
    assert (got.status_code, got.json()) == (500, {"detail": "No value conforms to what GET /impossible promises."})


def test_head_is_get_without_a_body(things_url, session):
    got = session.head(things_url + "/things")
    assert (got.status_code, got.content, got.headers["X-Total"]) == (200, b"", "12")


def test_a_body_without_end_is_refused(runs_url, path, session):
    got = session.post(runs_url + path, data=b" " * (10 * 1024 * 1024 + 1), headers=JSON)
    assert (got.status_code, got.json()) == (413, {"detail": "The body is too large."})


def test_a_client_that_leaves_in_the_middle_disturbs_nobody(runs_url, path, session):
    url = runs_url
    port = int(url.rpartition(":")[2])
    for sent in (b"", b"no HTTP\r\n\r\n", f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{{".encode()):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(sent)
    assert session.post(url + path, headers=KEY).status_code == 200
