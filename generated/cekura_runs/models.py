"""Models of Cekura runs: tolerant readers; whether an answer keeps the contract is not theirs to say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator

__all__ = [
    "CriticalCategory",
    "Detail",
    "Evaluation",
    "ExpectedOutcome",
    "Flag",
    "Instant",
    "Metric",
    "Model",
    "Number",
    "OutcomeAlignment",
    "Request",
    "Run",
    "RunRequest",
    "TestProfile",
    "TranscriptTurn",
    "Whole",
]


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise ValueError("is no whole number")


def _number(value: object) -> int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise ValueError("is no number")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("is neither true nor false")


def _instant(value: object) -> datetime | str:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("is no text")
    if not _RFC_3339.fullmatch(value):
        return value
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        return value


def _instant_as_text(value: datetime | str) -> str:
    return value if isinstance(value, str) else value.isoformat().replace("+00:00", "Z")


_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)

Whole = Annotated[int, PlainValidator(_whole)]
"""A JSON integer: 12 and 12.0, never true or "12"."""

Number = Annotated[int | float, PlainValidator(_number)]
"""A JSON number, whole ones kept whole."""

Flag = Annotated[bool, PlainValidator(_flag)]
"""true or false, nothing that is merely like them."""

Instant = Annotated[datetime | str, PlainValidator(_instant), PlainSerializer(_instant_as_text)]
"""An RFC 3339 date-time; kept as text where it cannot be read."""


class Model(BaseModel):
    """What was read, kept whole: undeclared properties stay, an absent property is told from null."""

    model_config = ConfigDict(extra="allow", populate_by_name=True, protected_namespaces=())

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read a JSON object: by the names of the contract alone, whatever Python calls its properties."""
        return cls.model_validate(value, by_alias=True, by_name=False)

    def to_json(self) -> dict[str, Any]:
        """The JSON object this was read from."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def has(self, name: str) -> bool:
        """Whether the property `name`, as the contract spells it, is there; null counts as there."""
        return name in self.to_json()

    def surprises(self) -> dict[str, Any]:
        """What the contract does not foresee, by JSON Pointer.

        Undeclared properties, unknown members of enumerations, and date-times that cannot be read.
        """
        return dict(_surprises(self, ""))


class Request(Model):
    """What a client writes: undeclared properties are refused."""

    model_config = ConfigDict(extra="forbid")


def _surprises(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _surprises(item, f"{pointer}/{index}")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _surprises(item, f"{pointer}/{_escape(name)}")
    elif isinstance(value, Model):
        for name, item in (value.model_extra or {}).items():
            yield f"{pointer}/{_escape(name)}", item
        for field, info in type(value).model_fields.items():
            held = getattr(value, field)
            where = f"{pointer}/{_escape(info.alias or field)}"
            if isinstance(held, str) and not _foreseen(info.annotation, held, info.metadata):
                yield where, held
            else:
                yield from _surprises(held, where)


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _foreseen(annotation: Any, held: str, metadata: Any) -> bool:
    """Whether a text is a member of the enumeration, or a readable date-time, where one is promised."""
    parts = [annotation, *get_args(annotation)]
    members = [member for part in parts if get_origin(part) is Literal for member in get_args(part)]
    instant = datetime in parts or any(datetime in get_args(get_args(part)[0]) for part in parts if _is_annotated(part))
    return held in members if members else not instant


def _is_annotated(part: Any) -> bool:
    return get_origin(part) is Annotated


class CriticalCategory(Model):
    """
    One category of critical behaviour and what the run showed of it.
    """

    category: str
    category_id: Whole
    deviation: Number
    feedback: str
    priority: Literal["critical", "non-critical", "not_a_bug"] | str
    wrongly_marked: Flag


class Detail(Model):
    """
    One reason for the whole request.
    """

    detail: str


class Evaluation(Model):
    """
    The run held to its metrics.
    """

    metrics: list[Metric]


class ExpectedOutcome(Model):
    """
    How near the call came to what was expected.
    """

    explanation: list[str]
    outcome_alignments: list[OutcomeAlignment]
    score: Number


class Metric(Model):
    """
    What one metric made of the run.
    """

    enum: str
    explanation: list[str]
    extra: dict[str, Any]
    id: Whole
    name: str
    score: Number
    type_: str = Field(..., alias="type")
    value: str


class OutcomeAlignment(Model):
    """
    Whether one outcome agrees with the part of the prompt that asks for it.
    """

    aligned: Flag
    outcome: str
    prompt_part: str


class Run(Model):
    """
    One run of a scenario against the agent under test.
    """

    agent: Whole
    critical_categories: list[CriticalCategory]
    duration: str
    email_id: str | None
    evaluation: Evaluation
    executed_at: Instant | None
    expected_outcome: ExpectedOutcome
    expected_outcome_prompt: str
    id: Whole
    metadata: Any
    outbound_number: str
    personality: Whole
    personality_name: str
    run_as_text: Flag
    scenario: Whole | None
    scenario_name: str
    status: (
        Literal[
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
        | str
    )
    success: Flag
    timestamp: Instant
    transcript: str
    transcript_object: list[TranscriptTurn]
    voice_recording_url: str
    agent_number: str | None = None
    error_message: str | None = None
    evaluation_status: Literal["success", "failure", "reviewed_success", "reviewed_failure"] | str | None = None
    feedback: str | None = None
    inbound_number: str | None = None
    is_reviewed: Flag | None = None
    provider_call_details: Any | None = None
    provider_call_id: str | None = None
    result_id: Whole | None = None
    result_name: str | None = None
    rubric: Any | None = None
    run_type: str | None = None
    scenario_instructions: str | None = None
    test_profile_data: TestProfile | None = None
    testing_channel_index: Whole | None = None


class RunRequest(Request):
    """
    The six properties of a run that a client may write; none is needed.
    """

    error_message: str | None = None
    evaluation_status: Literal["success", "failure", "reviewed_success", "reviewed_failure"] | str | None = None
    feedback: str | None = None
    is_reviewed: Flag | None = None
    scenario_instructions: str | None = None
    success: Flag | None = None


class TestProfile(Model):
    """
    Who the testing agent claimed to be.
    """

    id: Whole
    information: dict[str, Any]
    name: str


class TranscriptTurn(Model):
    """
    One turn of the call.
    """

    content: str
    role: str
    timestamp: Number
