"""A value that does not come back as it was given: whether the contract excuses it, and how much it weighs."""

from accord.contract import MediaType
from accord.document import Json
from accord.findings import Severity
from accord.messages.answers import writable
from accord.messages.sameness import is_told, tidied
from accord.validity import validation


def excuse(name: str, asked: MediaType | None, medium: MediaType | None) -> str:
    """Why the property `name` may come back otherwise, by its description in request or answer; `""` if it may not."""
    rules = (*(writable(asked, name) or ()), *(writable(medium, name) or ()))
    told = any(is_told(rule.get("description")) for rule in rules)
    return f"`{name}` comes back in another form, as its description says" if told else ""


def is_barred(name: str, given: Json, answer: Json, medium: MediaType | None) -> bool:
    """Whether `answer`, valid as it is, could not have `given` under `name`: its schema takes no such value there."""
    schema = None if medium is None else medium.schema
    if schema is None or not isinstance(answer, dict) or not validation.is_valid(schema, answer):
        return False
    return not validation.is_valid(schema, {**answer, name: given})


def weight(given: Json, got: Json) -> Severity | None:
    """How much a difference weighs: less than a loss where it is one that tidies; None for as much as its check."""
    return Severity.WARNING if tidied(given, got) else None
