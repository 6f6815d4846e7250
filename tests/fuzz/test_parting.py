"""Parting: a value that was refused beside others is sent alone."""

import json

import pytest

from accord.contract import Operation
from accord.exchange import Case, Request
from accord.fuzzing.parting import parted
from accord.loading import load

NOTES = """
openapi: 3.1.0
info: {title: Notes, version: "1"}
paths:
  /notes:
    post:
      requestBody:
        content:
          application/json: &note
            schema: {type: object, properties: {text: {type: string}, size: {type: integer}, flag: {type: boolean}}}
          application/x-www-form-urlencoded: *note
      responses: {'200': {description: The note.}}
"""


@pytest.fixture(scope="module")
def operation(tmp_path_factory):
    written = tmp_path_factory.mktemp("notes") / "notes.yaml"
    written.write_text(NOTES)
    (found,) = load(str(written)).operations
    return found


def made(body, kind="application/json"):
    request = Request(method="POST", url="/notes", headers=(("Content-Type", kind),), body=body.encode())
    return Case(operation="POST /notes", request=request, valid=True)


def bodies(operation: Operation, answers):
    return [json.loads(case.request.body) for case in parted(operation, answers)]


def test_each_value_that_was_only_refused_is_sent_in_the_barest_request_that_was_taken(operation):
    answers = {
        made('{"text": "a", "size": 1, "flag": true}'): 200,
        made('{"text": "b"}'): 201,
        made('{"text": "\\u0301", "size": -1, "flag": true}'): 400,
        made('{"text": "c", "size": -1}'): 422,
        made('{"text": "d"}'): 404,
        made("[]"): 400,
    }
    assert bodies(operation, answers) == [{"text": "\u0301"}, {"text": "b", "size": -1}, {"text": "c"}]


def test_what_was_only_said_in_a_form_is_said_in_json(operation):
    answers = {made('{"text": "b"}'): 201, made("text=%0A&flag=true", "application/x-www-form-urlencoded"): 200}
    assert bodies(operation, answers) == [{"text": "\n"}, {"text": "b", "flag": True}]


def test_what_was_refused_alone_is_not_sent_again_nor_anything_where_nothing_was_taken(operation):
    assert bodies(operation, {made('{"text": "b"}'): 201, made('{"text": "c"}'): 400}) == []
    assert bodies(operation, {made('{"text": "c", "size": 1}'): 400}) == []


def test_what_was_refused_in_a_form_is_sent_alone_in_a_form_where_no_json_was_taken(operation):
    form = "application/x-www-form-urlencoded"
    answers = {made("text=b", form): 201, made("text=%0A&size=99", form): 422}
    assert [case.request.body for case in parted(operation, answers)] == [b"text=%0A", b"text=b&size=99"]
    assert {case.request.headers for case in parted(operation, answers)} == {(("Content-Type", form),)}
