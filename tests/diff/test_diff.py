"""What diff says of two documents."""

import copy
import json

import pytest

from accord.changes.differences import DiffOptions
from accord.document import Document
from accord.errors import AccordError
from accord.findings import Witness
from accord.verbs.diff import diff


def document(data, uri="d.yaml"):
    return Document(uri=uri, data=data, text="")


def api(schema, version="3.1.0", path="/runs/{id}", count=1, **component):
    """An API whose operations all send and take the component `Run`."""
    reference = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Run"}}}}
    operation = {"requestBody": reference, "responses": {"200": {"description": "d", **reference}}}
    paths = {path + "/x" * number: {"put": copy.deepcopy(operation)} for number in range(count)}
    return {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "paths": paths,
        "components": {"schemas": {"Run": schema, **component}},
    }


RUN = {"type": "object", "properties": {"id": {"type": "integer"}, "note": {"type": "string"}}, "required": ["id"]}


def verdicts(before, after, **options):
    report = diff(document(before), document(after), DiffOptions(**options))
    return report.verdict, [(item.code, str(item.direction), item.verdict) for item in report.findings]


def test_one_change_in_a_shared_component_is_one_finding_a_direction_with_the_operations_it_reaches():
    changed = {**RUN, "properties": {"id": {"type": "number"}, "note": {"type": "string"}}}
    report = diff(document(api(RUN, count=5)), document(api(changed, count=5)))
    (finding,) = report.findings
    assert finding.message == "component `Run` as a response: /properties/id: its type was `integer` and is `number`."
    assert (finding.code, finding.direction, finding.verdict, finding.count) == (
        "type-changed",
        "response",
        "breaking",
        5,
    )
    assert finding.witness == Witness(value={"id": 0.5})
    assert finding.notes == (
        "refused: `/id` is 0.5, which is not of type integer",
        "reaches: 5 operations: PUT /runs/{id}, PUT /runs/{id}/x, PUT /runs/{id}/x/x and 2 more",
    )


@pytest.mark.parametrize(
    "rewrite",
    [
        {"allOf": [{"type": "object", "properties": {"note": {"type": "string"}}}, {"properties": {"id": {"type": "integer"}}, "required": ["id"]}]},
        {**RUN, "properties": dict(reversed(RUN["properties"].items()))},
        {**RUN, "title": "A run", "x-order": 1},
        {**RUN, "properties": {"id": {"oneOf": [{"type": "integer"}]}, "note": {"type": ["string"]}}},
    ],
)  # fmt: skip
def test_another_spelling_of_the_same_schema_breaks_nobody(rewrite):
    assert diff(document(api(RUN)), document(api(rewrite))).verdict == "compatible"
    assert diff(document(api(rewrite)), document(api(RUN))).verdict == "compatible"


def test_a_document_of_3_0_and_its_respelling_in_3_1_differ_in_nothing_that_breaks():
    older = {**RUN, "properties": {"id": {"type": "integer", "minimum": 0, "exclusiveMinimum": True, "nullable": True}}}
    newer = {**RUN, "properties": {"id": {"type": ["integer", "null"], "exclusiveMinimum": 0}}}
    assert verdicts(api(older, "3.0.3"), api(newer)) == ("compatible", [])


def test_names_of_path_parameters_do_not_matter():
    assert verdicts(api(RUN), api(RUN, path="/runs/{run}")) == ("compatible", [])


def test_a_read_only_addition_changes_no_request():
    changed = {
        **RUN,
        "properties": {**RUN["properties"], "made": {"type": "string", "readOnly": True}},
        "required": ["id", "made"],
    }
    assert verdicts(api(RUN), api(changed))[0] == "compatible"


def test_a_new_optional_property_breaks_only_in_an_open_world():
    changed = {**RUN, "properties": {**RUN["properties"], "size": {"type": "integer"}}}
    assert verdicts(api(RUN), api(changed))[0] == "compatible"
    verdict, found = verdicts(api(RUN), api(changed), open_world=True)
    assert (verdict, found[0]) == ("breaking", ("properties", "request", "breaking"))


def test_only_the_operations_asked_for_are_compared():
    changed = {**RUN, "required": ["id", "note"]}
    before, after = api(RUN, count=2), api(RUN, count=2, Other=changed)
    reference = {"schema": {"$ref": "#/components/schemas/Other"}}
    after["paths"]["/runs/{id}"]["put"]["requestBody"] = {"content": {"application/json": reference}}
    assert verdicts(before, after)[0] == "breaking"
    assert verdicts(before, after, operations=("/runs/{id}/x",)) == ("compatible", [])


def test_an_operation_that_neither_document_has_is_named():
    with pytest.raises(AccordError) as caught:
        diff(document(api(RUN)), document(api(RUN)), DiffOptions(operations=("GET /none",)))
    assert str(caught.value) == (
        "No operation of either document is named `GET /none`; name it as `METHOD /path`, by operationId or by path."
    )
    with pytest.raises(AccordError) as caught:
        diff(document(api(RUN)), document(api(RUN)), DiffOptions(operations=("PUT /run/{id}",)))
    assert str(caught.value) == (
        "No operation of either document is named `PUT /run/{id}`; did you mean `PUT /runs/{id}`?"
    )


def test_a_dropped_recursive_bound_is_found_below_the_recursion():
    tree = {
        "type": "object",
        "properties": {"value": {"type": "integer"}, "next": {"$ref": "#/components/schemas/Run"}},
    }
    wider = {**tree, "properties": {**tree["properties"], "value": {"type": "number"}}}
    report = diff(document(api(tree)), document(api(wider)))
    assert [(item.direction, item.verdict, item.witness) for item in report.findings] == [
        ("response", "breaking", Witness(value={"value": 0.5}))
    ]


@pytest.mark.parametrize(
    ("name", "reference"), [("A B", "A%20B"), ("é", "é"), ("é", "%C3%A9"), ('q"\\', 'q"\\'), ("a/b", "a~1b")]
)
def test_a_change_is_found_behind_any_spelling_of_a_reference(name, reference):
    before = api({"$ref": f"#/components/schemas/{reference}"}, **{name: {"type": "integer"}})
    after = api({"$ref": f"#/components/schemas/{reference}"}, **{name: {"type": "number"}})
    assert verdicts(before, after) == ("breaking", [("type-changed", "response", "breaking")])


def test_a_component_under_another_name_is_told_once_and_breaks_nobody():
    before = api(RUN, count=3)
    after = json.loads(json.dumps(before).replace("schemas/Run", "schemas/Job"))
    after["components"]["schemas"] = {"Job": RUN}
    report = diff(document(before), document(after))
    assert [item.message for item in report.findings] == [
        "component `Run` is called `Job` now; no value can tell them apart."
    ]
    assert report.verdict == "compatible"


def test_a_component_under_another_name_is_told_to_those_alone_who_use_it():
    before = api(RUN, count=1)
    before["paths"]["/health"] = {"get": {"responses": {"200": {"description": "d"}}}}
    after = json.loads(json.dumps(before).replace("schemas/Run", "schemas/Job"))
    after["components"]["schemas"] = {"Job": RUN}
    documents = document(before), document(after)
    assert diff(*documents, DiffOptions(operations=("GET /health",))).findings == ()
    limited = diff(*documents, DiffOptions(operations=("PUT /runs/{id}",)))
    assert [item.code for item in limited.findings] == ["component-renamed"]
    assert dict(limited.ledger.checked) == {"operations": 1, "components": 1}


def test_templates_that_differ_in_names_alone_are_compared_each_with_its_own():
    before = api(RUN)
    before["paths"]["/runs/{name}"] = {"put": {"responses": {"204": {"description": "d"}}}}
    after = json.loads(json.dumps(before))
    del after["paths"]["/runs/{name}"]
    assert verdicts(before, before) == ("compatible", [])
    assert verdicts(before, after) == ("breaking", [("operation-removed", "request", "breaking")])


def test_parts_of_a_form_that_are_written_otherwise_are_not_proved_to_break():
    def form(kind):
        made = api(RUN)
        content = {"multipart/form-data": {"schema": RUN, "encoding": {"note": {"contentType": kind}}}}
        made["paths"]["/runs/{id}"]["put"]["requestBody"] = {"content": content}
        return made

    report = diff(document(form("text/plain")), document(form("text/csv")))
    assert [(item.code, item.verdict, item.message) for item in report.findings] == [
        (
            "request-media-types",
            "undecided",
            "`PUT /runs/{id}`: request body: the parts of `multipart/form-data` are written another way.",
        )
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"allOf": [True], "default": 1}, {"allOf": [False], "default": 2}),
        ({"allOf": [True]}, {"allOf": [False]}),
    ],
)
def test_a_break_that_no_rule_explains_is_told_all_the_same(before, after):
    for documents in ((api(before), api(after)), ({**api(before), "paths": {}}, {**api(after), "paths": {}})):
        report = diff(*map(document, documents))
        assert report.verdict == "breaking"
        assert report.findings[0].message == "component `Run` as a request: says something else."
        assert report.findings[0].witness is not None


def mapped(**mapping):
    kinds = {"Cat": RUN, "Dog": {"type": "object", "properties": {"bone": {"type": "string"}}}}
    branches = [{"$ref": f"#/components/schemas/{name}"} for name in kinds]
    targets = {key: f"#/components/schemas/{name}" for key, name in mapping.items()}
    discriminator = {"propertyName": "kind", **({"mapping": targets} if targets else {})}
    made = api({"anyOf": branches, "discriminator": discriminator}, **kinds)
    return Document(uri="d.yaml", data=made, text=json.dumps(made))


def test_a_discriminator_that_maps_otherwise_is_not_proved_to_break_and_not_hidden():
    def told(*documents):
        return [(item.code, item.verdict, item.message) for item in diff(*documents).findings]

    words = "component `Run`: its discriminator was `kind` with `cat`, `dog` and is `kind` with"
    both = mapped(cat="Cat", dog="Dog")
    assert told(both, mapped(feline="Cat", dog="Dog")) == [("discriminator", "undecided", f"{words} `feline`, `dog`.")]
    assert told(both, mapped(cat="Cat", dog="Dog", cub="Cat")) == [
        ("discriminator", "compatible", f"{words} `cat`, `dog`, `cub`.")
    ]
    renamed = json.loads(both.text.replace("/Cat", "/Feline"))
    renamed["components"]["schemas"]["Feline"] = renamed["components"]["schemas"].pop("Cat")
    assert [item[0] for item in told(both, Document(uri="d.yaml", data=renamed, text=json.dumps(renamed)))] == [
        "component-renamed"
    ]


def test_a_recursive_component_is_found_under_its_other_name_and_a_change_inside_it_too():
    tree = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Run"}}}
    before = api(tree)
    after = json.loads(json.dumps(before).replace("schemas/Run", "schemas/Job"))
    after["components"]["schemas"] = {"Job": after["components"]["schemas"]["Run"]}
    assert [item.code for item in diff(document(before), document(after)).findings] == ["component-renamed"]
    after["components"]["schemas"]["Job"]["required"] = ["next"]
    assert diff(document(before), document(after)).verdict == "breaking"


def parameter(schema, location="query", **more):
    operation = {"parameters": [{"name": "id", "in": location, "schema": schema, **more}], "responses": {}}
    info = {"title": "t", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": {"/runs/{id}": {"get": operation}}}


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ({"type": "integer"}, {"type": "string"}, "compatible"),
        ({"type": "string"}, {"type": "integer"}, "breaking"),
        ({"type": "integer"}, {"type": "string", "maxLength": 3}, "breaking"),
        ({"type": "integer"}, {"type": "string", "format": "date"}, "breaking"),
        ({"type": ["integer", "null"]}, {"type": "string"}, "breaking"),
        (
            {"type": "array", "items": {"type": "integer"}},
            {"type": "array", "items": {"type": "string"}},
            "compatible",
        ),
        ({"type": "string"}, {"type": "array", "items": {"type": "string"}}, "breaking"),
    ],
)
def test_a_number_in_plain_text_is_a_text(before, after, verdict):
    assert diff(document(parameter(before)), document(parameter(after))).verdict == verdict


@pytest.mark.parametrize(
    ("schema", "verdict"),
    [({"type": "integer"}, "compatible"), ({"type": "array", "items": {"type": "integer"}}, "breaking")],
)
def test_another_way_to_write_a_parameter_breaks_where_some_value_looks_different(schema, verdict):
    assert diff(document(parameter(schema)), document(parameter(schema, explode=False))).verdict == verdict


def test_a_parameter_that_the_template_had_is_no_new_requirement():
    bare = parameter({"type": "string"})
    bare["paths"]["/runs/{id}"]["get"]["parameters"] = []
    report = diff(document(bare), document(parameter({"type": "string"}, location="path", required=True)))
    assert [(item.verdict, item.message) for item in report.findings] == [
        ("compatible", "`GET /runs/{id}`: path parameter `id` is described.")
    ]


def secured(*security):
    data = parameter({"type": "string"})
    data["components"] = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}
    return data | ({"security": list(security)} if security else {})


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (secured({}), secured({"key": []}), "breaking"),
        (secured(), secured({"key": []}), "undecided"),
        (secured({"key": []}), secured({}), "compatible"),
        (secured({"key": []}), secured({"key": ["write"]}), "undecided"),
    ],
)
def test_credentials_break_only_who_was_told_that_none_are_wanted(before, after, verdict):
    assert diff(document(before), document(after)).verdict == verdict


def test_a_compatible_change_of_a_component_is_a_note_and_a_default_is_told_from_a_value():
    changed = {**RUN, "properties": {**RUN["properties"], "note": {"type": "string", "default": "n"}}}
    report = diff(document(api(RUN, count=2)), document(api(changed, count=2)))
    assert [(item.verdict, item.count, item.message) for item in report.findings] == [
        (
            "compatible",
            2,
            'component `Run` as a request: /properties/note: its default was not set and is "n"; no value can tell them apart.',
        )
    ]


def test_the_same_change_written_in_place_many_times_is_one_finding():
    before, after = api(RUN, count=4), api(RUN, count=4)
    for item in after["paths"].values():
        item["put"]["requestBody"]["content"]["application/json"]["schema"] = {"type": "integer"}
    for item in before["paths"].values():
        item["put"]["requestBody"]["content"]["application/json"]["schema"] = {"type": "number"}
    report = diff(document(before), document(after))
    assert [(item.verdict, item.count, item.message) for item in report.findings] == [
        ("breaking", 4, "the request body of 4 operations: its type was `number` and is `integer`."),
        ("compatible", 4, "response 200 of 4 operations: its type was `number` and is `integer`."),
    ]


@pytest.mark.parametrize("empty", [None, {}])
def test_an_empty_document_is_named_and_read_as_one_without_operations(empty):
    report = diff(document(empty, uri="e.yaml"), document(api(RUN)))
    assert [item.code for item in report.findings] == ["operation-added"]
    assert [entry.reason for entry in report.ledger.unchecked] == ["e.yaml is empty: it has no operation"]


def test_a_missing_info_and_a_member_listed_twice_are_tolerated():
    before, after = (api({"enum": ["a", "a", "b"]}), api({"enum": ["b", "a"]}))
    del before["info"]
    report = diff(document(before), document(after))
    assert (report.verdict, [entry.what for entry in report.ledger.unchecked]) == ("compatible", ["info"])
