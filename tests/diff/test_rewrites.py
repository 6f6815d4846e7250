"""A whole document, said another way all over: nobody breaks, and no value can tell the two apart."""

import random
from pathlib import Path

import pytest

from accord import fetching
from accord.document import Document
from accord.verbs.diff import diff

UPSTREAM = Path(__file__).parents[3] / "shared" / "upstream"
VALUES = frozenset({"enum", "const", "default", "example", "examples"})


def wrapped(rng, schema):
    """A reference as the only part of an `allOf`."""
    alone = schema.keys() == {"$ref"} and "/schemas/" in str(schema["$ref"])
    return {"allOf": [schema]} if alone and rng.random() < 0.5 else schema


def split(rng, schema):
    """An object as an `allOf` of two halves."""
    properties = schema.get("properties")
    if schema.get("type") != "object" or not isinstance(properties, dict) or "additionalProperties" in schema:
        return schema
    names = sorted(properties)
    halves = names[: len(names) // 2], names[len(names) // 2 :]
    if not halves[0] or rng.random() < 0.5:
        return schema
    first, second = ({"type": "object", "properties": {name: properties[name] for name in half}} for half in halves)
    second |= {"required": schema["required"][::-1]} if "required" in schema else {}
    rest = {key: value for key, value in schema.items() if key not in {"type", "properties", "required"}}
    return {**rest, "allOf": [second, first]}


def spelt(rng, schema):
    """Enums turned round or written as branches, bounds as exclusive ones."""
    found = dict(schema)
    if isinstance(found.get("enum"), list):
        members = found.pop("enum")
        found |= {"enum": members[::-1]} if rng.random() < 0.5 else {"anyOf": [{"enum": [one]} for one in members]}
    if found.get("type") == "integer" and isinstance(found.get("minimum"), int):
        found["exclusiveMinimum"] = found.pop("minimum") - 1
    return found


def rewritten(rng, value):
    """`value` with keys in another order, and each schema inside it said another way."""
    if isinstance(value, list):
        return [rewritten(rng, part) for part in value]
    if not isinstance(value, dict):
        return value
    keys = rng.sample(list(value), len(value))
    found = {key: value[key] if key in VALUES else rewritten(rng, value[key]) for key in keys}
    return spelt(rng, split(rng, wrapped(rng, found)))


@pytest.mark.parametrize("number", ["001", "063"])
def test_a_document_said_another_way_breaks_nobody_and_no_value_tells_it_apart(number):
    if not UPSTREAM.exists():
        pytest.skip("the revisions are not here")
    one = fetching.fetch(str(next(UPSTREAM.glob(f"{number}_*"))))
    other = Document(uri="other.json", data=rewritten(random.Random(number), one.data), text="")
    for pair in ((one, other), (other, one)):
        found = diff(*pair).findings
        assert len(found) > 20
        assert [item for item in found if not item.message.endswith("no value can tell them apart.")] == []
