"""What was written is read back, also by the next service on the same database."""

import pytest

from accord.answering import replies
from accord.contract import Header, Response
from accord.errors import AccordError
from accord.loading import load

KEY = {"Authorization": "Bearer accord"}


def test_a_thing_is_created_read_changed_listed_and_deleted(start, things, session):
    url = start(things) + "/things"
    example = session.get(f"{url}/77").json()
    first = session.post(url, json={"name": "first", "secret": "s"}, headers=KEY).json()
    second = session.post(url, json={"name": "second", "colour": "green"}, headers=KEY).json()
    assert first == {**example, "id": 1, "name": "first"}
    assert second == {**example, "id": 2, "name": "second", "colour": "green"}
    assert session.get(f"{url}/1").json() == first
    changed = session.patch(f"{url}/1", json={"name": "1st"}).json()
    assert changed == {**first, "name": "1st"}
    assert session.get(f"{url}/1").json() == changed
    assert session.get(url).json() == [changed, second]
    gone = session.delete(f"{url}/1")
    assert (gone.status_code, gone.content) == (204, b"")
    answers = [session.get(f"{url}/1"), session.put(f"{url}/1", json={"name": "back"})]
    assert [(got.status_code, got.json()) for got in answers] == [
        (404, {"title": "Nothing is here any more.", "status": 400})
    ] * 2
    assert session.get(url).json() == [second]


def test_a_thing_that_nobody_created_is_an_example_under_the_id_that_was_asked_for(start, things, session):
    got = session.get(start(things) + "/things/77").json()
    assert got == {
        "id": 77,
        "name": "text",
        "colour": "red",
        "parts": got["parts"],
        "made": "2026-01-15T09:30:00Z",
    }


def test_what_was_written_survives_a_restart(start, things, session, tmp_path):
    database = tmp_path / "state.sqlite"
    url = start(things, database=database)
    made = session.post(f"{url}/things", json={"name": "kept"}, headers=KEY).json()
    again = start(things, database=database)
    assert session.get(f"{again}/things/{made['id']}").json() == made
    assert session.post(f"{again}/things", json={"name": "next"}, headers=KEY).json()["id"] == made["id"] + 1


def test_two_services_share_no_state_of_their_own_accord(start, things, session):
    session.post(start(things) + "/things", json={"name": "mine"}, headers=KEY)
    assert [item["name"] for item in session.get(start(things) + "/things").json()] == ["text"]


def test_the_same_requests_get_the_same_bytes(start, things, session):
    targets = ["/things", "/things/5", "/things/export"]
    rounds = [[session.get(url + target).content for target in targets] for url in (start(things), start(things))]
    assert rounds[0] == rounds[1]


def test_a_file_that_is_no_database_is_told_in_one_sentence(start, things, tmp_path):
    broken = tmp_path / "broken"
    broken.write_text("no database at all, but long enough to be looked at as one by its header")
    with pytest.raises(AccordError) as told:
        start(things, database=broken)
    assert str(told.value) == (
        f"{broken}: is no database accord can use (file is not a database); name another with --database."
    )


def test_objects_inside_what_was_written_get_what_only_the_service_writes(start, things, session):
    url = start(things) + "/things"
    sent = {"name": "whole", "parts": [{"name": "half", "parts": []}]}
    made = session.post(url, json=sent, headers=KEY).json()
    part = made["parts"][0]
    assert (made["name"], part, type(part["id"])) == ("whole", {"id": part["id"], "name": "half", "parts": []}, int)
    assert session.get(f"{url}/1").json() == made


def test_what_is_written_inside_an_object_and_never_answered_is_left_out():
    inner = {"properties": {"id": {"type": "integer"}, "name": {}, "secret": False}, "required": ["id"]}
    schema = {"type": "object", "properties": {"part": inner}, "$defs": {}}
    whole = replies.fitted(schema, {"part": {"id": 7}}, {"part": {"name": "n", "secret": "s"}, "other": 1})
    assert whole == {"part": {"id": 1, "name": "n"}}


def test_a_value_has_an_entity_tag_of_its_own_where_one_is_promised_and_another_has_another():
    def tags(schema):
        response = Response(status="200", headers=(Header(name="ETag", required=True, schema=schema),))
        plain = replies.required_headers(response)
        return [dict(replies.tagged(response, plain, value))["ETag"] for value in ({"a": 1}, {"a": 2}, {"a": 1})]

    first, other, again = tags({"type": "string"})
    assert (first, other) == ('"f9d86028c6e0d64e"', '"e5a9d5b0300e0f50"')
    assert again == first
    assert tags({"enum": ['"only"']}) == ['"only"'] * 3


TAGGED = """
openapi: 3.1.0
info: {title: Tagged, version: '1'}
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses: {'200': &thing {description: It., headers: {ETag: {required: true, schema: {type: string}}}, content: {application/json: {schema: &a {type: object, properties: {a: {type: integer}}}}}}}
    put:
      parameters: [{name: If-Match, in: header, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: *a}}}
      responses: {'200': *thing, '412': {description: Changed meanwhile.}}
"""


def test_a_change_under_an_old_entity_tag_is_refused(start, session, tmp_path):
    (tmp_path / "tagged.yaml").write_text(TAGGED)
    url = start(load(str(tmp_path / "tagged.yaml"))) + "/things/1"
    first = session.get(url).headers["ETag"]
    answers = [
        session.put(url, json={"a": at}, headers={"If-Match": tags})
        for at, tags in enumerate((first, first, f'"x", {first}', "*", "no tag"), start=5)
    ]
    assert [got.status_code for got in answers] == [200, 412, 412, 200, 200]
    now = session.get(url)
    assert now.json()["a"] == 9
    assert session.put(url, json={"a": 1}, headers={"If-Match": f"{first}, {now.headers['ETag']}"}).status_code == 200


@pytest.mark.parametrize("inside", [False, True])
def test_a_list_that_may_not_hold_all_holds_the_newest(start, session, tmp_path, inside):
    many = "{type: array, maxItems: 3, items: {$ref: '#/components/schemas/Note'}}"
    shown = f"{{type: object, required: [notes], properties: {{notes: {many}}}}}" if inside else many
    written = tmp_path / "notes.yaml"
    written.write_text(f"""
openapi: 3.1.0
info: {{title: Notes, version: '1'}}
paths:
  /notes:
    get: {{responses: {{'200': {{description: All., content: {{application/json: {{schema: {shown}}}}}}}}}}}
    post:
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Note'}}}}}}}}
      responses: {{'201': {{description: Made., content: {{application/json: {{schema: {{$ref: '#/components/schemas/Note'}}}}}}}}}}
  /notes/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}]
    get: {{responses: {{'200': {{description: One., content: {{application/json: {{schema: {{$ref: '#/components/schemas/Note'}}}}}}}}}}}}
components:
  schemas:
    Note: {{type: object, required: [id], properties: {{id: {{type: integer, readOnly: true}}, text: {{type: string}}}}}}
""")
    url = start(load(str(written))) + "/notes"
    for text in "abcde":
        session.post(url, json={"text": text})
    listed = session.get(url).json()
    assert [item["text"] for item in (listed["notes"] if inside else listed)] == ["c", "d", "e"]
