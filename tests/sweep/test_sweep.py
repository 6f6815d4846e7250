"""`fuzz` finds the planted faults: a sample in every run, all of them where `-m slow` asks, with a table by class."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).parent
SERVICES = ("embedded", "embedded-shop", "handmade", "shop")
LAX = {"embedded": 0.6, "embedded-shop": 0.6, "handmade": 0.6, "shop": 0.7}
"""What share is found where the document is lax: that of the shop drops what every fifth of its faults breaks."""

SAMPLE = {
    "strict": (
        "accepts-undeclared",
        "carried-over",
        "lost-write",
        "open-door",
        "progress-id",
        "refuses-empty-text",
        "server-error",
    ),
    "lax": ("lost-write", "open-door", "progress-id", "refuses-a-member"),
}


def swept(folder: Path, *arguments: str) -> list[dict]:
    """The outcomes of a sweep in processes of its own; its table goes to the test's output."""
    written = folder / "outcomes.json"
    command = [sys.executable, str(HERE / "sweep.py"), *arguments, "--json", str(written)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    sys.stdout.write(done.stdout)
    assert done.returncode == 0, done.stderr
    return json.loads(written.read_text())


def share(outcomes: list[dict], service: str, document: str) -> float:
    """The share of the faults of `service` that were found."""
    chosen = [
        item["meant"] in item["codes"]
        for item in outcomes
        if (item["task"]["service"], item["task"]["document"]) == (service, document) and item["task"]["fault"]
    ]
    return sum(chosen) / len(chosen)


def alarms(outcomes: list[dict]) -> list[dict]:
    """The outcomes of honest services that show anything, and of any service that ended in a problem."""
    return [item for item in outcomes if item["problem"] or (item["codes"] and not item["task"]["fault"])]


@pytest.mark.parametrize("document", SAMPLE)
def test_a_sample_of_the_faults_is_found_and_the_honest_service_is_left_in_peace(document, tmp_path):
    chosen = [word for name in SAMPLE[document] for word in ("--fault", name)]
    outcomes = swept(tmp_path, "embedded", "--peer", "", "--document", document, *chosen)
    assert alarms(outcomes) == []
    assert [item["task"]["fault"] for item in outcomes if item["meant"] not in item["codes"] and item["meant"]] == []


@pytest.mark.slow
def test_nearly_every_fault_is_found(tmp_path):
    outcomes = swept(tmp_path, "--seeds", "10")
    assert alarms(outcomes) == []
    assert {name: share(outcomes, name, "strict") > 0.95 for name in SERVICES} == dict.fromkeys(SERVICES, True)
    assert {name: share(outcomes, name, "lax") > least for name, least in LAX.items()} == dict.fromkeys(LAX, True)


def test_a_lax_document_says_no_more_than_a_vendor_does():
    text = """
    paths:
      /a:
        post:
          parameters: [{name: b, in: query, required: true, schema: {type: integer, maximum: 3}}]
          responses:
            '200': {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
            '400': {description: No.}
    components:
      schemas:
        A:
          required: [format]
          additionalProperties: false
          properties:
            format: {type: string, format: date, enum: [required]}
            required: {type: array, minItems: 1, items: {type: string, minLength: 1}}
    """
    command = "import sys, yaml; from lax import lax; print(yaml.safe_dump(lax(yaml.safe_load(sys.stdin.read()))))"
    done = subprocess.run([sys.executable, "-c", command], input=text, capture_output=True, text=True, check=True, cwd=HERE)  # fmt: skip
    assert yaml.safe_load(done.stdout) == {
        "paths": {
            "/a": {
                "post": {
                    "parameters": [{"name": "b", "in": "query", "required": True, "schema": {"type": "integer"}}],
                    "responses": {
                        "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}
                    },
                }
            }
        },
        "components": {
            "schemas": {
                "A": {
                    "properties": {
                        "format": {"type": "string", "enum": ["required"]},
                        "required": {"type": "array", "items": {"type": "string"}},
                    }
                }
            }
        },
    }


def test_the_peer_is_said_to_find_a_failure_with_the_first_request_that_shows_it():
    def event(label: str, at: float, **failures: str) -> str:
        checks = [{"status": "success"}] + [
            {"status": "failure", "failure_info": {"failure": {"code": code, "operation": operation}}}
            for code, operation in failures.items()
        ]
        recorder = {"interactions": {label: {"timestamp": at}}, "checks": {label: checks}}
        return json.dumps({"ScenarioFinished": {"recorder": recorder}})

    events = [json.dumps({"Initialize": {}}), event("c", 3, ST1="GET /a", ST2="GET /b"), event("b", 2, ST1="GET /a"), event("a", 1)]  # fmt: skip
    command = "import sys, json, peer; told = peer.told(sys.stdin.read()); print(json.dumps([sorted(told.first.items()), told.requests]))"
    done = subprocess.run([sys.executable, "-c", command], input="\n".join(events), capture_output=True, text=True, check=True, cwd=HERE)  # fmt: skip
    assert json.loads(done.stdout) == [[[["ST1", "GET /a"], 2], [["ST2", "GET /b"], 3]], 3]
