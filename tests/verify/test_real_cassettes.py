"""Real cassettes show the causes that plain jsonschema finds in them and no other, each once with its count.

The oracle is written without accord: cassettes by PyYAML, the document's own references, operations by a template's
expression, answers by jsonschema as it is. Of a union that refuses a value it takes the branch that is meant: those whose
`const`, `enum` or kind of value fits, of these the one with the fewest refusals.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import pytest
import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from accord import loading
from accord.findings import exit_code
from accord.verbs.verify import verify

OPENAI = Path(__file__).parents[3] / "shared" / "recordings" / "openai"
DOCUMENT = "urn:document"
KINDS = {"const", "enum", "type"}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@pytest.fixture(scope="module")
def document():
    if not OPENAI.exists():
        pytest.skip("the shared recordings are not here")
    return json.loads((OPENAI / "openapi.json").read_text())


@pytest.fixture(scope="module")
def report():
    if not OPENAI.exists():
        pytest.skip("the shared recordings are not here")
    return verify(loading.load(str(OPENAI / "openapi.json")), [str(OPENAI / "cassettes")])


def _interactions():
    paths = sorted((OPENAI / "cassettes").iterdir())
    return [each for path in paths for each in yaml.load(path.read_text(), Loader=LOADER)["interactions"]]  # noqa: S506  a safe one


@pytest.fixture(scope="module")
def judge(document):
    """What validates under the schema at a pointer of the document."""
    registry = Registry().with_resource(DOCUMENT, Resource(contents=document, specification=DRAFT202012))
    made = {}

    def validator(pointer):
        if pointer not in made:
            made[pointer] = jsonschema.Draft202012Validator(
                {"$ref": f"{DOCUMENT}#{pointer}"}, registry=registry, format_checker=jsonschema.FormatChecker()
            )
        return made[pointer]

    return validator


def _called(document, method, uri):
    """The template that a request went to; the reason why there is none."""
    url = urlsplit(uri)
    if url.hostname != "api.openai.com":
        return None, f"`{url.hostname}` is no server of the contract"
    path = url.path.removeprefix("/v1")
    for template in sorted(document["paths"], key=lambda item: item.count("{")):
        expression = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(expression, path) and method.lower() in document["paths"][template]:
            return template, ""
    return None, "the contract has no such path"


def _escaped(token):
    return token.replace("~", "~0").replace("/", "~1")


def _media_type(document, template, method, status, kind):
    """The pointer of the schema that is documented for an answer, with its media type; None where none is."""
    here = f"/paths/{_escaped(template)}/{method.lower()}/responses/{status}"
    response = document["paths"][template][method.lower()]["responses"].get(str(status))
    if response is None:
        return None
    if "$ref" in response:
        here = response["$ref"].removeprefix("#")
        response = document["components"]["responses"][here.rpartition("/")[2]]
    name = kind.partition(";")[0].strip()
    return f"{here}/content/{_escaped(name)}/schema" if name in response.get("content", {}) else None


def _values(interaction, name):
    response = interaction["response"]
    body = response["parsed_body"] if "parsed_body" in response else response["body"]["string"]
    if name == "text/event-stream":
        events = [line.removeprefix("data:").strip() for line in body.splitlines() if line.startswith("data:")]
        return [json.loads(event) for event in events if event != "[DONE]"]
    return [json.loads(body) if isinstance(body, str | bytes) else body]


def _leaves(error):
    """What is refused: the error itself, or those of the branch of a union that is meant."""
    if error.validator not in {"anyOf", "oneOf"} or not error.context:
        yield error
        return
    by_branch = {}
    for inner in error.context:
        by_branch.setdefault(inner.schema_path[0], []).append(inner)

    def fits(refusals):
        """How far a branch is from being meant: another kind of value, another constant, then what else it lacks."""
        flat = [leaf for each in refusals for leaf in _leaves(each)]
        depth = len(error.absolute_path)
        other = [leaf for leaf in flat if leaf.validator in KINDS and len(leaf.absolute_path) <= depth]
        tag = [leaf for leaf in flat if leaf.validator in {"const", "enum"} and len(leaf.absolute_path) == depth + 1]
        return len(other), len(tag), len(flat)

    for inner in min(by_branch.values(), key=fits):
        yield from _leaves(inner)


def _pointer(error, value):
    """Where a refusal is, items of arrays as `*`; of a property that is missing, its own place."""
    for missing in _missing(error):
        tokens, here = [], value
        for token in [*error.absolute_path, *missing]:
            tokens.append("*" if isinstance(here, list) else _escaped(str(token)))
            here = here[token] if isinstance(here, list) or token in here else None
        yield "".join(f"/{token}" for token in tokens)


def _missing(error):
    if error.validator != "required":
        return [()]
    return [(name,) for name in error.validator_value if name not in error.instance]


@dataclass
class Found:
    """Causes by operation, status, media type and pointer; what no operation answered; JSON answers without a cause."""

    causes: Counter = field(default_factory=Counter)
    called: Counter = field(default_factory=Counter)
    unmatched: Counter = field(default_factory=Counter)
    undocumented: Counter = field(default_factory=Counter)
    conforming: int = 0


@pytest.fixture(scope="module")
def oracle(document, judge):
    found = Found()
    for each in _interactions():
        method, status = each["request"]["method"], each["response"]["status"]["code"]
        template, reason = _called(document, method, each["request"]["uri"])
        if template is None:
            found.unmatched[reason] += 1
            continue
        operation = f"{method} {template}"
        found.called[operation] += 1
        headers = {name.lower(): values for name, values in each["response"]["headers"].items()}
        pointer = _media_type(document, template, method, status, headers["content-type"][0])
        if pointer is None:
            found.undocumented[status] += 1
            continue
        name = headers["content-type"][0].partition(";")[0].strip()
        pointers = {
            where
            for value in _values(each, name)
            for error in judge(pointer).iter_errors(value)
            for leaf in _leaves(error)
            for where in _pointer(leaf, value)
        }
        found.causes.update((operation, str(status), name, where) for where in pointers)
        found.conforming += not pointers and name == "application/json"
    return found


def test_each_cause_that_jsonschema_finds_is_told_once_with_its_count_and_no_other(report, oracle):
    told = [
        ((item.operation, item.status, item.media_type, item.pointer), item.count)
        for item in report.findings
        if item.code == "response-body"
    ]
    assert len(dict(told)) == len(told) == 29
    assert dict(told) == dict(oracle.causes)


def test_the_counts_and_what_could_not_be_checked_are_told_whole(report, oracle):
    matched, unmatched = oracle.called.total(), oracle.unmatched.total()
    undocumented = [(int(item.status), item.count) for item in report.findings if item.code == "status-code"]
    assert undocumented == [*oracle.undocumented.items()] == [(400, 8)]
    assert report.counts == {
        "files": 85,
        "entries": matched + unmatched,
        "matched": matched,
        "unmatched": unmatched,
        "damaged": 0,
        "conform": oracle.conforming,
        "operations": f"{len(oracle.called)}/288",
        "response properties": "104/2096",
    }
    no_case = "the recording does not say what the request was meant to be"
    assert {(item.what, item.reason): item.count for item in report.ledger.unchecked} == {
        **{("exchange", reason): count for reason, count in oracle.unmatched.items()},
        **{(check, no_case): matched for check in ("authentication", "invalid-accepted", "valid-refused")},
        ("echo", no_case): matched - 8,
    }
    assert {item.code for item in report.findings} == {"response-body", "status-code", "undocumented-property"}
    assert exit_code(report) == 1


def test_the_witness_of_each_cause_breaks_the_same_promise_and_holds_no_recorded_text(report, document, judge):
    shown = [item for item in report.findings if item.code == "response-body"]
    recorded = "".join(path.read_text() for path in (OPENAI / "cassettes").iterdir())
    assert {item.pointer for item in shown if item.witness is None} == set()
    for item in shown:
        method, _, template = item.operation.partition(" ")
        pointer = _media_type(document, template, method, item.status, item.media_type)
        value = item.witness.value
        found = {
            where
            for error in judge(pointer).iter_errors(value)
            for leaf in _leaves(error)
            for where in _pointer(leaf, value)
        }
        assert item.pointer in found
        assert len(json.dumps(value)) < 200
        assert [
            text for text in _texts(value) if len(text) > 30 and text in recorded and text not in str(document)
        ] == []


def _texts(value):
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []
