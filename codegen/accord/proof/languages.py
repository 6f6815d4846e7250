"""Patterns as languages: is every text that has one pattern also one that has the other? Decided for regular ones.

A pattern may match anywhere: its texts are read as `⊢ text ⊣`, in which `^` and `$` are the two ends. Two automata walk
side by side; where the first accepts and the second does not, the way there is a text that tells them apart.
"""

import functools
import importlib
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from accord.schemas.patterns import compile_pattern

_parser: Any = importlib.import_module("re._parser")  # what `re` makes of a pattern; it has no public name
_codes: Any = importlib.import_module("re._constants")

_BEGIN, _END = -1, -2
_LAST = 0x10FFFF
_HALVES = (0xD800, 0xE000)
"""Where halves of characters stand, which no text has alone, and where they end."""
_MOST_STATES = 600
_MOST_STEPS = 2_000
_SYNTAX = re.compile(r"[\\^$.*+?()\[\]{}|/]")

Span = tuple[int, int]
"""Code points from the first to the last; `⊢` and `⊣` lie below all of them."""


class _IrregularError(ValueError):
    """The pattern is more than this room reads."""


@dataclass(slots=True)
class _Machine:
    """An automaton: from each state the spans that lead on, and the states that are there at once; 0 is the start."""

    steps: list[list[tuple[Span, int]]] = field(default_factory=list)
    jumps: list[list[int]] = field(default_factory=list)
    final: int = 0


def of_length(least: int, most: int | None) -> str:
    """A pattern of every text of so many characters."""
    return f"^(?:.|[\\n\\r\\u2028\\u2029]){{{least},{'' if most is None else most}}}$"


def one_of(texts: Iterable[str]) -> str:
    """A pattern of these texts alone."""
    either = "|".join(_SYNTAX.sub(r"\\\g<0>", text) for text in texts)
    return f"^(?:{either})$"


@functools.lru_cache(maxsize=2048)
def unmatched(narrow: str, wide: str) -> str | bool | None:
    """A text that has `narrow` and not `wide`; False where there is none, None where that is not decided."""
    try:
        return _walk(_machine(narrow), _machine(wide))
    except _IrregularError:
        return None


def _walk(one: _Machine, other: _Machine) -> str | bool | None:
    """The shortest way on which `one` accepts and `other` does not."""
    spans = list(_atoms(span for machine in (one, other) for step in machine.steps for span, _ in step))
    start = (_closed(one, {0}), _closed(other, {0}))
    start = (_moved(one, start[0], _BEGIN), _moved(other, start[1], _BEGIN))
    seen = {start}
    waiting: list[tuple[tuple[frozenset[int], frozenset[int]], str]] = [(start, "")]
    for (here, there), text in waiting:
        if one.final in _moved(one, here, _END) and other.final not in _moved(other, there, _END):
            return text
        for low, high in spans:
            following = (_moved(one, here, low), _moved(other, there, low))
            if following[0] and following not in seen:
                if len(seen) > _MOST_STEPS:
                    return None
                seen.add(following)
                waiting.append((following, text + _shown(low, high)))
    return False


def _shown(low: int, high: int) -> str:
    """A plain character of a span."""
    plain = (char for char in "0aA _-" if low <= ord(char) <= high)
    return next(plain, chr(low))


def _atoms(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans of characters that no given span tells apart."""
    known = set(spans)
    cuts = {0, *_HALVES} | {low for low, _ in known if low >= 0} | {high + 1 for _, high in known if high >= 0}
    for low, end in pairwise([*sorted(cuts - {_LAST + 1}), _LAST + 1]):
        if not _HALVES[0] <= low < _HALVES[1]:
            yield low, end - 1


def _closed(machine: _Machine, states: Iterable[int]) -> frozenset[int]:
    found, stack = set(states), list(states)
    while stack:
        for after in machine.jumps[stack.pop()]:
            if after not in found:
                found.add(after)
                stack.append(after)
    return frozenset(found)


def _moved(machine: _Machine, states: frozenset[int], point: int) -> frozenset[int]:
    steps = (step for state in states for step in machine.steps[state])
    return _closed(machine, {after for (low, high), after in steps if low <= point <= high})


@functools.lru_cache(maxsize=512)
def _machine(pattern: str) -> _Machine:
    """The automaton of `⊢ text ⊣` for texts in which `pattern` is found."""
    compiled = compile_pattern(pattern)
    if compiled is None:
        raise _IrregularError
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a set inside a set is something else to `re`
            tree = list(_parser.parse(compiled.translated))
    except (re.error, FutureWarning, RecursionError, OverflowError):
        raise _IrregularError from None
    if _ends(tree, _codes.AT_BEGINNING_STRING) > 1 or _ends(tree, _codes.AT_END_STRING) > 1:
        raise _IrregularError
    machine = _Machine()
    start = _state(machine)
    machine.steps[start] += [((0, _LAST), start), ((_BEGIN, _BEGIN), start)]
    last = _joined(machine, start, tree)
    machine.steps[last] += [((0, _LAST), last), ((_END, _END), last)]
    machine.final = last
    return machine


def _ends(items: Iterable[Any], end: Any) -> int:
    """How often one way through `items` may pass `end`."""
    count = 0
    for code, value in items:
        if code is _codes.AT:
            count += value is end
        elif code is _codes.BRANCH:
            count += max(_ends(part, end) for part in value[1])
        elif code is _codes.SUBPATTERN:
            count += _ends(value[3], end)
        elif code in {_codes.MAX_REPEAT, _codes.MIN_REPEAT}:
            count += 2 * _ends(value[2], end)
    return count


def _state(machine: _Machine) -> int:
    if len(machine.steps) >= _MOST_STATES:
        raise _IrregularError
    machine.steps.append([])
    machine.jumps.append([])
    return len(machine.steps) - 1


def _joined(machine: _Machine, start: int, items: Iterable[Any]) -> int:
    """The state after `items`, one after another from `start`."""
    for code, value in items:
        start = _item(machine, start, code, value)
    return start


def _item(machine: _Machine, start: int, code: Any, value: Any) -> int:
    if code in {_codes.MAX_REPEAT, _codes.MIN_REPEAT}:
        return _repeated(machine, start, *value)
    if code is _codes.SUBPATTERN and not value[1] and not value[2]:
        return _joined(machine, start, value[3])
    after = _state(machine)
    if code is _codes.BRANCH:
        for part in value[1]:
            begin = _state(machine)
            machine.jumps[start].append(begin)
            machine.jumps[_joined(machine, begin, part)].append(after)
    else:
        machine.steps[start] += [(span, after) for span in _spans(code, value)]
    return after


def _repeated(machine: _Machine, start: int, least: int, most: Any, part: Any) -> int:
    for _ in range(least):
        start = _joined(machine, start, part)
    last = _state(machine)
    machine.jumps[start].append(last)
    if most is _codes.MAXREPEAT:
        begin = _state(machine)
        machine.jumps[start].append(begin)
        end = _joined(machine, begin, part)
        machine.jumps[end] += [begin, last]
        return last
    for _ in range(most - least):
        begin = _state(machine)
        machine.jumps[start].append(begin)
        start = _joined(machine, begin, part)
        machine.jumps[start].append(last)
    return last


def _spans(code: Any, value: Any) -> list[Span]:
    """The spans that one item takes."""
    if code is _codes.AT and value in {_codes.AT_BEGINNING_STRING, _codes.AT_END_STRING}:
        point = _BEGIN if value is _codes.AT_BEGINNING_STRING else _END
        return [(point, point)]
    if code is _codes.LITERAL:
        return [(value, value)]
    if code is _codes.NOT_LITERAL:
        return _others([(value, value)])
    if code is _codes.IN:
        negated = bool(value) and value[0][0] is _codes.NEGATE
        found = [_member(*item) for item in value[negated:]]
        return _others(found) if negated else found
    raise _IrregularError


def _member(code: Any, value: Any) -> Span:
    if code is _codes.LITERAL:
        return value, value
    if code is _codes.RANGE:
        low, high = value
        return low, high
    raise _IrregularError


def _others(spans: list[Span]) -> list[Span]:
    """Every character that `spans` leave out."""
    found, low = [], 0
    for first, last in sorted(spans):
        if low < first:
            found.append((low, first - 1))
        low = max(low, last + 1)
    return [*found, (low, _LAST)] if low <= _LAST else found
