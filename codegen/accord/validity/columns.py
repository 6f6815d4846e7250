"""Columns: what one field holds in each of many values that the accept filter read, taken all at once."""

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET
from msgspec import inspect as kinds

from accord.document import join
from accord.messages.encoding import parse_json
from accord.validity.compiling import FORM, FORMAT

Column = Sequence[Any]

_DEEPEST = 200
_SCALARS = frozenset([str, int, float, bool, type(None), msgspec.UnsetType])


@dataclass(frozen=True, slots=True)
class Kind:
    """What the values of a column are: their one type in Python, if they share one, and the kind of what they hold.

    Every text among them has format `format`, once it is held to `form`. `union` are the kinds that a column mixes,
    each of a type of its own; without `python` and `union` its values are anything that JSON can say.
    """

    python: type | None = None
    form: str = ""
    format: str = ""
    inner: "Kind | None" = None
    union: tuple["Kind", ...] = ()


ANYTHING = Kind()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a type: the property's name, what its values are, whether it may be absent."""

    name: str
    get: Callable[[Any], Any]
    kind: Kind
    optional: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """How to take values of one type apart: all fields at once, or those that may be absent."""

    fields: tuple[Field, ...]
    rows: Callable[[Any], tuple[Any, ...]]
    optional: Callable[[Any], tuple[Any, ...]] | None


@functools.cache
def layout(struct: type) -> Layout:
    """The layout of a msgspec type; what was compiled is never let go, and neither is this."""
    found = kinds.type_info(struct)
    described = found.fields if isinstance(found, kinds.StructType) else ()
    absent = [item.name for item in described if not item.required]
    return Layout(
        fields=tuple(
            Field(item.encode_name, attrgetter(item.name), _kind(item.type), not item.required) for item in described
        ),
        rows=_rows([item.name for item in described]),
        optional=_rows(absent) if absent else None,
    )


def _rows(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if not names:
        return lambda _value: ()
    getter = attrgetter(*names)
    return getter if len(names) > 1 else lambda value: (getter(value),)


def kind_of(made: Any) -> Kind:
    """What every value is that a decoder for the type `made` reads."""
    return _kind(kinds.type_info(made))


def _kind(found: kinds.Type) -> Kind:
    match found:
        case kinds.Metadata():
            told = found.extra or {}
            return Kind(str, told.get(FORM, ""), told.get(FORMAT, ""))
        case kinds.ListType():
            return Kind(list, inner=_kind(found.item_type))
        case kinds.DictType():
            return Kind(dict, inner=_kind(found.value_type))
        case kinds.StructType():
            return Kind(found.cls)
        case kinds.UnionType():
            known = tuple(_kind(item) for item in found.types if not _is_unset(item))
            return known[0] if len(known) == 1 else Kind(union=known)
        case _:
            return Kind(_PLAIN.get(type(found)))


def _is_unset(found: kinds.Type) -> bool:
    return isinstance(found, kinds.CustomType) and found.cls is msgspec.UnsetType


_PLAIN = {
    kinds.StrType: str,
    kinds.LiteralType: str,
    kinds.BoolType: bool,
    kinds.NoneType: type(None),
    kinds.IntType: int,
    kinds.FloatType: float,
}


Count: TypeAlias = Callable[[Column], int]
Hold: TypeAlias = Callable[[Column], bool]
Walk: TypeAlias = Callable[[Column], int]


def counter(kind: Kind, free: Walk) -> Count:
    """A function that counts the names in the objects of a column, and of all below; one written twice counts once.

    `free` counts those in values that the type says nothing of: `names`, or `top_names` for a lower bound.
    """
    fixed, more = _widths(kind, free)
    return lambda column: fixed * len(column) + (more(column) if more is not None else 0)


def _widths(kind: Kind, free: Walk) -> tuple[int, Count | None]:
    """How many names each value holds in any case, and a function that counts the others of a column."""
    python = kind.python
    if kind.union:
        parts = [(one.python, counter(one, free)) for one in kind.union if one.python not in _SCALARS]
        return 0, (lambda column: sum(count(_of(column, python)) for python, count in parts)) if parts else None
    if python is None or python in _SCALARS:
        return 0, free if python is None else None
    if python not in {list, dict}:
        return _struct_widths(layout(python), free)
    fixed, more = _widths(kind.inner or ANYTHING, free)
    if python is dict:
        return 0, _of_maps(fixed + 1, None if kind.inner == ANYTHING and free is top_names else more)
    return 0, _of_arrays(fixed, more)


def _of_arrays(fixed: int, more: Count | None) -> Count | None:
    if more is None:
        return (lambda column: fixed * sum(map(len, column))) if fixed else None
    return lambda column: fixed * sum(map(len, column)) + more(list(chain.from_iterable(column)))


def _of_maps(fixed: int, more: Count | None) -> Count:
    if more is None:
        return lambda column: fixed * sum(map(len, column))
    return lambda column: fixed * sum(map(len, column)) + more(list(chain.from_iterable(map(dict.values, column))))


def _struct_widths(shape: Layout, free: Walk) -> tuple[int, Count | None]:
    fixed, optional = len(shape.fields), shape.optional
    deep: list[tuple[Callable[[Column], Column], Count]] = []
    for field in shape.fields:
        own, more = _widths(field.kind, free)
        if more is not None or (own and field.optional):
            deep.append((_taken(field), counter(field.kind, free) if field.optional else more or len))
        fixed += 0 if field.optional else own

    def counted(column: Column) -> int:
        total = 0
        if optional is not None:
            total -= sum([row.count(UNSET) for row in map(optional, column)])
        for take, count in deep:
            total += count(take(column))
        return total

    return fixed, counted if deep or optional is not None else None


def _of(column: Column, python: type | None) -> Column:
    return [value for value in column if type(value) is python]


def _taken(field: Field) -> Callable[[Column], Column]:
    """A function that takes one field of every value that has it."""
    get = field.get
    if field.optional:
        return lambda column: [item for item in map(get, column) if item is not UNSET]
    return lambda column: list(map(get, column))


def objects(kind: Kind) -> Kind | None:
    """The kind of the objects that a value is, or is an array of; None where it need be neither."""
    found = kind.inner if kind.python is list else kind
    return found if found is not None and _is_struct(found.python) else None


@functools.cache
def pointers(kind: Kind) -> dict[str, Field]:
    """The fields of a value's `objects` by their pointers, an array's items as `*`."""
    found, above = objects(kind), ("*",) if kind.python is list else ()
    if found is None or found.python is None:
        return {}
    return {join("", *above, field.name): field for field in layout(found.python).fields}


def present(kind: Kind, column: Column, wanted: frozenset[str]) -> frozenset[str]:
    """Those of the `wanted` pointers to fields that lead somewhere in one value of a column at least."""
    known, inner = pointers(kind), list(chain.from_iterable(column)) if kind.python is list else column
    return frozenset(pointer for pointer in wanted & known.keys() if _stands(known[pointer], inner))


def _stands(field: Field, column: Column) -> bool:
    """Whether one value of a column at least has a field."""
    if not field.optional:
        return bool(column)
    return [*map(field.get, column)].count(UNSET) < len(column)


def _is_struct(python: type | None) -> bool:
    return python is not None and issubclass(python, msgspec.Struct)


def top_names(column: Column) -> int:
    """How many names stand in those JSON values that are objects, and none of those below."""
    if _SCALARS.issuperset(map(type, column)):
        return 0
    return sum([len(value) for value in column if type(value) is dict])


def names(column: Column) -> int:
    """How many names stand in the objects of JSON values, and of all below.

    Raises RecursionError for a value that is nested deeper than any reader should follow.
    """
    total = 0
    for _ in range(_DEEPEST):
        if _SCALARS.issuperset(map(type, column)):
            return total
        below: list[Any] = []
        for value in column:
            inner = parse_json(bytes(value)) if type(value) is msgspec.Raw else value
            if type(inner) is dict:
                total += len(inner)
                below.extend(inner.values())
            elif type(inner) is list:
                below.extend(inner)
        column = below
    raise RecursionError


def holder(kind: Kind) -> Hold | None:
    """A function that tells whether every text of a column, and of all below, has its form; None where none has one."""
    inner = holder(kind.inner) if kind.inner is not None else None
    if kind.union:
        parts = [(one.python, hold) for one in kind.union if (hold := holder(one)) is not None]
        return (lambda column: all(hold(_of(column, python)) for python, hold in parts)) if parts else None
    if kind.form:
        search = re.compile(kind.form).search
        return lambda column: all(map(search, column))
    if kind.python is None or kind.python in _SCALARS:
        return None
    if inner is not None and kind.python is list:
        return lambda column: inner(list(chain.from_iterable(column)))
    if inner is not None and kind.python is dict:
        return lambda column: inner(list(chain.from_iterable(map(dict.values, column))))
    return _holder(layout(kind.python)) if _is_struct(kind.python) else None


def _holder(shape: Layout) -> Hold | None:
    held = [(_taken(field), hold) for field in shape.fields if (hold := holder(field.kind)) is not None]
    return (lambda column: all(hold(take(column)) for take, hold in held)) if held else None
