"""Idempotency keys: every request has its own, and sequences do without."""

import re
from dataclasses import replace

import pytest

from accord.contract import Operation, Parameter
from accord.exchange import Case, Request
from accord.fuzzing import retrying

UUID = {"type": "string", "format": "uuid"}


def operation(schema: dict, *, required: bool = False, name: str = "Idempotency-Key") -> Operation:
    parameter = Parameter(name=name, location="header", required=required, schema=schema)
    return Operation(method="POST", path="/orders", parameters=(parameter,))


def case(key: str, body: bytes = b"{}", name: str = "Idempotency-Key") -> Case:
    request = Request(method="POST", url="/orders", headers=(("X-Other", "a"), (name, key)), body=body)
    return Case(operation="POST /orders", request=request, valid=True)


def own(asked: Operation, given: Case) -> str:
    headers = dict(retrying.own(asked, given).request.headers)
    assert headers.pop("X-Other") == "a"
    return headers.popitem()[1]


@pytest.mark.parametrize(
    ("schema", "key", "form"),
    [
        ({"type": "string"}, "text", "[0-9a-f]{4}"),
        ({"type": "string", "pattern": "^[A-Za-z0-9-]{8,200}$"}, "0" * 150, "[0-9a-f]{150}"),
        (UUID, "00000000-0000-4000-8000-000000000000", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}"),
    ],
)
def test_a_key_is_drawn_from_what_is_sent_and_is_as_long_as_it_was(schema, key, form):
    asked = operation(schema)
    first, again, other = (own(asked, case(key, body)) for body in (b"1", b"1", b"2"))
    assert re.fullmatch(form, first)
    assert first == again != other
    assert own(asked, case(first, b"1")) == first


def test_a_key_that_is_no_such_key_or_breaks_its_schema_stays():
    assert own(operation(UUID), case("no uuid")) == "no uuid"
    assert own(operation({"type": "string", "pattern": "^k[1-9]$"}), case("k1")) == "k1"
    assert own(operation({"type": "string"}, name="X-Tag"), case("text", name="X-Tag")) == "text"
    bare = replace(case("text"), request=replace(case("text").request, headers=()))
    assert retrying.own(operation(UUID), bare) == bare


def test_a_sequence_has_no_key_unless_it_must():
    left = retrying.without(operation(UUID), case("text"))
    assert left.request.headers == (("X-Other", "a"),)
    assert retrying.without(operation(UUID, required=True), case("text")) == case("text")
