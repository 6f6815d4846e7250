"""The first contract says what the vendor's page says, property by property."""

import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
UPSTREAM = ROOT.parent / "shared" / "upstream"
PAGE = UPSTREAM / "improve_prompt_bg.page.txt"
TYPE = re.compile(
    r"(?P<name>any|boolean|integer|object|string|enum<string>|string<[a-z-]+>)(?P<list>\[\])?(?P<null> \| null)?"
)
UNMARKED = {"expected_outcome", "evaluation", "rubric", "metadata", "test_profile_data"}
NESTED = {
    "ExpectedOutcome": ("expected_outcome",),
    "OutcomeAlignment": ("expected_outcome", "outcome_alignments", 0),
    "Evaluation": ("evaluation",),
    "Metric": ("evaluation", "metrics", 0),
    "TranscriptTurn": ("transcript_object", 0),
    "CriticalCategory": ("critical_categories", 0),
    "TestProfile": ("test_profile_data",),
}

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the vendor's page is not here")


@pytest.fixture(scope="module")
def schemas():
    return yaml.safe_load((ROOT / "schema" / "cekura_runs.openapi.yaml").read_text())["components"]["schemas"]


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text().splitlines()


def properties(lines):
    """Each property that a section of the page lists, as a schema of type, format, enum, default and readOnly."""
    found = {}
    for index, line in enumerate(lines[1:], start=1):
        match = TYPE.fullmatch(line)
        if match and re.fullmatch(r"[a-z_]+", lines[index - 1]) and lines[index - 1] not in {"any", "string"}:
            found[lines[index - 1]] = stated(match, lines[index + 1 :])
    return found


def stated(match, rest):
    name = match["name"]
    schema = {"type": "array" if match["list"] else "string" if name.startswith(("enum", "string")) else name}
    if name.startswith("string<"):
        schema["format"] = name[7:-1]
    if match["null"]:
        schema["nullable"] = True
    if name == "enum<string>":
        start = rest.index("Available options:") + 1
        schema["enum"] = [member.rstrip(",") for member in [*options(rest[start:])]]
    for line in rest[:2]:
        if line.startswith("default:"):
            schema["default"] = line.removeprefix("default:")
    schema["readOnly"] = "read-only" in rest[: 1 + ("default" in schema)]
    return schema


def options(lines):
    for line in lines:
        yield line
        if not line.endswith(","):
            return


def written(schema, schemas):
    """A property of the contract in the same terms."""
    inner = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    kinds = inner.get("type", "any")
    found = {"type": kinds[0] if isinstance(kinds, list) else kinds}
    if isinstance(kinds, list):
        assert kinds[1:] == ["null"]
        found["nullable"] = True
    found |= {key: inner[key] for key in ("format", "enum", "default") if key in inner}
    return found | {"readOnly": schema.get("readOnly", False)}


def test_the_response_has_the_page_s_properties_with_their_types_enums_defaults_and_marks(page, schemas):
    promised = properties(page[page.index("200 - application/json") :])
    said = {name: written(schema, schemas) for name, schema in schemas["Run"]["properties"].items()}
    promised["rubric"].pop("nullable")  # any or null is any
    for name in UNMARKED:
        assert promised[name]["readOnly"] is False
        promised[name]["readOnly"] = True
    assert len(promised) == 37
    assert said == promised


def test_the_request_has_the_six_properties_of_the_page_s_body_and_no_other(page, schemas):
    body = properties(page[page.index("Body") : page.index("Response")])
    said = {name: written(schema, schemas) for name, schema in schemas["RunRequest"]["properties"].items()}
    assert len(body) == 6
    assert said == body
    assert schemas["RunRequest"]["additionalProperties"] is False


def test_what_is_writable_in_the_response_is_what_the_request_takes(schemas):
    writable = {name for name, schema in schemas["Run"]["properties"].items() if not schema.get("readOnly")}
    assert writable == set(schemas["RunRequest"]["properties"])


@pytest.mark.parametrize(("component", "way"), NESTED.items())
def test_a_nested_object_has_the_properties_of_the_page_s_example(page, schemas, component, way):
    text = "\n".join(page)
    example = json.JSONDecoder().raw_decode(text, text.index('{\n  "id": 123'))[0]
    for token in way:
        example = example[token]
    assert list(schemas[component]["properties"]) == list(example)
    for name, value in example.items():
        kinds = {str: "string", bool: "boolean", list: "array", dict: "object"}
        said = schemas[component]["properties"][name]["type"]
        assert said in ({"integer", "number"} if type(value) is int else {kinds[type(value)]})


@pytest.mark.parametrize("component", NESTED)
def test_a_nested_object_requires_what_revision_200_requires(schemas, component):
    revision = json.loads(next(UPSTREAM.glob("200_*.json")).read_text())["components"]["schemas"]
    names = set(schemas[component]["properties"])
    same = [item for item in revision.values() if set(item.get("properties", ())) == names]
    assert same
    assert {tuple(sorted(item.get("required", ()))) for item in same} == {tuple(schemas[component]["required"])}


def test_a_run_requires_what_revision_063_required_and_the_page_still_has(schemas):
    revision = json.loads(next(UPSTREAM.glob("063_*.json")).read_text())["components"]["schemas"]["Run"]
    still = set(revision["required"]) & set(schemas["Run"]["properties"])
    assert set(schemas["Run"]["required"]) == still | {"id"}
