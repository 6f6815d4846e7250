"""What a request does not know: ids of things that nobody made, over which nobody may fail, and names of answers."""

from collections.abc import Iterator
from dataclasses import replace

from accord.contract import Operation, is_json
from accord.document import Json
from accord.exchange import Case
from accord.findings import ABSENT
from accord.schemas import kinds
from accord.strategies import representatives
from accord.strategies.drafts import Draft, Meant, case, suited, written
from accord.strategies.partitions import assembled, choice
from accord.strategies.parts import Parts
from accord.validity import validation

FAR = 987_654_321
"""Beyond what was made, counted from what is known."""

_PLAIN: tuple[tuple[str, Json], ...] = (
    *(("string", "text"), ("integer", 17), ("number", 0.5), ("boolean", True), ("object", {}), ("array", [])),
)
_MOST_NAMES = 24
_TURNED = str.maketrans("0123456789", "7890123456")


def cases(known: Parts, bodies: list[Json], draft: Draft) -> Iterator[Case]:
    """The first object of `bodies`, what each pinned property names in it replaced by what nobody has made."""
    medium = next(iter(known.media), None)
    base = next((value for value in bodies if isinstance(value, dict)), {})
    if medium is None or not medium.schema or not is_json(medium.name):
        return
    definitions = medium.schema.get("$defs", {})
    declared = kinds.properties(medium.schema, definitions)
    for name, pinned in suited(medium.schema, known.pinned).items():
        if name not in declared or base.get(name, ABSENT) != pinned:
            continue
        levels = [assembled(level) for level in choice(declared[name], definitions).levels]
        options = [other for other in (*_alike(pinned), *levels) if other not in (pinned, ABSENT)]
        others = ({**base, name: other} for other in options)
        found = next((value for value in others if validation.is_valid(medium.schema, value)), None)
        if found is not None:
            content_type, body = written(medium, found)
            told = f"`/{name}` names what is not known to be there"
            meant = Meant(fault="unknown", part="body", pointer=f"/{name}", description=told, doubtful=True)
            yield case(replace(draft, content_type=content_type, body=body), meant)


def _alike(known: Json) -> Iterator[Json]:
    """What looks like `known` and is another: each digit of a text turned, a number far off."""
    if isinstance(known, str):
        yield known.translate(_TURNED)
    elif isinstance(known, int) and not isinstance(known, bool):
        yield known + FAR


def of_answers(operation: Operation) -> Iterator[tuple[str, Json]]:
    """What answers of success hold, with plain values."""
    found: dict[str, Json] = {}
    for response in operation.responses:
        for medium in response.content if response.status[:1] in {"2", "d"} else ():
            schema = medium.schema or {}
            definitions = schema.get("$defs", {})
            for name, part in kinds.properties(schema, definitions).items():
                allowed = kinds.kinds(part, definitions)
                plain = next((value for kind, value in _PLAIN if kind in allowed), None)
                found.setdefault(name, next(iter(representatives.told(kinds.follow(part, definitions))), plain))
    yield from list(found.items())[:_MOST_NAMES]
