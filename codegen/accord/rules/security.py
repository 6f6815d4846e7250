"""An operation wants other credentials.

Who sent none and has to now breaks; whether other credentials still work is not told by a document.
"""

from collections.abc import Iterator

from accord.contract import Operation
from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    if pair.before is None or pair.after is None:
        return
    before, after = (_ways(side) for side in (pair.before, pair.after))
    if before == after:
        return
    pointer = pair.after.pointer
    refused = [way for way in before if not any(other <= way for other in after)]
    if refused:
        words = "wants other credentials than it did" if all(before) else "wants credentials now"
        yield Change(effect=Effect.NARROWS, message=words, pointer=pointer, proved=not all(before))
    else:
        yield Change(effect=Effect.WIDENS, message="takes more kinds of credentials", pointer=pointer)


def _ways(operation: Operation) -> frozenset[frozenset[tuple[str, str, str, str]]]:
    found = frozenset(
        frozenset((item.type, item.location, item.parameter, item.scheme) for item in way) for way in operation.security
    )
    return found or frozenset({frozenset()})


RULE = Rule(operations=_examine)
