"""Lines of Python that want something of an answer, and what they need."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from accord.document import split
from accord.findings import Claim
from accord.source import literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Asserted:
    """Lines that want `answer` (and `answers`, those before it and itself), and the modules that they need."""

    lines: tuple[str, ...]
    imports: tuple[str, ...] = ()
    needs_at: bool = False


Writer: TypeAlias = Callable[[Claim, str, tuple[int, ...]], Asserted]


def tokens(pointer: str) -> str:
    """`pointer` as the programs take it apart."""
    return literal(list(split(pointer)))


def one(condition: str, message: str, *imports: str) -> Asserted:
    """`condition` holds."""
    return Asserted(lines=(f"assert {condition}, {message}",), imports=imports)


def each(claim: Claim, condition: str, message: str, *imports: str) -> Asserted:
    """`condition` holds of each `value` that the claim points at."""
    head = f"for value in at(answer.json(), {tokens(claim.pointer)}):"
    return Asserted(lines=(head, f"    assert {condition}, {message}"), imports=imports, needs_at=True)
