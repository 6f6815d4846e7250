"""Document: parsed JSON or YAML and where it came from; JSON Pointers into it; the line of a pointer when asked."""

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

Json: TypeAlias = Any
"""A JSON value as `json.loads` gives it: None, bool, int, float, str, list, dict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Parsed JSON or YAML and where it came from.

    `uri` is what the user named (a path, a URL, `REV:path`), fit for a report; `data` the parsed value; `text` what was
    parsed, kept so that a line can be computed when a finding asks for it.
    """

    uri: str
    data: Json
    text: str = field(repr=False)


def escape(token: str) -> str:
    """One reference token, escaped (RFC 6901 section 3)."""
    return token.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """One reference token, unescaped (RFC 6901 section 4)."""
    return token.replace("~1", "/").replace("~0", "~")


def join(pointer: str, *tokens: str | int) -> str:
    """`pointer` extended by `tokens`, each escaped."""
    for token in tokens:
        pointer += "/" + escape(token if isinstance(token, str) else str(token))
    return pointer


def split(pointer: str) -> tuple[str, ...]:
    """The unescaped tokens of a JSON Pointer; `""` has none."""
    tokens = tuple(pointer.split("/")[1:])
    return tuple(map(unescape, tokens)) if "~" in pointer else tokens


def step(value: Json, token: str) -> Json:
    """The child of `value` at one reference token; KeyError when there is none."""
    if isinstance(value, dict):
        return value[token]
    if isinstance(value, list) and token.isascii() and token.isdigit() and int(token) < len(value):
        return value[int(token)]
    raise KeyError(token)


def at(data: Json, pointer: str) -> Json:
    """The value at `pointer`; KeyError names the first token that leads nowhere."""
    for token in split(pointer):
        data = step(data, token)
    return data


def places(data: Json, tokens: tuple[str, ...]) -> Iterator[Json]:
    """What `data` holds at `tokens`, `*` being each item; nothing where they lead nowhere."""
    if not tokens:
        yield data
    elif isinstance(data, list) and tokens[0] == "*":
        for item in data:
            yield from places(item, tokens[1:])
    elif isinstance(data, dict) and tokens[0] in data:
        yield from places(data[tokens[0]], tokens[1:])


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate a reader most probably meant by `name`, if one is near enough."""
    matches = difflib.get_close_matches(name, list(candidates), n=1, cutoff=0.6)
    return matches[0] if matches else None


def walk(data: Json, pointer: str = "") -> Iterator[tuple[str, Json]]:
    """Every value of `data` with its pointer, parents before children; does not recurse, so depth is no limit."""
    stack = [(pointer, data)]
    while stack:
        where, value = stack.pop()
        yield where, value
        if isinstance(value, dict):
            stack.extend((join(where, key), child) for key, child in reversed(value.items()))
        elif isinstance(value, list):
            stack.extend((join(where, index), value[index]) for index in reversed(range(len(value))))


def line(document: Document, pointer: str) -> int | None:
    """The 1-based line of the deepest part of `pointer` that `document.text` has; None if it cannot be read.

    The text is read again on each call, never in advance: JSON by its own reader, at the price of parsing it once, YAML
    with marks (about 0.1 s a megabyte).
    """
    return lines(document, (pointer,))[pointer]


def lines(document: Document, pointers: Iterable[str]) -> dict[str, int | None]:
    """`line` of many pointers for the price of one."""
    wanted = tuple(pointers)
    text = document.text
    if text.lstrip()[:1] in {"{", "["}:
        try:
            offsets = _offsets(text, wanted)
        except (ValueError, IndexError, StopIteration, RecursionError):
            text = text.replace("\t", " ")  # YAML that looks like JSON; columns are not reported
        else:
            return _numbered(text, offsets)
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, RecursionError):
        return dict.fromkeys(wanted)
    return {pointer: _line(root, split(pointer)) for pointer in wanted}


def _numbered(text: str, offsets: dict[str, int]) -> dict[str, int | None]:
    """The line of each offset, the text gone through once."""
    found: dict[str, int | None] = {}
    number, last = 1, 0
    for pointer, offset in sorted(offsets.items(), key=lambda item: item[1]):
        number, last = number + text.count("\n", last, offset), offset
        found[pointer] = number
    return found


@dataclass(slots=True)
class _Way:
    """A place that pointers lead to or through: the pointers, and the ways on by token."""

    pointers: list[str] = field(default_factory=list)
    on: dict[str, "_Way"] = field(default_factory=dict)


def _offsets(text: str, pointers: Iterable[str]) -> dict[str, int]:
    """Where in the JSON `text` the deepest part of each pointer begins; ValueError, IndexError where it is no JSON."""
    root = _Way()
    for pointer in pointers:
        way = root
        way.pointers.append(pointer)
        for token in split(pointer):
            way = way.on.setdefault(token, _Way())
            way.pointers.append(pointer)
    found: dict[str, int] = {}
    _visit(text, _blank(text, 0), root, found)
    return found


_read_json = json.JSONDecoder(strict=False).raw_decode
_blanks = re.compile(r"[ \t\r\n]*")


def _blank(text: str, at_: int) -> int:
    match = _blanks.match(text, at_)
    return match.end() if match else at_


def _visit(text: str, start: int, way: _Way, found: dict[str, int], key: int | None = None) -> int:
    """Note the pointers of `way` at the value at `start`, follow them further, and say where the value ends."""
    for pointer in way.pointers:
        found[pointer] = start if key is None else key
    if not way.on or text[start] not in "{[":
        return int(_read_json(text, start)[1])
    closing = "}" if text[start] == "{" else "]"
    index, position = 0, _blank(text, start + 1)
    while text[position] != closing:
        token, key = str(index), None
        if closing == "}":
            key = position
            token, position = _read_json(text, position)
            position = _blank(text, _blank(text, position) + 1)
        child = way.on.get(token)
        end = int(_read_json(text, position)[1]) if child is None else _visit(text, position, child, found, key)
        position = _blank(text, end)
        if text[position] == ",":
            position = _blank(text, position + 1)
        index += 1
    return position + 1


def _line(node: yaml.Node | None, tokens: tuple[str, ...]) -> int | None:
    if node is None:
        return None
    found = node.start_mark.line
    for token in tokens:
        key, child = _child(node, token)
        if child is None:
            break
        found, node = (key or child).start_mark.line, child
    return found + 1


def _child(node: yaml.Node, token: str) -> tuple[yaml.Node | None, yaml.Node | None]:
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            if key.value == token:
                return key, child
    elif isinstance(node, yaml.SequenceNode) and token.isdigit() and int(token) < len(node.value):
        return None, node.value[int(token)]
    return None, None
