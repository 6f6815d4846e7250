"""How a parameter is written changed.

`?tag=a&tag=b` → `?tag=a,b` breaks whoever still writes the first, where the two differ for some value that he may send.
"""

import json
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
            shown = _shown(before, replace(after, name=before.name))
            words = f"{after.location} parameter `{after.name}` is written another way"
            breaks = Effect.WIDENS if pair.turned else Effect.NARROWS
            yield Change(
                effect=breaks if shown else Effect.NEITHER,
                message=f"{words}{shown or ', in which no value differs'}",
                pointer=after.pointer,
            )


def _shown(before: Parameter, after: Parameter) -> str:
    """The simplest value of the baseline's schema that is written one way before and another after, in words."""
    definitions = before.schema.get("$defs", {})
    bare = {key: value for key, value in before.schema.items() if key != "$defs"}
    values = islice(sampling.candidates(None, {}, bare, definitions), _MOST)
    differing = [
        (value, *texts)
        for value in values
        if validation.is_valid(before.schema, value)
        and len(set(texts := (_written(before, value), _written(after, value)))) > 1
    ]
    if not differing:
        return ""
    value, was, now = min(differing, key=lambda item: (not all(item), len(json.dumps(item[0])), json.dumps(item[0])))
    return f": {json.dumps(value)} was `{was}` and is `{now}`"


def _written(parameter: Parameter, value: object) -> str:
    path = "{" + parameter.name + "}" if parameter.location == "path" else ""
    operation = Operation(method="GET", path=path, pointer="", parameters=(parameter,))
    encoded = encode_parameters(operation, {(parameter.location, parameter.name): value})
    pairs = (*encoded.headers, *encoded.cookies)
    return encoded.target if not pairs else "; ".join(f"{name}: {text}" for name, text in pairs)


RULE = Rule(operations=_examine)
