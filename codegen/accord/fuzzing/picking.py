"""Which of an operation's conforming requests a sequence sends: the fullest, the barest, one unlike another."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from accord.document import Json
from accord.exchange import Case, header
from accord.findings import ABSENT
from accord.fuzzing.connecting import value_of

Pick: TypeAlias = Callable[[list[Case]], Case]
"""Takes one of the cases that there are."""

HEAVY = 4096
"""Bodies of so many bytes are left to single requests."""


def fullest(found: list[Case]) -> Case:
    """The case of `found` that says most, the one with fewest empty values where several say as much."""
    return max(reversed(found), key=lambda case: (*_weight(case)[:2], _telling(case), *_weight(case)[2:]))


def emptiest(found: list[Case]) -> Case:
    """The case of `found` that says most nulls, then most that is empty."""
    said = {case: list(told(case).values()) for case in found}
    return max(reversed(found), key=lambda case: (said[case].count(None), sum(not part for part in said[case])))


def wordiest(found: list[Case]) -> Case:
    """The case of `found` that says most, most of it in texts."""
    return max(reversed(found), key=lambda case: (*_weight(case)[:2], _words(case), *_weight(case)[2:]))


def _words(case: Case) -> int:
    value = value_of(case.request.body)
    return sum(isinstance(part, str) and part != "" for part in value.values()) if isinstance(value, dict) else 0


def barest(found: list[Case]) -> Case:
    """The case of `found` that says least, but something."""
    speaking = [case for case in found if value_of(case.request.body) not in (ABSENT, {})]
    return min(speaking or found, key=lambda case: (*_weight(case)[:2], len(case.request.body), case.request.url))


def unlike(case: Case, found: list[Case]) -> Case:
    """The one of `found` that says as much as `case`, and most of it differently."""
    said = told(case)

    def unlike(other: Case) -> int:
        return _differing(said, other) if told(other).keys() == said.keys() else 0

    return max((case, *found), key=unlike)


def headed(name: str, plain: Case, full: Case, found: list[Case]) -> list[Case]:
    """One of `found` whose header `name` has another value than that of `full`, each of both followed by `plain`.

    Nothing where `plain` has such a header, or no two values are there.
    """
    values = {case: header(case.request.headers, name) for case in (plain, full, *found)}
    other = next((case for case in found if values[case] not in {None, values[full]}), None)
    if values[plain] is not None or values[full] is None or other is None:
        return []
    return [other, plain, full, plain]


def all_unlike(case: Case, found: list[Case]) -> list[Case]:
    """Few of `found` of which each thing that `case` says is said differently by one, where any does; at least one."""
    chosen = [unlike(case, found)]
    said = told(case)
    left = {name: value for name, value in said.items() if told(chosen[0]).get(name, value) == value}
    while left:
        best = max(found, key=lambda other: _differing(left, other))
        if not _differing(left, best):
            break
        chosen.append(best)
        left = {name: value for name, value in left.items() if told(best).get(name, value) == value}
    return chosen


def other_than(said: Mapping[str, Json], *, most: bool) -> Pick:
    """Picks the case that says most of what was `said` differently, or the barest that says so of all it says."""

    def picked(found: list[Case]) -> Case:
        if most:
            return max(found, key=lambda case: _differing(said, case))
        other = [case for case in found if 0 < _differing(said, case) == len(told(case).keys() & said.keys())]
        return barest(other or found)

    return picked


def _differing(said: Mapping[str, Json], case: Case) -> int:
    """How many properties `case` says that were `said` too, as something else that is not empty."""
    return sum(bool(name in said and item != said[name] and item) for name, item in told(case).items())


def told(case: Case) -> dict[str, Json]:
    """What the body of `case` says by name."""
    value = value_of(case.request.body)
    return value if isinstance(value, dict) else {}


def _telling(case: Case) -> int:
    value = value_of(case.request.body)
    return sum(map(bool, value.values())) if isinstance(value, dict) else 0


def by_weight(cases: tuple[Case, ...]) -> list[Case]:
    """`cases` that differ, those in JSON last; then by how much they say, the longer of two equals first."""
    light = [case for case in dict.fromkeys(cases) if len(case.request.body) < HEAVY]
    return sorted(light, key=_weight)


def _weight(case: Case) -> tuple[bool, int, int, str]:
    request = case.request
    value = value_of(request.body) if request.body else {}
    count = len(value) if isinstance(value, dict) else 0
    return (
        isinstance(value, dict),
        count + request.url.count("=") + len(request.headers),
        -len(request.body),
        request.url,
    )
