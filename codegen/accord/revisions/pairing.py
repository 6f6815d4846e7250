"""Two revisions side by side: parameters, responses, and schemas that stand at the same place."""

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from accord.contract import Operation, Parameter, Response
from accord.document import Json, join
from accord.schemas.keywords import IN_PLACE, LISTS, MAPS, SINGLES

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def parameters(
    before: Operation | None, after: Operation | None
) -> Iterator[tuple[Parameter | None, Parameter | None]]:
    """Parameters side by side: those of the path by position, others by location and name."""
    if before is None or after is None:
        return
    some, others = _by_place(before), _by_place(after)
    for key in some | others:
        yield some.get(key), others.get(key)


def _by_place(operation: Operation) -> dict[tuple[str, str], Parameter]:
    order = [name[1:-1] for name in _PLACEHOLDER.findall(operation.path)]
    found = {}
    for item in operation.parameters:
        name = item.name.lower() if item.location == "header" else item.name
        placed = item.location == "path" and item.name in order
        found[item.location, str(order.index(item.name)) if placed else name] = item
    return found


def responses(before: Operation | None, after: Operation | None) -> Iterator[tuple[Response, Response]]:
    """Responses that both operations document under the same status."""
    if before is not None and after is not None:
        others = {response.status: response for response in after.responses}
        for response in before.responses:
            if response.status in others:
                yield response, others[response.status]


def schemas(
    before: Json, after: Json, pointer: str = ""
) -> Iterator[tuple[str, Mapping[str, Json], Mapping[str, Json]]]:
    """Every pair of schema objects that stand at the same place, parents first; `$ref`s are not followed."""
    stack = [(pointer, before, after)]
    while stack:
        where, one, other = stack.pop()
        if one == other or not (isinstance(one, dict) and isinstance(other, dict)):
            continue
        yield where, one, other
        for key in one.keys() & other.keys():
            if key in SINGLES:
                stack.append((join(where, key), one[key], other[key]))
            elif key in MAPS:
                shared = [name for name in one[key] if name in other[key]]
                stack.extend((join(where, key, name), one[key][name], other[key][name]) for name in shared)
            elif key in IN_PLACE | LISTS:
                pairs = enumerate(zip_longest(one[key], other[key]))
                stack.extend((join(where, key, index), *pair) for index, pair in pairs)
