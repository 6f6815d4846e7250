"""Ids in the form that a service wants in its paths, where the contract says nothing of one and nothing shows one."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice, pairwise

from accord.contract import Parameter, Schema
from accord.document import Json
from accord.findings import ABSENT
from accord.fuzzing import hints
from accord.fuzzing.clues import suggested
from accord.fuzzing.complaints import complaints
from accord.fuzzing.fitting import Place, fitted
from accord.schemas.kinds import ALL
from accord.strategies.drafts import survives
from accord.validity import validation
from accord.validity.asserting import identity

MOST = 48
"""So many ids are tried."""

_JOINTS = ("-", "_", ":")
_SHORT = 16
_JOINED = 12
_CODES = ("AB", "ABC", "ABCDE")
"""Codes as countries, currencies and places have them, of which two often make one."""

Ask = Callable[[Json], tuple[bool, bytes]]
"""Ask for what has an id: whether the id was taken as one, there or not, and what the answer said."""


def named(parameter: Parameter, shown: hints.Shown, records: Iterable[Mapping[str, Json]], ask: Ask) -> Json | None:
    """An id that is taken as one for a path parameter: shown, suggested by its name or a refusal, put together."""
    tried: set[Json] = set()
    told: deque[Json] = deque()
    others = chain(_likely(parameter.name, shown), _shaped(records))
    while len(tried) < MOST:
        value = told.popleft() if told else next(others, ABSENT)
        if value is ABSENT:
            break
        key = identity(value)
        if key in tried or not _fits(parameter, value):
            continue
        tried.add(key)
        taken, said = ask(value)
        if taken:
            return value
        told += [item for one in complaints(said, {parameter.name}) for item in suggested(one, ALL)]
    return None


def formed(parameter: Parameter, value: Json, ask: Ask) -> Schema:
    """The schema of a path parameter as far as ids are taken, `value` being one that is."""

    def taken(other: Json) -> bool:
        return _fits(parameter, other) and ask(other)[0]

    definitions = parameter.schema.get("$defs", {})
    place = Place(name=parameter.name, schema=parameter.schema, definitions=definitions, shown={}, ask=taken)
    found = fitted(place, value)
    return found if isinstance(found, Mapping) else parameter.schema


def _fits(parameter: Parameter, value: Json) -> bool:
    return validation.is_valid(parameter.schema, value) and survives(parameter, value)


def _likely(name: str, shown: hints.Shown) -> Iterator[Json]:
    yield from shown.get(name, ())
    yield from hints.suggested(name)


def _shaped(records: Iterable[Mapping[str, Json]]) -> Iterator[Json]:
    """Ids of the forms that are often meant, and of two codes: those that stand side by side in an answer, any."""
    yield from islice(_joined(records), _JOINED)
    yield from (1, *(values[0] for values in hints.FORMS.values()), *hints.CODES)
    yield from (f"{code}{joint}{code}" for joint in _JOINTS for code in _CODES)


def _joined(records: Iterable[Mapping[str, Json]]) -> Iterator[str]:
    for record in records:
        for one, other in pairwise(record.values()):
            if _is_code(one) and _is_code(other) and one != other and len(one) == len(other):
                yield from (f"{one}{joint}{other}" for joint in _JOINTS)


def _is_code(value: Json) -> bool:
    return isinstance(value, str) and 1 < len(value) <= _SHORT and value.isalnum() and value.isupper()
