"""Requests under a condition: a change names in `If-Match` the entity tag that the thing was last answered with.

A condition that nothing meets hides what the rest of the request is about, and is then left out.
"""

from dataclasses import replace

from accord import histories
from accord.contract import Operation, Parameter
from accord.exchange import Case, Exchange, header
from accord.validity import validation

NAME = "If-Match"

ANY = "*"
"""The condition that the thing is there at all (RFC 9110 section 13.1.1)."""

UNMET = 412
"""The status of what failed because of its condition alone."""

NAMES = frozenset({"if-match", "if-unmodified-since", "if-none-match", "if-modified-since"})
"""Headers that hold a condition (RFC 9110 section 13.1)."""


def is_conditional(operation: Operation) -> bool:
    """Whether the contract lets a request of `operation` name the tag of the thing."""
    return any(map(is_condition, operation.parameters))


def is_condition(parameter: Parameter) -> bool:
    """Whether `parameter` names the tag under which something is changed."""
    return parameter.location == "header" and parameter.name.lower() == NAME.lower()


def unconditional(operation: Operation, case: Case) -> Case:
    """`case` on no condition, or on one that every thing meets where the contract wants one.

    A case that is about something else than its body, or about a condition, stays as it is.
    """
    if not (case.valid or case.part == "body"):
        return case
    for item in operation.parameters:
        if item.location != "header" or item.name.lower() not in NAMES:
            continue
        if not item.required:
            case = _without(case, item.name)
        elif is_condition(item) and validation.is_valid(item.schema, ANY):
            case = under(case, ANY)
    return case


def _without(case: Case, name: str) -> Case:
    kept = tuple(pair for pair in case.request.headers if pair[0].lower() != name.lower())
    return replace(case, request=replace(case.request, headers=kept)) if kept != case.request.headers else case


def conditioned(operation: Operation, case: Case, earlier: tuple[Exchange, ...]) -> Case:
    """`case` under the last tag that `earlier` told of its place; as it is where they told none."""
    if not is_conditional(operation):
        return case
    here = histories.place(case.request)
    about = (
        item for item in reversed(earlier) if histories.place(item.request) == here or histories.is_made_at(item, here)
    )
    found = next((tag for item in about if (tag := histories.tag(item))), "")
    return under(case, found) if found else case


def under(case: Case, tag: str) -> Case:
    """`case` with `tag` in its `If-Match`."""
    rest = _without(case, NAME).request.headers
    return replace(case, request=replace(case.request, headers=(*rest, (NAME, tag))))


def origin(exchange: Exchange, earlier: tuple[Exchange, ...]) -> int | None:
    """Which of `earlier` told the tag that a request names; None where it names none of theirs."""
    given = header(exchange.request.headers, NAME)
    return next((at for at, item in enumerate(earlier) if given and histories.tag(item) == given), None)
