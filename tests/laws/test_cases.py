"""Requests at random are what they are meant to be, as the contract's own door judges; wrong keys, bytes, odd values."""

import json
from pathlib import Path

import pytest

from accord import loading
from accord.answering.admission import Admitted, Incoming, admit
from accord.contract import Contract, Operation, SecurityScheme, variable
from accord.messages.encoding import DecodeError, parse_json
from accord.network.credentials import Credentials
from accord.network.masking import Secrets, fill
from accord.strategies import framing, hostile, invalid_cases, valid_cases
from accord.strategies.driving import drive
from accord.strategies.keys import needless_keys, strangers_keys, wrong_keys
from accord.validity import validation

ROOT = Path(__file__).parents[2]
CONTRACTS = [
    ROOT / name for name in ("schema/cekura_runs.openapi.yaml", "tests/fuzz/notes.yaml", "tests/shop/shop.yaml")
]
EACH = 6


def drawn(strategy, count):
    found = []
    drive(strategy, lambda case: bool(found.append(case)), examples=count, seed=2)
    return found


def is_let_in(contract: Contract, request) -> bool:
    schemes = [scheme for operation in contract.operations for group in operation.security for scheme in group]
    keys = {scheme.name: f"Key1-{scheme.name}" for scheme in schemes}
    known = Secrets({variable(scheme): keys[scheme.name] for scheme in schemes})
    path, _, query = fill(known, request.url, request.secrets, url=True).partition("?")
    headers = tuple((name, fill(known, value, request.secrets)) for name, value in request.headers)
    incoming = Incoming(method=request.method, path=path, query=query, headers=headers, body=request.body)
    return isinstance(admit(contract, incoming, keys), Admitted)


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.name)
def test_random_requests_are_let_in_where_they_conform_and_refused_where_they_have_a_fault(path):
    contract = loading.load(str(path))
    wrong, kinds = [], set()
    for operation in [item for item in contract.operations if item.body][::EACH] + list(contract.operations[:1]):
        declared = [other.method for other in contract.operations if other.path == operation.path]
        cases = drawn(valid_cases(operation), 12) + drawn(invalid_cases(operation, declared=declared), 25)
        kinds |= {(case.valid, case.part) for case in cases}
        judged = [case for case in cases if not case.doubtful]
        missed = [case for case in judged if is_let_in(contract, case.request) is not case.valid]
        wrong += [(operation.name, case.fault, case.pointer, case.request.body[:80]) for case in missed]
    assert wrong == []
    assert {(True, ""), (False, "body")} <= kinds


KEY = SecurityScheme(name="key", type="apiKey", location="header", parameter="X-Key")
TOKEN = SecurityScheme(name="login", type="http", scheme="bearer")
BASIC = SecurityScheme(name="old", type="http", scheme="basic")
QUERY = SecurityScheme(name="q", type="apiKey", location="query", parameter="pass")


def tried(*security):
    operation = Operation(method="GET", path="/", security=security)
    found = {}
    for key in wrong_keys(operation):
        found.setdefault(key.fault.removeprefix("security-"), []).append(
            [*key.given.headers, *key.given.query, *key.given.cookies]
        )
    return found


def test_every_key_that_is_almost_right_is_tried():
    assert tried((KEY,)) == {
        "missing": [[]],
        "wrong": [[("X-Key", "wrong")]],
        "empty": [[("X-Key", "")]],
        "other-case": [[("X-Key", "${KEY~~}")]],
        "cut-short": [[("X-Key", "${KEY%?}")]],
        "extended": [[("X-Key", "$KEYx")]],
        "beheaded": [[("X-Key", "${KEY#?}")]],
        "prefixed": [[("X-Key", "x$KEY")]],
        "doubled": [[("X-Key", "$KEY$KEY")]],
        "non-ascii": [[("X-Key", "cl\u00e9")]],
        "long": [[("X-Key", "x" * 5000)]],
        "null": [[("X-Key", "null")]],
        "quoted": [[("X-Key", '"$KEY"')]],
        "wildcard": [[("X-Key", "*")]],
        "misplaced": [[("X-Key", "$KEY")], [("X-Key", "$KEY")], [("Authorization", "Bearer $KEY")]],
        "scheme": [[("Authorization", "Basic d3Jvbmc6d3Jvbmc=")], [("Authorization", "Bearer")]],
    }


def test_a_token_is_tried_behind_other_words_and_in_other_places():
    found = tried((TOKEN,))
    assert found["scheme"] == [
        [("Authorization", "$LOGIN_TOKEN")],
        [("Authorization", "Token $LOGIN_TOKEN")],
        [("Authorization", "Basic $LOGIN_TOKEN")],
    ]
    assert found["misplaced"] == [[("access_token", "$LOGIN_TOKEN")], [("X-API-Key", "$LOGIN_TOKEN")]]
    assert found["empty"] == [[("Authorization", "Bearer")]]
    assert tried((BASIC,))["extended"] == [[("Authorization", "Basic $OLD_BASICx")]]


def test_of_two_keys_that_are_wanted_together_each_is_left_out():
    assert tried((KEY, QUERY))["incomplete"] == [[("pass", "$PASS")], [("X-Key", "$KEY")]]


def test_a_key_is_not_misplaced_where_another_alternative_looks_for_one():
    assert [[("Authorization", "Bearer $KEY")]] not in tried((KEY,), (TOKEN,))["misplaced"]


def test_an_operation_that_wants_no_key_is_sent_the_keys_of_others_spoilt():
    here = SecurityScheme(name="a", type="apiKey", location="query", parameter="api_key")
    other = SecurityScheme(name="b", type="http", scheme="bearer")
    open_one = Operation(method="GET", path="/")
    assert list(strangers_keys(open_one, (KEY, here, other))) == [
        (f"with a wrong `{KEY.parameter}`, which nobody asked for", Credentials(headers=((KEY.parameter, "wrong"),))),
        ("with a wrong `api_key`, which nobody asked for", Credentials(query=(("api_key", "wrong"),))),
    ]
    assert list(strangers_keys(Operation(method="GET", path="/", security=((KEY,),)), (here,))) == []


def test_nobody_is_kept_out_where_no_key_is_wanted():
    assert tried() == {}
    assert tried((KEY,), ()) == {}
    assert [told for told, _ in needless_keys(Operation(method="GET", path="/"))] == [
        "with a bearer token that nobody asked for",
        "with an API key that nobody asked for",
    ]
    assert [told for told, _ in needless_keys(Operation(method="GET", path="/", security=((KEY,), ())))] == [
        "without a key, which is not needed"
    ]


@pytest.mark.parametrize("value", [{}, {"a": "text", "b": 1}, [], [1], "text", 0, None, True])
def test_what_is_malformed_is_no_json_and_what_is_contested_is_read_by_some(value):
    malformed = list(framing.malformed(value))
    assert len({shape.description for shape in malformed}) == len(malformed) >= 10
    for shape in malformed:
        with pytest.raises(DecodeError):
            parse_json(shape.body)
        assert not shape.doubtful
    contested = list(framing.contested(value))
    assert all(shape.doubtful for shape in contested)
    assert {shape.fault for shape in contested} >= {"byte-order-mark", "too-deep"}


def test_a_leap_second_stands_where_a_point_in_time_does():
    found = [
        shape for shape in framing.contested({"a": "2026-01-15T09:30:00Z", "b": "2026"}) if shape.fault == "leap-second"
    ]
    assert [(shape.description, json.loads(shape.body)) for shape in found] == [
        ("the body has a leap second in `a`", {"a": "2016-12-31T23:59:60Z", "b": "2026"})
    ]


@pytest.mark.parametrize("value", [{"a": "te\u00e4\U0001f600\n", "b": 1, "c": [1.5, None]}, [1], "text"])
def test_other_spellings_say_the_same(value):
    found = list(framing.respelt(value))
    assert len(found) >= 3
    assert all(json.loads(body) == value for _, body in found)
    assert len({body for _, body in found}) == len(found)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": "string", "maxLength": 3},
        {"type": "string", "minLength": 300},
        {"type": "string", "pattern": "^[a-z]+$"},
        {"type": ["integer", "null"], "minimum": 0},
        {"type": "number", "multipleOf": 0.5},
        {"type": "object", "additionalProperties": {"type": "integer"}},
        {"type": "array"},
        {},
    ],
)
def test_odd_values_are_valid(schema):
    found = hostile.oddities(schema, {})
    assert found
    assert all(validation.is_valid({**schema, "$defs": {}}, value) for _, value in found)


def test_odd_texts_are_tried_around_every_length_that_is_allowed():
    lengths = {len(value) for _, value in hostile.oddities({"type": "string", "maxLength": 1024}, {})}
    assert {255, 256, 257, 1023, 1024} <= lengths
    assert max(lengths) == 1024
    assert {65_535, 65_536, 65_537} <= {len(value) for _, value in hostile.oddities({"type": "string"}, {})}


def test_the_longest_text_that_is_allowed_is_tried_with_characters_of_four_bytes():
    found = [value for _, value in hostile.oddities({"type": "string", "maxLength": 30}, {})]
    assert "\U0001f600" * 30 in found


def test_a_member_of_an_enumeration_is_never_odd():
    assert hostile.oddities({"enum": ["a", "b"]}, {}) == ()
