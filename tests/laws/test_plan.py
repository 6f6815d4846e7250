"""A plan covers what it says, and each of its requests is what it is meant to be, as the contract's own door judges."""

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest

from accord import loading
from accord.answering.admission import Admitted, Incoming, admit
from accord.contract import Body, Contract, MediaType, Operation, Parameter, Response, SecurityScheme, variable
from accord.exchange import Case
from accord.fuzzing.connecting import value_of
from accord.network.masking import Secrets, fill
from accord.strategies import drafts, invalid_cases, rows
from accord.strategies import plan as plans
from accord.strategies.arranging import arranged
from accord.strategies.driving import drive
from accord.strategies.parts import parts
from accord.strategies.plan import coverage, plan
from accord.validity import validation

ROOT = Path(__file__).parents[2]
CONTRACTS = [
    ROOT / name
    for name in (
        "schema/cekura_runs.openapi.yaml",
        "tests/fuzz/notes.yaml",
        "tests/fuzz/things.yaml",
        "tests/service/things.yaml",
        "tests/checks/contract.yaml",
        "tests/shop/shop.yaml",
    )
]
KEY = "Key1-of-tests"
FORMS = "application/x-www-form-urlencoded"


def planned(contract: Contract, operation: Operation, **options):
    methods = [other.method for other in contract.operations if other.path == operation.path]
    return plan(operation, declared=methods, paths=[other.path for other in contract.operations], **options)


def is_let_in(contract: Contract, request) -> bool:
    schemes = [scheme for operation in contract.operations for group in operation.security for scheme in group]
    keys = {scheme.name: f"me:{KEY}" if scheme.scheme == "basic" else f"{KEY}{scheme.name}" for scheme in schemes}
    known = Secrets({variable(scheme): keys[scheme.name] for scheme in schemes})
    path, _, query = fill(known, request.url, request.secrets, url=True).partition("?")
    headers = tuple((name, fill(known, value, request.secrets)) for name, value in request.headers)
    incoming = Incoming(method=request.method, path=path, query=query, headers=headers, body=request.body)
    return isinstance(admit(contract, incoming, keys), Admitted)


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: "/".join(path.parts[-2:]))
def test_every_step_is_let_in_where_it_conforms_and_refused_where_it_has_a_fault(path):
    contract = loading.load(str(path))
    wrong = []
    for operation in contract.operations[:: 1 if len(contract.operations) < 10 else 3]:
        cases = [step.case for step in planned(contract, operation).steps if not step.case.doubtful]
        missed = [case for case in cases if is_let_in(contract, case.request) is not case.valid]
        wrong += [(operation.name, case.fault, case.pointer, case.request.body[:80]) for case in missed]
    assert wrong == []


@pytest.mark.parametrize("strength", [2, 3])
def test_every_combination_of_partitions_stands_in_some_row_or_is_ruled_out(strength):
    for operation in loading.load(str(ROOT / "tests/shop/shop.yaml")).operations:
        known = parts(operation, {})
        if strength == 3 and len(known.factors) > 8:
            continue
        made = arranged(known.factors, strength, tuple(known.settings(strength)), known.conforms, known.repaired)
        covered = {item for row in made.rows for item in rows.held(row, strength)}
        wanted = set(rows.combinations(known.factors, strength))
        assert wanted == covered | (made.ruled_out - {item for item in made.ruled_out if len(item) < strength})
        assert not covered & made.ruled_out
        assert not made.untried
        assert all(known.conforms(row) for row in made.rows)


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.name)
def test_a_plan_that_is_sent_whole_has_covered_all_that_it_says(path):
    for operation in loading.load(str(path)).operations:
        made = plan(operation)
        reached = plans.coverage(made, made.steps)
        assert reached.combinations == made.combinations, operation.name
        assert plans.coverage(made, list(made.steps)) == reached


def test_what_is_ruled_out_is_what_the_contract_forbids():
    schema = {
        "type": "object",
        "properties": {"a": {"type": "boolean"}, "b": {"type": "boolean"}, "c": {"enum": ["x", "y"]}},
        "dependentRequired": {"a": ["b"]},
        "additionalProperties": False,
        "$defs": {},
    }
    body = Body(content=(MediaType(name="application/json", schema=schema),), required=True)
    made = arranged_of(Operation(method="POST", path="/", body=body))
    names = [
        {(made.factors[at].choice.pointer, made.factors[at].choice.levels[number].name) for at, number in item}
        for item in made.ruled_out
    ]
    assert sorted(map(sorted, names)) == [
        [("/a", "false"), ("/b", "absent")],
        [("/a", "true"), ("/b", "absent")],
    ]


def arranged_of(operation: Operation, strength: int = 2):
    known = parts(operation, {})
    return arranged(known.factors, strength, tuple(known.settings(strength)), known.conforms, known.repaired)


def test_each_partition_of_every_kind_of_place_has_a_name():
    schema = {
        "type": "object",
        "required": ["count", "shape"],
        "properties": {
            "count": {"type": "integer", "minimum": 1, "maximum": 9},
            "price": {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.5},
            "name": {"type": ["string", "null"], "minLength": 2, "maxLength": 5},
            "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 4},
            "extra": {"type": "object", "additionalProperties": {"type": "integer"}},
            "shape": {
                "oneOf": [
                    {"type": "object", "required": ["side"], "properties": {"side": {"type": "boolean"}}},
                    {"type": "string", "enum": ["none"]},
                ]
            },
        },
        "additionalProperties": False,
        "$defs": {},
    }
    body = Body(content=(MediaType(name="application/json", schema=schema),), required=True)
    made = plan(Operation(method="POST", path="/", body=body))
    assert {(factor.part, factor.pointer): factor.partitions for factor in made.factors} == {
        ("body", ""): ("object", "least object"),
        ("body", "/count"): ("1", "2", "3", "9", "8", "7"),
        ("body", "/price"): ("0.5", "1", "1.5", "absent"),
        ("body", "/name"): (*("plain text", "shortest text", "text of one more", "longest", "null", "absent"),),
        ("body", "/tags"): ("array of 1", "array of 3", "array of 4", "absent"),
        ("body", "/tags/*"): ("plain text", "empty text", "one character"),
        ("body", "/extra"): ("0 names", "1 names", "3 names", '"x0": 0', '"x0": -1', '"x0": 2', "absent"),
        ("body", "/shape"): ("object 1", '"none"'),
        ("body", "/shape/side"): ("true", "false"),
    }
    assert made.steps[0].case.request.body == (
        b'{"count": 1, "price": 0.5, "name": "text", "tags": ["text"], "extra": {}, "shape": {"side": true}}'
    )


def test_a_plan_is_the_same_every_time_and_says_how_much_it_asks():
    contract = loading.load(str(CONTRACTS[0]))
    first, second = (planned(contract, contract.operations[0]) for _ in range(2))
    assert first == second
    assert first.stages["plain"] == 2
    assert sum(first.stages.values()) == len(first.steps)
    reached = coverage(first, first.steps)
    assert reached.partitions == reached.all_partitions == sum(len(factor.partitions) for factor in first.factors)
    assert reached.combinations == reached.all_combinations == first.combinations
    assert coverage(first, first.steps[:1]).combinations < first.combinations


def test_every_pair_comes_in_the_first_half_of_a_plan_and_every_kind_of_fault_before_the_second_value_of_any():
    contract = loading.load(str(CONTRACTS[0]))
    made = planned(contract, contract.operations[0])
    cases = [step.case for step in made.steps if step.stage == "body" and "only answers" not in step.case.description]
    faults = [(case.part, case.pointer, case.fault) for case in cases]
    first = len(set(faults))
    assert len(set(faults[:first])) == first
    half = made.steps[: len(made.steps) // 2]
    assert coverage(made, half).combinations == made.combinations


def test_triples_are_covered_where_they_are_not_too_many():
    contract = loading.load(str(CONTRACTS[0]))
    made = planned(contract, contract.operations[0], strength=3)
    pairs = planned(contract, contract.operations[0])
    assert (made.strength, made.ruled_out, made.untried) == (3, 0, 0)
    assert made.stages["pairs"] > 2 * pairs.stages["pairs"]
    properties = {f"p{at}": {"enum": list(range(9))} for at in range(16)}
    schema = {"type": "object", "properties": properties, "additionalProperties": False, "$defs": {}}
    body = Body(content=(MediaType(name="application/json", schema=schema),), required=True)
    assert plan(Operation(method="POST", path="/", body=body), strength=3).strength == 2


def test_values_that_are_set_are_in_every_request():
    contract = loading.load(str(ROOT / "tests/shop/shop.yaml"))
    operation = next(item for item in contract.operations if item.name == "PUT /items/{item_id}")
    made = planned(contract, operation, values={"item_id": 4711})
    assert all(step.case.request.url.startswith("/items/4711") for step in made.steps if step.stage != "path")


BOOKING = {
    "type": "object",
    "additionalProperties": False,
    "required": ["guest", "nights", "kind"],
    "properties": {
        "guest": {"type": "string", "pattern": "^g[0-9]+$"},
        "nights": {"type": "integer", "minimum": 1},
        "kind": {"type": "string", "enum": ["single", "group"]},
        "rooms": {"type": "integer", "minimum": 1},
    },
    "if": {"properties": {"kind": {"const": "group"}}},
    "then": {"required": ["rooms"]},
    "$defs": {},
}


def test_what_is_set_is_once_named_as_nobody_knows_it():
    schema = {
        "type": "object",
        "required": ["owner_id", "name"],
        "properties": {"owner_id": {"type": "string", "pattern": "^o[0-9]{3}$"}, "name": {"enum": ["a"]}},
    }
    body = Body(content=(MediaType(name="application/json", schema=schema),))
    operation = Operation(method="POST", path="/things", body=body)
    strange = [step.case for step in plan(operation, values={"owner_id": "o123"}).steps if step.case.fault == "unknown"]
    assert [(case.doubtful, case.pointer, case.description) for case in strange] == [
        (True, "/owner_id", "`/owner_id` names what is not known to be there")
    ]
    other = value_of(strange[0].request.body)
    assert other == {"owner_id": "o890", "name": "a"}
    assert validation.is_valid(schema, other)
    assert not [step for step in plan(operation).steps if step.case.fault == "unknown"]


def test_a_property_that_is_set_has_its_value_beside_every_fault_but_its_own():
    body = Body(content=(MediaType(name="application/json", schema=BOOKING),), required=True)
    operation = Operation(method="POST", path="/bookings", body=body)
    planned = [step.case for step in plan(operation, values={"guest": "g4711"}).steps if step.stage != "framing"]
    drawn: list[Case] = []
    drive(
        invalid_cases(operation, values={"guest": "g4711"}), lambda case: bool(drawn.append(case)), examples=60, seed=1
    )
    for case in (*planned, *(case for case in drawn if case.part == "body")):
        value = value_of(case.request.body)
        if isinstance(value, dict) and "guest" not in case.pointer and case.part in {"", "body"}:
            assert value.get("guest") == "g4711" or case.fault == "malformed-json", case
    assert {"then", "required", "minimum", "enum", "type"} <= {case.fault for case in planned}


NOTED = {
    "type": "object",
    "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,9}$"},
    "additionalProperties": {"type": "string", "maxLength": 30},
    "maxProperties": 5,
    "$defs": {},
}


def test_names_and_values_of_a_map_are_varied_and_spoilt_one_at_a_time():
    body = Body(content=(MediaType(name="application/json", schema=NOTED),), required=True)
    cases = [step.case for step in plan(Operation(method="POST", path="/notes", body=body)).steps]
    sent = [value_of(case.request.body) for case in cases if case.valid]
    assert {10, 1} <= {len(name) for value in sent for name in value}
    held = {text for value in sent for text in value.values()}
    assert {"", "O'Neil", "\U0001f600" * 30} <= held
    assert max(map(len, held)) == 30
    long = [value_of(case.request.body) for case in cases if case.fault == "maxLength"]
    assert {name for value in long for name in value} == {"x0"}


def test_a_map_has_names_that_languages_know_where_they_may_be_there():
    body = Body(content=(MediaType(name="application/json", schema=NOTED),), required=True)
    cases = [step.case for step in plan(Operation(method="POST", path="/notes", body=body)).steps]
    names = {name for case in cases if case.valid for name in value_of(case.request.body)}
    assert {"class", "default", "type"} <= names
    assert names.isdisjoint({"toString", "hasOwnProperty", "constructor"})


def test_a_file_of_a_form_is_sent_once_with_every_byte():
    properties = {"file": {"type": "string", "contentMediaType": "image/png"}, "title": {"type": "string"}}
    schema = {"type": "object", "required": ["file"], "properties": properties, "$defs": {}}
    body = Body(content=(MediaType(name="multipart/form-data", schema=schema),), required=True)
    cases = [step.case for step in plan(Operation(method="POST", path="/files", body=body)).steps]
    whole = [case for case in cases if bytes(range(256)) in case.request.body]
    assert [(case.valid, case.description) for case in whole] == [(True, "`/file` holds every byte that there is")]


def test_a_media_type_that_the_contract_has_not_is_tried_also_where_it_is_plain_json():
    def tried(name: str) -> bool:
        body = Body(content=(MediaType(name=name, schema={"type": "object", "$defs": {}}),), required=True)
        cases = [step.case for step in plan(Operation(method="PATCH", path="/", body=body)).steps]
        return ("Content-Type", "application/json") in {
            head for case in cases if not case.valid and case.part == "media-type" for head in case.request.headers
        }

    assert (tried("application/merge-patch+json"), tried("application/json")) == (True, False)


def test_a_header_that_may_be_empty_is_sent_empty_once_it_may_be_left_out():
    told = {"name": "X-Tag", "location": "header", "schema": {"type": "string", "$defs": {}}}
    for required in (False, True):
        operation = Operation(method="GET", path="/", parameters=(Parameter(**told, required=required),))
        sent = [dict(step.case.request.headers).get("X-Tag") for step in plan(operation).steps if step.case.valid]
        assert ("" in sent) is not required


def test_the_items_of_a_list_in_the_query_may_refer_to_a_definition():
    listed = {"type": "array", "items": {"$ref": "#/$defs/Tag"}, "$defs": {"Tag": {"type": "string", "minLength": 2}}}
    body = Body(content=(MediaType(name="application/json", schema={"type": "object", "$defs": {}}),))
    wanted = (Parameter(name="tag", location="query", schema=listed),)
    steps = plan(Operation(method="POST", path="/", parameters=wanted, body=body)).steps
    assert any("tag=%00" in step.case.request.url or "tag=a%00" in step.case.request.url for step in steps)


def posted(schema: dict) -> list:
    """The JSON values of all conforming bodies of a plan."""
    body = Body(content=(MediaType(name="application/json", schema=schema),), required=True)
    made = plan(Operation(method="POST", path="/a", body=body))
    return [json.loads(step.case.request.body) for step in made.steps if step.case.valid]


def test_every_place_has_long_texts_and_lists_and_maps_of_very_many():
    texts = {"type": "array", "items": {"type": "string", "maxLength": 4}}
    names = {f"p{at}": {"type": "string"} for at in range(9)}
    held = {
        "list": texts,
        "few": {**texts, "maxItems": 5},
        "map": {"type": "object", "additionalProperties": {"type": "integer"}},
    }
    sent = posted({"type": "object", "properties": {**names, **held}, "required": [*names]})
    for name in names:
        assert {65_535, 65_536, 65_537} <= {len(value[name]) for value in sent}
    assert max(len(value.get("list", ())) for value in sent) == 300
    assert max(len(value.get("map", ())) for value in sent) == 300
    assert max(len(value.get("few", ())) for value in sent) == 5


def test_what_cannot_stand_beside_the_plainest_value_is_crowded_all_the_same():
    lists = {name: {"type": "array", "items": {"type": "integer"}} for name in "ab"}
    sent = posted({"type": "object", "properties": lists, "not": {"required": ["a", "b"]}})
    assert [max(len(value.get(name, ())) for value in sent) for name in "ab"] == [300, 300]


def test_large_values_reach_every_alternative_of_a_body():
    one, other = ({"type": "object", "additionalProperties": False, "required": [*names], "properties": {name: {"type": "string"} for name in names}} for names in ("abcde", "vwxyz"))  # fmt: skip
    sent = posted({"oneOf": [one, other]})
    for name in "abcdevwxyz":
        assert {65_535, 65_536, 65_537} <= {len(value[name]) for value in sent if name in value}


def depth(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0) if isinstance(value, dict | list) else 0


@pytest.mark.parametrize(
    ("node", "deep"),
    [
        ({"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}, 96),
        ({"type": "object", "required": ["v"], "properties": {"v": {"type": "string"}, "up": {"$ref": "#/$defs/node"}}}, 48),
        ({"type": "object", "additionalProperties": {"$ref": "#/$defs/node"}}, 48),
        ({"prefixItems": [{"type": "string"}, {"$ref": "#/$defs/node"}], "type": "array"}, 48),
        ({"oneOf": [{"type": "string"}, {"type": "object", "additionalProperties": False, "required": ["and"], "properties": {"and": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/node"}}}}]}, 96),
    ],
)  # fmt: skip
def test_what_leads_back_to_itself_is_sent_deep(node, deep):
    schema = {"type": "object", "required": ["root"], "properties": {"root": {"$ref": "#/$defs/node"}}}
    assert deep <= max(map(depth, posted({**schema, "$defs": {"node": node}}))) <= deep + 4


def test_what_a_union_looks_at_again_and_again_is_less_deep():
    kinds = {
        name: {
            "type": "object",
            "required": [name],
            "properties": {name: {"type": "array", "items": {"$ref": "#/$defs/node"}}},
        }
        for name in "ab"
    }
    node = {"oneOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}, {"type": "object", "maxProperties": 0}]}
    assert 16 <= max(map(depth, posted({"$ref": "#/$defs/node", "$defs": {"node": node, **kinds}}))) <= 20


def test_definitions_that_all_lead_to_one_another_have_few_places_and_faults():
    def to(other: int) -> dict:
        return {"oneOf": [{"$ref": f"#/$defs/n{other}"}, {"type": "null"}]}

    many = {
        f"n{at}": {"type": "object", "properties": {f"p{other}": to(other) for other in range(7)}} for at in range(7)
    }
    operation = Operation(
        method="POST",
        path="/a",
        body=Body(
            content=(MediaType(name="application/json", schema={"$ref": "#/$defs/n0", "$defs": many}),), required=True
        ),
    )
    made = plan(operation)
    assert len(made.factors) <= 150
    assert {"/p0", "/p6"} <= {step.case.pointer for step in made.steps if step.case.fault == "type"}
    assert len(made.steps) < 1500


def test_nothing_is_deeper_than_a_schema_allows():
    node = {"type": "object", "properties": {"kid": {"allOf": [{"$ref": "#/$defs/node"}, {"maxProperties": 0}]}}}
    assert max(map(depth, posted({"$ref": "#/$defs/node", "$defs": {"node": node}}))) < 8


def test_a_name_of_answers_breaks_read_only_where_a_request_may_not_have_it_and_is_undeclared_elsewhere():
    held = MediaType(
        name="application/json", schema={"properties": {"id": {"type": "integer"}, "made": {"type": "string"}}}
    )
    asked = {"type": "object", "properties": {"a": {"type": "string"}, "id": False}, "additionalProperties": False}
    body = Body(content=(MediaType(name="application/json", schema=asked),), required=True)
    made = plan(Operation(method="POST", path="/a", body=body, responses=(Response(status="200", content=(held,)),)))
    cases = [step.case for step in made.steps if "only answers" in step.case.description]
    assert [(case.fault, case.pointer, json.loads(case.request.body)) for case in cases] == [
        ("readOnly", "/id", {"a": "text", "id": 17}),
        ("additionalProperties", "", {"a": "text", "made": "text"}),
    ]


def test_an_operation_that_cannot_be_written_has_no_steps():
    body = Body(content=(MediaType(name="application/xml", schema={"$defs": {}}),), required=True)
    assert plan(Operation(method="POST", path="/", body=body)).steps == ()


def test_every_two_steps_differ():
    contract = loading.load(str(ROOT / "tests/shop/shop.yaml"))
    for operation in contract.operations[::5]:
        steps = planned(contract, operation).steps
        for one, other in itertools.groupby(sorted(str((step.case.request, step.case.valid)) for step in steps)):
            assert len(list(other)) == 1, one


def test_operations_that_are_alike_are_asked_what_each_would_be_asked_alone(monkeypatch):
    schema = {"type": "object", "properties": {"a": {"type": "boolean"}}, "$defs": {}}
    body = Body(content=(MediaType(name="application/json", schema=schema),), required=True)
    parameters = tuple(
        Parameter(name=name, location=place, required=place == "path", schema=schema["properties"]["a"])
        for name, place in (("one", "path"), ("two", "path"), ("deep", "query"))
    )
    written = [("POST", "/x/{one}/{two}"), ("PUT", "/{two}/y/{one}/z/"), ("PATCH", "/{one}.{two}")]
    made = [Operation(method=method, path=path, parameters=parameters, body=body) for method, path in written]
    paths = [path for _, path in written]
    together = [plan(each, declared=[each.method], paths=paths) for each in made]
    for each, shared in zip(made, together, strict=True):
        monkeypatch.setattr(plans, "_shared", {})
        alone = plan(each, declared=[each.method], paths=paths)
        assert [(step.case, step.rows) for step in shared.steps] == [(step.case, step.rows) for step in alone.steps]
    assert [len(each.steps) for each in together[:2]] == [len(together[0].steps)] * 2


def test_a_form_is_read_field_by_field_as_it_is_read_whole():
    schema = {"properties": {"n": {"type": "integer"}, "l": {"type": "array", "items": {"type": "boolean"}}}}
    parts = [("n", 1), ("n", "1"), ("t", "1"), ("t", "a=b&c"), ("t", None), ("l", []), ("l", [True]), ("l", [True, 1])]
    values = [dict(chosen) for width in (1, 2, 3) for chosen in itertools.product(parts, repeat=width)]
    for name in ("application/x-www-form-urlencoded", "multipart/form-data"):
        medium = MediaType(name=name, schema=schema)
        for value in (*values, {"t": "\ud800"}, {"a b": "x", "n": 1}, {}, []):
            assert drafts.reads_as(medium, value) == drafts._read(medium, value)


@pytest.mark.parametrize(
    ("names", "declared", "wanted"),
    [
        (("application/json", "text/csv"), (), ["application/json", "text/csv"]),
        (("application/json",), (), []),
        (("application/json", "*/*"), (), []),
        (("application/json", "text/csv"), ("Accept",), []),
    ],
)
def test_each_media_type_of_an_answer_is_asked_for_once_where_there_are_several(names, declared, wanted):
    content = tuple(MediaType(name=name, schema=None, pointer="/m") for name in names)
    parameters = tuple(Parameter(name=name, location="header", schema={"type": "string"}) for name in declared)
    answers = (Response(status="200", content=content, pointer="/r"),)
    one = Operation(method="GET", path="/p", parameters=parameters, responses=answers)
    asked = [(step.case.request.headers, step.case.valid) for step in plan(one).steps]
    found = [value for headers, valid in asked if valid for name, value in headers if name == "Accept"]
    assert [value for value in found if value in names] == wanted
    kin = plan(replace(one, path="/q", responses=())).steps
    assert not any(
        name == "Accept" and value == "text/csv" for step in kin for name, value in step.case.request.headers
    )


FORM = Operation(
    method="POST",
    path="/forms",
    body=Body(
        content=tuple(
            MediaType(name=name, schema=schema)
            for schema in [
                {
                    "type": "object",
                    "properties": {
                        "kind": {"enum": ["a", "b"]},
                        "open": {"type": "boolean"},
                        "note": {"type": "string"},
                    },
                    "additionalProperties": False,
                }
            ]
            for name in ("application/json", FORMS)
        ),
        required=True,
    ),
    responses=(
        Response(
            status="200",
            content=(
                MediaType(
                    name="application/json",
                    schema={
                        "type": "object",
                        "properties": {"made_at": {"type": "string"}, "note": {"type": "string"}},
                    },
                ),
            ),
        ),
    ),
)


def test_each_property_is_sent_alone():
    values = [value_of(step.case.request.body) for step in plan(FORM).steps if step.case.valid]
    alone = {name for value in values if isinstance(value, dict) and len(value) == 1 for name in value}
    assert alone == {"kind", "open", "note"}


def test_a_form_holds_flags_in_other_words_and_every_part_twice():
    cases = [step.case for step in plan(FORM).steps if ("Content-Type", FORMS) in step.case.request.headers]
    bodies = {case.request.body for case in cases if not case.valid}
    assert {b"open=yes", b"open=True"} <= {body[body.find(b"open=") :].partition(b"&")[0] for body in bodies}
    doubled = [case for case in cases if case.fault == "duplicate-keys"]
    assert doubled
    assert all(case.doubtful and case.request.body.count(b"note=") == 2 for case in doubled)


def test_a_name_of_the_answer_breaks_a_request_that_takes_no_other_names():
    cases = [step.case for step in plan(FORM).steps if "made_at" in step.case.description]
    assert [(case.fault, case.pointer, case.valid) for case in cases] == [("additionalProperties", "", False)]


def test_a_number_of_more_digits_than_readers_like_is_sent():
    found = [step.case for step in plan(FORM).steps if step.case.fault == "beyond-digits"]
    assert [case.doubtful for case in found] == [True]
    assert found[0].request.body.count(b"1") == 5000


def test_a_missing_key_is_tried_with_the_barest_request_too():
    scheme = SecurityScheme(name="key", type="apiKey", location="header", parameter="X-Key")
    steps = plan(replace(FORM, body=replace(FORM.body, required=False), security=((scheme,),))).steps
    missing = [step.case.request for step in steps if step.case.fault == "security-missing"]
    assert sorted(bool(request.body) for request in missing) == [False, True]
