"""Pairs of schemas whose truth is known: no `compatible` that is not, no `breaking` that is not, few undecided."""

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from accord.document import Document
from accord.verbs.diff import diff

GROUPS = yaml.safe_load(Path(__file__).with_name("labelled.yaml").read_text())
PAIRS = [(f"{name}-{number}", pair) for name, pairs in GROUPS.items() for number, pair in enumerate(pairs, 1)]
BREAKS = {
    "=": frozenset(),
    "<": frozenset({"request"}),
    ">": frozenset({"response"}),
    "x": frozenset({"request", "response"}),
}


def document(schema, version, definitions):
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"requestBody": body, "responses": {"200": {"description": "d", **body}}}
    data = {
        "openapi": f"{version}.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"put": operation}},
        "components": {"schemas": definitions},
    }
    text = json.dumps(data)
    for name in definitions:
        text = text.replace(f'"$ref": "{name}"', f'"$ref": "#/components/schemas/{name}"')
    return Document(uri="d.json", data=json.loads(text), text=text)


def verdicts(pair):
    """The verdict of each direction; one of which nothing is said is compatible."""
    versions, definitions = pair.get("of", ("3.1", "3.1")), pair.get("defs", ({}, {}))
    sides = zip((pair["before"], pair["after"]), versions, definitions, strict=True)
    found = {"request": "compatible", "response": "compatible"}
    for finding in diff(*(document(*side) for side in sides)).findings:
        if finding.verdict in {"breaking", "undecided"} and found[finding.direction] != "breaking":
            found[finding.direction] = finding.verdict
    return found


@pytest.mark.parametrize(("name", "pair"), PAIRS, ids=[name for name, _ in PAIRS])
def test_no_verdict_is_wrong(name, pair):
    del name
    for direction, verdict in verdicts(pair).items():
        assert verdict in {"undecided", "breaking" if direction in BREAKS[pair["is"]] else "compatible"}, direction


def test_one_verdict_in_thirty_at_most_is_undecided():
    counts = Counter(verdict for _, pair in PAIRS for verdict in verdicts(pair).values())
    assert counts["undecided"] <= counts.total() / 30, counts
