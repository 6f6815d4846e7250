"""The official JSON Schema Test Suite as fixtures."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SUITE = Path(__file__).parents[1] / "corpus" / "json-schema-test-suite" / "draft2020-12"

UNREACHABLE = ("$dynamicRef", "$dynamicAnchor", "$vocabulary", "$id", "https://json-schema.org/draft")
"""What lowering resolves, removes or refuses: a group whose schema holds one is no question to the authority."""


@dataclass(frozen=True, slots=True)
class Group:
    """One schema of the suite and its instances, each with the suite's verdict."""

    name: str
    schema: Any
    cases: tuple[tuple[str, Any, bool], ...]


def groups() -> list[Group]:
    """Every group that asks something of the authority."""
    found = []
    for path in sorted(SUITE.rglob("*.json")):
        for group in json.loads(path.read_text()):
            schema = group["schema"]
            if isinstance(schema, dict):
                schema = {key: value for key, value in schema.items() if key != "$schema"}
            if not any(word in json.dumps(schema) for word in UNREACHABLE):
                cases = tuple((case["description"], case["data"], case["valid"]) for case in group["tests"])
                found.append(Group(f"{path.relative_to(SUITE)}: {group['description']}", schema, cases))
    return found


@pytest.fixture(scope="session")
def suite() -> list[Group]:
    return groups()


@pytest.fixture(scope="session")
def left_out() -> dict[str, int]:
    """How many groups of each file are no question to the authority."""
    asked = Counter(group.name.partition(": ")[0] for group in groups())
    counts = {}
    for path in sorted(SUITE.rglob("*.json")):
        name = path.relative_to(SUITE).as_posix()
        missing = len(json.loads(path.read_text())) - asked[name]
        if missing:
            counts[name] = missing
    return counts
