"""Redaction changes no verdict and no shape of a profile: presence, types, nulls, lengths, formats, branches stay."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord import loading, recordings
from accord.exchange import Exchange, Request, Response
from accord.privacy.redaction import VARIABLE
from accord.verbs.redact import RedactOptions, redact
from accord.verifying import verdicts

DOCUMENT = """
openapi: 3.1.0
info: {title: people, version: "1"}
servers: [{url: https://people.example.com}]
paths:
  /people:
    post:
      responses:
        "200":
          description: a person
          content:
            application/json: {schema: {$ref: '#/components/schemas/Person'}}
            text/event-stream: {schema: {$ref: '#/components/schemas/Person'}}
components:
  schemas:
    Person:
      type: object
      properties:
        name: {type: [string, "null"], x-sensitive: true, minLength: 2}
        born: {type: string, format: date, x-sensitive: true}
        code: {type: string, pattern: "^[a-f]+[0-9]{2}$", x-sensitive: true}
        kind: {enum: [person, robot], x-sensitive: true}
        score: {type: integer, minimum: 0, maximum: 20, x-sensitive: true}
        price: {type: number, multipleOf: 0.05, x-sensitive: true}
        mails: {type: array, items: {type: string, format: email}, uniqueItems: true}
        by_mail: {type: object, additionalProperties: {type: [integer, boolean]}}
        contact:
          x-sensitive: true
          oneOf: [{$ref: '#/components/schemas/Phone'}, {$ref: '#/components/schemas/Mail'}]
    Phone: {type: object, required: [kind, at], properties: {kind: {const: phone}, at: {type: string, pattern: "^[+]"}}}
    Mail: {type: object, required: [kind, at], properties: {kind: {const: mail}, at: {type: string, format: email}}}
"""
FORMED = st.sampled_from(
    [
        *(
            "2026-01-15T09:30:00Z",
            "2026-02-30T09:30:00Z",
            "2026-01-15",
            "2026-13-15",
            "09:30:00Z",
            "24:30:00Z",
            "P3Y6M",
        ),
        *("3f2b8c1e-5a67-4d90-8b12-0c9d8e7f6a5b", "ada@example.com", "192.168.0.17", "2001:db8::ff00:42:8329", "::1"),
        *("https://ada:secret@example.com/a?b=c#d", "urn:isbn:0451450523", "mailto:ada@example.com", "+49 151 1234567"),
        *("ab12", "person", "phone", "$KEY", 'a "quoted" \\ text', "é", "\ud83d\ude00 smile", "x" * 120),
    ]
)
TEXTS = FORMED | st.text(max_size=12)
NUMBERS = st.integers(-3, 10**20) | st.sampled_from([0.35, 1e2, 2.50, -7.0, 1e-7, 3])
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
ANY = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS | st.just("password"), inner, max_size=3),
    max_leaves=6,
)
PEOPLE = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXTS | st.none() | NUMBERS,
        "born": TEXTS,
        "code": st.sampled_from(["ab12", "f00", "zz"]),
        "kind": st.sampled_from(["person", "robot", "ghost"]),
        "score": st.integers(-5, 25) | st.booleans(),
        "price": st.sampled_from([0.35, 0.07, 10, 2.5]),
        "mails": st.lists(TEXTS, max_size=3),
        "by_mail": st.dictionaries(TEXTS, st.integers(0, 9) | st.booleans() | st.text(max_size=3), max_size=4),
        "contact": st.fixed_dictionaries(
            {
                "kind": st.sampled_from(["phone", "mail"]),
                "at": st.sampled_from(["+4915112345", "a@b.example", "+a@b.c"]),
            }
        ),
        "token": ANY,
        "other": ANY,
    },
)


@pytest.fixture(scope="module")
def contract(tmp_path_factory):
    path = tmp_path_factory.mktemp("contract") / "people.yaml"
    path.write_text(DOCUMENT)
    return loading.load(str(path))


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv(VARIABLE, "a key")


def _exchange(bodies, *, stream):
    texts = [json.dumps(body) for body in bodies]
    body = "".join(f"data: {text}\n\n" for text in texts) if stream else texts[0]
    kind = "text/event-stream" if stream else "application/json"
    return Exchange(
        request=Request(method="POST", url="https://people.example.com/people"),
        response=Response(status=200, headers=(("Content-Type", kind),), body=body.encode()),
    )


def _shape(place, documented):
    """What no mask may change; names that nobody documents may be other names."""
    known = {name: _shape(inner, documented) for name, inner in place.names.items() if name in documented}
    others = [_shape(inner, documented) for name, inner in place.names.items() if name not in documented]
    return {
        "types": +place.types,
        "truths": place.truths,
        "whole": place.whole,
        "lengths": place.lengths,
        "sizes": place.sizes,
        "formats": place.formats,
        "branches": place.branches,
        "names": known,
        "others": sorted(others, key=repr),
        "rest": place.rest and _shape(place.rest, documented),
        "items": place.items and _shape(place.items, documented),
    }


def _looked_at(contract, path):
    found = verdicts.of_exchanges(contract, recordings.read(path), profiled=True)
    told = {(*identity[:-1], seen.finding.promise, seen.count) for identity, seen in found.seen.items()}
    documented = {name for schema in contract.definitions.values() for name in schema["properties"]}
    shapes = {body: _shape(place, documented) for body, place in found.profile.bodies.items()}
    return told, found.counts, found.profile.counts, shapes


@settings(deadline=None, max_examples=40)
@given(st.lists(PEOPLE, min_size=1, max_size=3), st.booleans(), st.booleans())
def test_no_verdict_and_no_shape_of_a_profile_changes(contract, bodies, stream, everything):
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.ndjson"), Path(folder, "out.ndjson")
        recordings.write(source, [_exchange(bodies, stream=stream)])
        report = redact((contract,), str(source), target, RedactOptions(everything=everything))
        if report.counts["dropped"]:
            return
        assert _looked_at(contract, target) == _looked_at(contract, source)
