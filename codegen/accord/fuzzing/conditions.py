"""Requests under a condition: a change names in `If-Match` the entity tag that the thing was last answered with."""

from dataclasses import replace

from accord import histories
from accord.contract import Operation, Parameter
from accord.exchange import Case, Exchange, header

NAME = "If-Match"


def is_conditional(operation: Operation) -> bool:
    """Whether the contract lets a request of `operation` name the tag of the thing."""
    return any(map(is_condition, operation.parameters))


def is_condition(parameter: Parameter) -> bool:
    """Whether `parameter` names the tag under which something is changed."""
    return parameter.location == "header" and parameter.name.lower() == NAME.lower()


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
    rest = tuple(pair for pair in case.request.headers if pair[0].lower() != NAME.lower())
    return replace(case, request=replace(case.request, headers=(*rest, (NAME, tag))))


def origin(exchange: Exchange, earlier: tuple[Exchange, ...]) -> int | None:
    """Which of `earlier` told the tag that a request names; None where it names none of theirs."""
    given = header(exchange.request.headers, NAME)
    return next((at for at, item in enumerate(earlier) if given and histories.tag(item) == given), None)
