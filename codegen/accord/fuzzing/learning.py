"""What a search has learned beside what it found, for those who weigh that."""

from collections.abc import Mapping
from dataclasses import replace

from accord.contract import Operation
from accord.exchange import CLIENT_ERRORS, SUCCESS, Case
from accord.fuzzing import practice
from accord.fuzzing.asking import Search
from accord.weighing import sightings
from accord.weighing.causes import Bodies, Facts, common, lacking


def facts(state: Search, operations: tuple[Operation, ...], *, strict: bool) -> Facts:
    """What `state` knows of `operations`."""
    seen = state.sightings.seen
    return Facts(
        operations=tuple(item for item in operations if item.name in state.exercised),
        refused=state.refused,
        valid={name: len(cases) for name, cases in state.valid.items()},
        wanted={item.name: _wanted(state.valid.get(item.name, {})) for item in operations},
        located=frozenset(item.finding.identity for item in seen if item.parts),
        beyond=frozenset(item.finding.identity for item in seen if _is_beyond(state, item)),
        stated=frozenset(item.finding.identity for item in seen if item.stated),
        strict=strict,
    )


def _is_beyond(state: Search, seen: sightings.Seen) -> bool:
    """Whether the smallest request of a refusal asks for a thing never found, or was learned not to be taken."""
    name, case = seen.finding.operation, seen.exchange.case
    if seen.finding.code != "valid-refused" or case is None:
        return False
    found = {_path(other) for other, status in state.valid.get(name, {}).items() if status in SUCCESS}
    learned = state.things.practised.get(name)
    if found and _path(case) not in found:
        return True
    return learned is not None and not practice.conforms(replace(state.contract, operations=(learned,)), learned, case)


def _path(case: Case) -> str:
    return case.request.url.partition("?")[0]


def _wanted(answers: Mapping[Case, int]) -> tuple[str, ...]:
    taken, refused = Bodies(), Bodies()
    for case, status in answers.items():
        if status in SUCCESS or status in CLIENT_ERRORS:
            common(taken if status in SUCCESS else refused, sightings.named(case.request))
    return lacking(taken, refused)
