"""A claim as lines of Python that fail as long as it is broken; every text in them is a literal made by `repr`."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from accord.document import Json, split
from accord.findings import Claim
from accord.messages.sameness import moment
from accord.repro import sequels
from accord.repro.assertions import Asserted, Writer, each, one, tokens
from accord.source import literal

AT = """\
def at(value, tokens):
    if not tokens:
        return [value]
    if tokens[0] == "*" and isinstance(value, list):
        return [found for item in value for found in at(item, tokens[1:])]
    if isinstance(value, dict) and tokens[0] in value:
        return at(value[tokens[0]], tokens[1:])
    return []
"""
"""What a body holds at a pointer, in the programs."""


def asserted(claim: Claim, message: str, alike: tuple[int, ...] = ()) -> Asserted | None:
    """What `claim` wants, in Python; None for a kind that is not known here.

    `message` is what is said when it is not so; `alike` are the positions in `answers` of those to compare with.
    """
    writer = _WRITERS.get(claim.kind)
    return None if writer is None else writer(claim, literal(message), alike)


def _answered(_claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    return one("answer is not None", message)


def _within(claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    return one(f"answer.elapsed.total_seconds() <= {claim.value!r}", message)


def _status_in(claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    known = literal(sorted({str(item).upper() for item in claim.value}))
    return one(f'{{str(answer.status_code), str(answer.status_code)[0] + "XX", "DEFAULT"}} & set({known})', message)


def _status_not(claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    spans = [
        f"answer.status_code == {int(low)}" if low == high else f"{int(low)} <= answer.status_code <= {int(high)}"
        for low, high in claim.value
    ]
    return one(f"not ({' or '.join(spans)})", message)


def _media_type(claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    name = 'name = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()'
    known = literal(sorted(claim.value))
    return Asserted(lines=(name, f'assert {{name, name.partition("/")[0] + "/*", "*/*"}} & set({known}), {message}'))


def _utf8(_claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    pattern = literal(r"(?i);\s*charset\s*=(?!\s*\"?(?:utf-?8|us-ascii)\b)")
    return one(f'not re.search({pattern}, answer.headers.get("Content-Type", ""))', message, "re")


def _strict(_claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    return Asserted(
        lines=(
            "def unique(pairs):",
            f"    assert len(dict(pairs)) == len(pairs), {message}",
            "    return dict(pairs)",
            "",
            "def refuse(constant):",
            f"    raise AssertionError({message})",
            "",
            "try:",
            '    json.loads(answer.content.decode("utf-8"), object_pairs_hook=unique, parse_constant=refuse)',
            "except (ValueError, RecursionError) as problem:",
            f"    raise AssertionError({message}) from problem",
        ),
        imports=("json",),
    )


def _header_there(claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    return one(f"{literal(claim.pointer)} in answer.headers", message)


def _header_form(claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    return Asserted(
        lines=(
            f"text = answer.headers.get({literal(claim.pointer)})",
            f"assert text is None or re.fullmatch({literal(claim.value)}, text.strip()), {message}",
        ),
        imports=("re",),
    )


def _header_valid(claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    return Asserted(
        lines=(
            f"schema = {literal(claim.value['schema'])}",
            f"text = answer.headers.get({literal(claim.pointer)})",
            f"value = None if text is None else header_value(schema, text, as_json={literal(claim.value['json'])})",
            f"assert text is None or validation.is_valid(schema, value), {message}",
        ),
        imports=("accord.messages.answers:header_value", "accord.validity:validation"),
    )


def _body_there(_claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    return one("answer.content", message)


_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "null": "value is None",
        "boolean": "isinstance(value, bool)",
        "string": "isinstance(value, str)",
        "array": "isinstance(value, list)",
        "object": "isinstance(value, dict)",
        "number": "(isinstance(value, (int, float)) and not isinstance(value, bool))",
        "integer": "((isinstance(value, int) and not isinstance(value, bool)) "
        "or (isinstance(value, float) and value.is_integer()))",
    }
)

_LENGTHS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "minLength": ("str", ">="),
        "maxLength": ("str", "<="),
        "minItems": ("list", ">="),
        "maxItems": ("list", "<="),
        "minProperties": ("dict", ">="),
        "maxProperties": ("dict", "<="),
    }
)

_BOUNDS: Mapping[str, str] = MappingProxyType(
    {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
)


def _body_valid(claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    ((keyword, expected),) = claim.value.items()
    if keyword == "type":
        kinds = [expected] if isinstance(expected, str) else expected
        return each(claim, " or ".join(_TYPES[kind] for kind in kinds), message)
    if keyword == "enum" and all(isinstance(item, str) for item in expected):
        return each(claim, f"value in {literal(list(expected))}", message)
    if keyword in _LENGTHS:
        kind, sign = _LENGTHS[keyword]
        return each(claim, f"not isinstance(value, {kind}) or len(value) {sign} {literal(expected)}", message)
    if keyword in _BOUNDS:
        condition = f"not {_TYPES['number']} or value {_BOUNDS[keyword]} {literal(expected)}"
        return each(claim, condition, message)
    return each(claim, f"validation.is_valid({literal(claim.value)}, value)", message, "accord.validity:validation")


def _body_obeys(claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    keyword, pointer = literal(claim.value["keyword"]), literal(claim.pointer)
    return Asserted(
        lines=(
            f"schema = {literal(claim.value['schema'])}",
            f"assert not claims.breaks(schema, answer.json(), {keyword}, {pointer}), {message}",
        ),
        imports=("accord.repro:claims",),
    )


def _owner(condition: str, claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    *above, name = split(claim.pointer)
    head = f"for owner in at(answer.json(), {literal(above)}):"
    said = f"    assert not isinstance(owner, dict) or {literal(name)} {condition} owner, {message}"
    return Asserted(lines=(head, said), needs_at=True)


def _body_has_any(claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    return Asserted(
        lines=(
            f"values = at(answer.json(), {tokens(claim.pointer)})",
            f"names = set({literal(sorted(claim.value))})",
            f"assert not values or any(isinstance(value, dict) and names & set(value) for value in values), {message}",
        ),
        needs_at=True,
    )


def _is(value: Json) -> tuple[str, tuple[str, ...]]:
    """A condition for `value` in the program to say the same as this one, and what it imports."""
    if isinstance(value, bool):
        return f"value is {value!r}", ()
    if isinstance(value, int) or (isinstance(value, str) and moment(value) is None):
        return f"value == {literal(value)}" + (" and value is not True" if value == 1 else ""), ()
    return f"histories.same({literal(value)}, value)", ("accord:histories",)


def _echoes(claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    condition, imports = _is(claim.value)
    return each(claim, condition, message, *imports)


def _keeps(claim: Claim, message: str, alike: tuple[int, ...]) -> Asserted:
    told = _echoes(claim, message, alike)
    there = f"assert at(answer.json(), {tokens(claim.pointer)}), {message}"
    return Asserted(lines=(there, *told.lines), imports=told.imports, needs_at=True)


def _differs(claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    condition, imports = _is(claim.value)
    return each(claim, f"not ({condition})", message, *imports)


def _one_of(claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    scalar = "value is not None and not isinstance(value, (dict, list))"
    text = "(value if isinstance(value, str) else json.dumps(value)).casefold()"
    return each(claim, f"not ({scalar}) or {text} in {literal(list(claim.value))}", message, "json")


def _ordered(claim: Claim, message: str, _alike: tuple[int, ...]) -> Asserted:
    found = f"ordering.misplaced(at(answer.json(), {tokens(claim.pointer)}), descending={claim.value!r})"
    return replace(one(f"{found} is None", message, "accord:ordering"), needs_at=True)


_WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        "answered": _answered,
        "apart": sequels.apart,
        "as-made": sequels.as_made,
        "body-differs": _differs,
        "body-echoes": _echoes,
        "body-has": partial(_owner, "in"),
        "body-has-any": _body_has_any,
        "body-keeps": _keeps,
        "body-lacks": partial(_owner, "not in"),
        "body-obeys": _body_obeys,
        "body-one-of": _one_of,
        "body-ordered": _ordered,
        "body-there": _body_there,
        "body-valid": _body_valid,
        "fresh": sequels.fresh,
        "header-form": _header_form,
        "header-fresh": sequels.header_fresh,
        "header-there": _header_there,
        "header-valid": _header_valid,
        "media-type": _media_type,
        "same": sequels.same,
        "same-place": sequels.same_place,
        "same-status": sequels.same_status,
        "status-in": _status_in,
        "status-not": _status_not,
        "strict-json": _strict,
        "utf-8": _utf8,
        "within": _within,
    }
)
