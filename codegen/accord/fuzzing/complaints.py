"""What a refusal complains of: the places of a request that its answer names, and what it says of each.

Services name a place in many ways: by a pointer, a path of names, as the key of a list of messages, within a message.
Whatever is read here is a hint of what to send next; nothing is believed that was not sent.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from accord.document import Json
from accord.messages.encoding import DecodeError, parse_json

MOST = 16
"""So many complaints of one answer are heeded."""

LONGEST = 400
"""So many characters are read of what is said of a place."""

_LARGEST = 65536
_DEEPEST = 6
_WIDEST = 32
_KNOWN = 256
_STEPS = 8

_TELLING = (
    *("loc", "pointer", "instancepath", "datapath", "jsonpointer", "propertypath", "field", "fieldname", "property"),
    *("propertyname", "param", "parameter", "parametername", "attribute", "path", "source", "target", "name", "key"),
)
"""Keys whose values name a place, without case and signs, the surest first."""

_PIECES = re.compile(r"[^\s/.\[\]#'\"`,;:(){}<>=]{1,64}")
_QUOTED = re.compile(r"(?<!\w)[\"'`\u2018\u201c]([^\"'`\u2019\u201d]{1,64})[\"'`\u2019\u201d](?!\w)")
_POINTED = re.compile(r"(?<![\w/.])[#$]?/[\w/-]{1,64}|(?<![\w/.])[\w$-]{1,64}(?:\.[\w-]{1,64}|\[\d{1,4}\]){1,8}")
_WORDS = re.compile(r"[\w$-]{1,64}")
_UNWANTED = re.compile(
    r"unknown|unexpected|unrecogni[sz]ed|undeclared|undefined|unevaluated|additional ?propert|\bextra\b|read[- ]?only"
    r"|no such (field|property|param)|not (be )?(allowed|permitted|accepted|supported|expected|declared|defined)"
    r"|(must|may|should|can) ?not be (set|given|sent|present|provided|specified|used|included|supplied)"
    r"|prohibited|does not exist|immutable|mutually exclusive",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is said of one place: its steps from the outside in, the words, and values that stand beside them."""

    steps: tuple[str, ...]
    text: str
    values: tuple[Json, ...] = ()

    @property
    def wants_none(self) -> bool:
        """Whether the words say that nothing should be there."""
        return _UNWANTED.search(self.text) is not None


def complaints(body: bytes, known: Collection[str]) -> tuple[Complaint, ...]:
    """What the answer `body` complains of, the first of each place; `known` are the names of all places there are."""
    if not body or len(body) > _LARGEST or len(known) > _KNOWN:
        return ()
    try:
        value = parse_json(body)
    except DecodeError:
        value = body.decode("utf-8", "replace")
    found: dict[tuple[str, ...], Complaint] = {}
    for item in islice(_walked(value, (), frozenset(known), 0), 4 * MOST):
        found.setdefault(item.steps, item)
    return tuple(found.values())[:MOST]


def steps_of(place: Json) -> tuple[str, ...]:
    """The steps of a place as it was told: a pointer, a path with dots, a list of names and positions."""
    if isinstance(place, list):
        return tuple(str(item)[:64] for item in place[:_STEPS] if isinstance(item, str | int))
    return tuple(_PIECES.findall(place[:LONGEST]))[:_STEPS] if isinstance(place, str) else ()


def _walked(value: Json, above: tuple[str, ...], known: frozenset[str], depth: int) -> Iterator[Complaint]:
    """The complaints in a part of an answer, which stands under the names `above`."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        text = value[:LONGEST]
        inside = list(_named(text, known))
        if above:
            yield Complaint(above, text)
        else:
            yield from (Complaint(steps, text) for steps in inside)
    elif isinstance(value, list):
        for item in value[:_WIDEST]:
            yield from _walked(item, above, known, depth + 1)
    elif isinstance(value, dict):
        yield from _of_object(value, above, known, depth)


def _of_object(
    value: Mapping[str, Json], above: tuple[str, ...], known: frozenset[str], depth: int
) -> Iterator[Complaint]:
    telling, place = _told(value, known)
    rest = {key: item for key, item in value.items() if key != telling}
    if place:
        texts, values = _leaves(rest)
        text = " ".join(texts)[:LONGEST]
        within = [steps for steps in _named(text, known) if steps[-1] not in place]
        yield from (Complaint((*place, *steps), text, values) for steps in (within[:2] or [()]))
        return
    for key, item in islice(rest.items(), _WIDEST):
        steps = steps_of(key)
        named = not known.isdisjoint(steps)
        yield from _walked(item, (*above, *steps) if named else above, known, depth + 1)


def _told(value: Mapping[str, Json], known: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """The key of an object in an answer that tells a place, and the place; nothing where none does."""
    keys = {"".join(filter(str.isalpha, key)).lower(): key for key in reversed([*islice(value, _WIDEST)])}
    for name in _TELLING:
        told = value.get(keys.get(name, ""))
        if isinstance(told, Mapping):
            told = next((item for item in islice(told.values(), _WIDEST) if steps_of(item)), None)
        steps = steps_of(told)
        if not known.isdisjoint(steps):
            return keys[name], steps
    return "", ()


def _leaves(value: Mapping[str, Json]) -> tuple[list[str], tuple[Json, ...]]:
    """The texts in an object of an answer, and the values of the lists in it."""
    texts: list[str] = []
    values: list[Json] = []
    left: list[tuple[Json, bool]] = [(value, False)]
    for part, listed in left:
        if len(left) > 4 * _WIDEST:
            break
        if isinstance(part, Mapping):
            left += [(item, listed) for item in islice(part.values(), _WIDEST)]
        elif isinstance(part, list):
            left += [(item, True) for item in part[:_WIDEST]]
        elif listed and part is not None:
            values.append(part if not isinstance(part, str) else part[:64])
        if isinstance(part, str) and len(texts) < _WIDEST:
            texts.append(part[:LONGEST])
    return texts, tuple(values)


def _named(text: str, known: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """The places that a message names: those in quotes or with a path; else those whose words it has."""
    marked = [steps_of(token) for token in (*_QUOTED.findall(text), *_POINTED.findall(text))]
    found = [steps for steps in marked if not known.isdisjoint(steps)]
    if not found:
        found = [(word,) for word in _WORDS.findall(text) if word in known]
    if not found:
        plain = f" {_plain(text)} "
        found = [(name,) for name in sorted(known) if f" {_plain(name)} " in plain]
    yield from dict.fromkeys(found)


def _plain(name: str) -> str:
    """`name` in words: what `dueDate`, `due_date` and `Due date` have in common."""
    return " ".join(re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", " ", name).lower().split())
