"""Redaction keeps every verdict and shape under any schema: those of the official JSON Schema Test Suite."""

import json

import pytest

from accord import loading, recordings
from accord.document import Document, walk
from accord.exchange import Exchange, Request, Response
from accord.privacy.redaction import VARIABLE
from accord.verbs.redact import RedactOptions, redact
from accord.verifying import verdicts

JSON = (("Content-Type", "application/json"),)
STRIDE = 12
"""Of so many instances one is masked in every run, the others in slow ones."""

MOST_DROPPED = 0.06
"""A greater share of exchanges of which no mask keeps the verdict would say that masks are not looked for."""


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv(VARIABLE, "a key")


def _cases(suite):
    """Contracts of which the suite's schema promises one sensitive property, and its instances."""
    for group in suite:
        text = json.dumps(group.schema)
        if isinstance(group.schema, bool) or '"$ref": "#' in text or "$defs" in text or "$anchor" in text:
            continue
        schema = {"type": "object", "properties": {"v": {**group.schema, "x-sensitive": True}}}
        answer = {"description": "", "content": {"application/json": {"schema": schema}}}
        document = {
            "openapi": "3.1.0",
            "info": {"title": "suite", "version": "1"},
            "paths": {"/x": {"post": {"responses": {"200": answer}}}},
        }
        for description, data, _ in group.cases:
            yield f"{group.name}: {description}", document, data


def _documented(document):
    found = [value["properties"] for _, value in walk(document) if isinstance(value, dict) and "properties" in value]
    return frozenset(name for properties in found if isinstance(properties, dict) for name in properties)


def _shape(place, known):
    """What of a place no mask may change, all that is not documented without its names."""
    names = [(name if name in known else "", _shape(inner, known)) for name, inner in place.names.items()]
    below = [inner and _shape(inner, known) for inner in (place.rest, place.items)]
    kept = (place.truths, place.whole, place.lengths, place.sizes, place.formats, place.branches)
    return (+place.types, *kept, sorted(names, key=repr), below)


def _looked_at(contract, path, known):
    found = verdicts.of_exchanges(contract, recordings.read(path), profiled=True)
    told = {(*identity[:-1], seen.finding.promise, seen.count) for identity, seen in found.seen.items()}
    return told, found.counts, {body: _shape(place, known) for body, place in found.profile.bodies.items()}


def _holds(cases, folder):
    """The cases of which a mask keeps all, and how many were tried; each is looked at again."""
    tried = kept = 0
    for name, document, data in cases:
        contract = loading.load(Document(uri="suite.json", data=document, text=json.dumps(document)))
        source, target = folder / "in.ndjson", folder / "out.ndjson"
        response = Response(status=200, headers=JSON, body=json.dumps({"v": data}).encode())
        recordings.write(source, [Exchange(request=Request(method="POST", url="/x"), response=response)])
        tried += 1
        if redact((contract,), str(source), target, RedactOptions(everything=tried % 2 > 0)).counts["dropped"]:
            continue
        known = _documented(document)
        assert _looked_at(contract, target, known) == _looked_at(contract, source, known), name
        kept += 1
    return tried, kept


def test_no_verdict_and_no_shape_changes_under_schemas_of_all_kinds(suite, tmp_path):
    tried, kept = _holds(list(_cases(suite))[::STRIDE], tmp_path)
    assert tried > 100
    assert kept > tried * (1 - MOST_DROPPED)


@pytest.mark.slow
def test_no_verdict_and_no_shape_changes_under_any_schema_of_the_suite(suite, tmp_path):
    tried, kept = _holds(_cases(suite), tmp_path)
    assert tried > 1400
    assert kept > tried * (1 - MOST_DROPPED)
