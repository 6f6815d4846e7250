"""Hypothesis strategies of Cekura runs: valid values of each schema, and requests, valid and with one fault."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from accord.strategies import anything, arrays, from_schema, held, integers, invalid, numbers, objects, text


@functools.cache
def _schemas() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(Path(__file__).with_name("schemas.json").read_text(encoding="utf-8"))
    return found


@functools.cache
def schema(name: str) -> Mapping[str, Any]:
    """The JSON Schema 2020-12 of a definition of the contract, self-contained."""
    return {"$ref": f"#/$defs/{name}", "$defs": _schemas()["definitions"]}


@functools.cache
def body_schema(method: str) -> Mapping[str, Any]:
    """The JSON Schema 2020-12 of the request body of a method of the client, self-contained."""
    return {**_schemas()["bodies"][method], "$defs": _schemas()["definitions"]}


def _held(drawn: SearchStrategy[Any], whole: Mapping[str, Any]) -> SearchStrategy[Any]:
    return held(drawn, {**whole, "$defs": _schemas()["definitions"]})


@functools.cache
def critical_category() -> SearchStrategy[Any]:
    """One category of critical behaviour and what the run showed of it."""
    return objects(
        required={
            "category": text(),
            "category_id": integers(),
            "deviation": numbers(),
            "feedback": text(),
            "priority": st.sampled_from(["critical", "non-critical", "not_a_bug"]),
            "wrongly_marked": st.booleans(),
        }
    )


@functools.cache
def detail() -> SearchStrategy[Any]:
    """One reason for the whole request."""
    return objects(required={"detail": text()})


@functools.cache
def evaluation() -> SearchStrategy[Any]:
    """The run held to its metrics."""
    return objects(required={"metrics": arrays(metric())})


@functools.cache
def evaluation_status() -> SearchStrategy[Any]:
    """What evaluation or review came to."""
    return st.sampled_from(["success", "failure", "reviewed_success", "reviewed_failure"])


@functools.cache
def expected_outcome() -> SearchStrategy[Any]:
    """How near the call came to what was expected."""
    return objects(
        required={"explanation": arrays(text()), "outcome_alignments": arrays(outcome_alignment()), "score": numbers()}
    )


@functools.cache
def metric() -> SearchStrategy[Any]:
    """What one metric made of the run."""
    return objects(
        required={
            "enum": text(),
            "explanation": arrays(text()),
            "extra": objects(rest=anything()),
            "id": integers(),
            "name": text(),
            "score": numbers(),
            "type": text(),
            "value": text(),
        }
    )


@functools.cache
def outcome_alignment() -> SearchStrategy[Any]:
    """Whether one outcome agrees with the part of the prompt that asks for it."""
    return objects(required={"aligned": st.booleans(), "outcome": text(), "prompt_part": text()})


@functools.cache
def property_errors() -> SearchStrategy[Any]:
    """Each refused property with the reasons."""
    return objects(rest=arrays(text()))


@functools.cache
def run() -> SearchStrategy[Any]:
    """One run of a scenario against the agent under test."""
    return objects(
        required={
            "agent": integers(),
            "critical_categories": arrays(critical_category()),
            "duration": text(),
            "email_id": st.one_of(st.none(), text(format="email")),
            "evaluation": evaluation(),
            "executed_at": st.one_of(st.none(), text(format="date-time")),
            "expected_outcome": expected_outcome(),
            "expected_outcome_prompt": text(),
            "id": integers(),
            "metadata": anything(),
            "outbound_number": text(),
            "personality": integers(),
            "personality_name": text(),
            "run_as_text": st.booleans(),
            "scenario": st.one_of(st.none(), integers()),
            "scenario_name": text(),
            "status": st.sampled_from(
                [
                    "running",
                    "completed",
                    "failed",
                    "pending",
                    "in_progress",
                    "evaluating",
                    "in_queue",
                    "timeout",
                    "cancelled",
                    "scaling_up",
                ]
            ),
            "success": st.booleans(),
            "timestamp": text(format="date-time"),
            "transcript": text(),
            "transcript_object": arrays(transcript_turn()),
            "voice_recording_url": text(),
        },
        optional={
            "agent_number": st.one_of(st.none(), text()),
            "error_message": text(),
            "evaluation_status": evaluation_status(),
            "feedback": text(),
            "inbound_number": text(),
            "is_reviewed": st.booleans(),
            "provider_call_details": anything(),
            "provider_call_id": text(),
            "result_id": integers(),
            "result_name": text(),
            "rubric": anything(),
            "run_type": st.one_of(st.none(), text()),
            "scenario_instructions": text(),
            "test_profile_data": test_profile(),
            "testing_channel_index": st.one_of(st.none(), integers()),
        },
    )


@functools.cache
def run_request() -> SearchStrategy[Any]:
    """The six properties of a run that a client may write; none is needed."""
    return objects(
        optional={
            "error_message": text(),
            "evaluation_status": evaluation_status(),
            "feedback": text(),
            "is_reviewed": st.booleans(),
            "scenario_instructions": text(),
            "success": st.booleans(),
        }
    )


@functools.cache
def test_profile() -> SearchStrategy[Any]:
    """Who the testing agent claimed to be."""
    return objects(required={"id": integers(), "information": objects(rest=anything()), "name": text()})


@functools.cache
def transcript_turn() -> SearchStrategy[Any]:
    """One turn of the call."""
    return objects(required={"content": text(), "role": text(), "timestamp": numbers()})


@functools.cache
def improve_prompt_bg_request() -> SearchStrategy[Any]:
    """Arguments of `Client.improve_prompt_bg` that conform."""
    return st.fixed_dictionaries({}, optional={"body": run_request()})


@functools.cache
def improve_prompt_bg_invalid_request() -> SearchStrategy[Any]:
    """Arguments of `Client.improve_prompt_bg` whose body has exactly one fault."""
    return st.fixed_dictionaries(
        {
            "body": invalid(body_schema("improve_prompt_bg"))
            .map(lambda found: found.value)
            .filter(lambda value: value is not None)
        }
    )
