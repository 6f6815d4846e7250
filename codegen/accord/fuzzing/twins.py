"""Pairs of values that neither a bound nor a format tells apart: a service that takes one takes the other."""

from collections.abc import Iterator

from accord.contract import Schema
from accord.document import Json, split, walk
from accord.validity import validation
from accord.weighing import reducing

PLAIN = "Ab c, d-e."
"""What takes this is free text."""

TEXTS = ("Ab c, d-é", " Ab c,d-e", "Ab c,d-e ")
"""No longer, also in UTF-8: a letter beyond ASCII, and the same characters in another order."""

EXACT = 2**53
"""Whole numbers below are written the same way as fractions."""

MOST = 12
"""So many places of one body are looked at."""

Pair = tuple[tuple[str, ...], Json, Json]
"""The tokens of a place, a value that is taken there, and its twin."""


def pairs(schema: Schema, value: Json) -> Iterator[Pair]:
    """The twins that the parts of `value` could have, those that conform."""
    places = [(split(pointer), part) for pointer, part in walk(value) if pointer]
    for tokens, part in [item for item in places if not isinstance(item[1], dict | list)][:MOST]:
        texts = any("string" in rule.get("type", ()) for rule in reducing.rules_at(schema, tokens, value))
        for plain, twin in _of(part, texts=texts):
            both = (reducing.put(value, tokens, plain), reducing.put(value, tokens, twin))
            if all(validation.is_valid(schema, whole) for whole in both):
                yield tokens, plain, twin


def _of(part: Json, *, texts: bool) -> Iterator[tuple[Json, Json]]:
    if texts:
        yield from ((PLAIN, text) for text in TEXTS)
    if isinstance(part, int) and not isinstance(part, bool) and abs(part) < EXACT:
        yield part, float(part)
