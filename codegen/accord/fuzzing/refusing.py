"""Sequences about methods: one that is not documented is refused, then those are sent that the refusal names."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from accord import histories
from accord.contract import Operation
from accord.exchange import Case, Exchange, header
from accord.fuzzing.connecting import Places, known, placed
from accord.fuzzing.picking import by_weight
from accord.fuzzing.stepping import Cases, Sequence, Step
from accord.strategies.invalid_steps import METHODS

NAMED = 2
"""So many methods that a refusal names, and the contract does not, are sent."""


def methods(
    chosen: tuple[Operation, ...], values: Places, cases: Cases, *, declared: Mapping[str, set[str]], safe: bool
) -> Iterator[Sequence]:
    """For each path: a method that is not `declared` there, and what `Allow` then names; `safe` ones alone if so."""
    for path in dict.fromkeys(item.path for item in chosen):
        here = [item for item in chosen if item.path == path]
        found = next(((item, case) for item in here for case in by_weight(cases(item))[:1]), None)
        options = [name for name in METHODS if name not in declared[path] and (not safe or name in histories.SAFE)]
        if found is None or not options:
            continue
        operation, plain = found
        fixed = {item.name: known(item, values) for item in operation.parameters if item.location == "path"}
        there = placed(operation, plain, fixed)
        if there is not None:
            steps = tuple(_steps(operation, there, options))
            yield Sequence(name=f"{path} by other methods", steps=steps)


def _steps(operation: Operation, plain: Case, options: list[str]) -> Iterator[Step]:
    def named(earlier: tuple[Exchange, ...]) -> Case | None:
        told = [name for item in earlier for name in allowed(item)]
        asked = {item.request.method for item in earlier}
        name = next((item for item in told if item in options and item not in asked), None)
        return None if name is None else _with(plain, name)

    yield Step(operation=operation, case=lambda _earlier: _with(plain, options[0]))
    yield from (Step(operation=operation, case=named, may_lack=True) for _ in range(NAMED))


def allowed(exchange: Exchange) -> list[str]:
    """The methods that the `Allow` of an answer names."""
    text = header(exchange.response.headers, "Allow") if exchange.response is not None else None
    return [name.strip().upper() for name in (text or "").split(",") if name.strip()]


def _with(case: Case, method: str) -> Case:
    request = replace(
        case.request,
        method=method,
        url=case.request.url.partition("?")[0],
        headers=tuple(pair for pair in case.request.headers if pair[0].lower() != "content-type"),
        body=b"",
    )
    told = f"the method {method} is not documented here"
    return replace(case, request=request, valid=False, fault="method", part="method", description=told)
