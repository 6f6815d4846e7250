"""How a parameter is written changed.

`?tag=a&tag=b` → `?tag=a,b` breaks whoever still writes the first, where the two differ for some value that he may send.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from accord.contract import Operation, Parameter
from accord.messages.parameters import encode_parameters
from accord.proof import sampling
from accord.revisions.pairing import parameters as pairs
from accord.rules import Change, Effect, Operations, Rule
from accord.validity import validation

_MOST = 200


def _examine(pair: Operations) -> Iterator[Change]:
    for before, after in pairs(pair.before, pair.after):
        if before is None or after is None:
            continue
        some, others = ((side.style, side.explode, side.media_type) for side in (before, after))
        if some != others:
            differs = _differs(before, replace(after, name=before.name))
            words = f"{after.location} parameter `{after.name}` is written another way"
            breaks = Effect.WIDENS if pair.turned else Effect.NARROWS
            yield Change(
                effect=breaks if differs else Effect.NEITHER,
                message=words if differs else f"{words}, in which no value differs",
                pointer=after.pointer,
            )


def _differs(before: Parameter, after: Parameter) -> bool:
    """Whether a value of the baseline's schema is written one way before and another after."""
    definitions = before.schema.get("$defs", {})
    bare = {key: value for key, value in before.schema.items() if key != "$defs"}
    values = islice(sampling.candidates(None, {}, bare, definitions), _MOST)
    return any(
        _written(before, value) != _written(after, value)
        for value in values
        if validation.is_valid(before.schema, value)
    )


def _written(parameter: Parameter, value: object) -> object:
    path = "/{" + parameter.name + "}" if parameter.location == "path" else "/"
    operation = Operation(method="GET", path=path, pointer="", parameters=(parameter,))
    return encode_parameters(operation, {(parameter.location, parameter.name): value})


RULE = Rule(operations=_examine)
