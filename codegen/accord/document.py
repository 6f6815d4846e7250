"""Document: parsed JSON or YAML and where it came from; JSON Pointers into it; the line of a pointer when asked."""

import difflib
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
    return pointer + "".join("/" + escape(str(token)) for token in tokens)


def split(pointer: str) -> tuple[str, ...]:
    """The unescaped tokens of a JSON Pointer; `""` has none."""
    return tuple(unescape(token) for token in pointer.split("/")[1:])


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


def exists(data: Json, pointer: str) -> bool:
    """Whether `pointer` leads to a value of `data`."""
    try:
        at(data, pointer)
    except KeyError:
        return False
    return True


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
    """The 1-based line of the deepest part of `pointer` that `document.text` has; None if it cannot be composed.

    JSON is read as the YAML it is. The text is composed on each call (about 0.1 s a megabyte), never in advance.
    """
    return lines(document, (pointer,))[pointer]


def lines(document: Document, pointers: Iterable[str]) -> dict[str, int | None]:
    """`line` of many pointers for the price of one."""
    wanted = tuple(pointers)
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = document.text
    if text.lstrip()[:1] in {"{", "["}:
        text = text.replace("\t", " ")  # JSON allows tabs where YAML does not; columns are not reported
    try:
        root = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, RecursionError):
        return dict.fromkeys(wanted)
    return {pointer: _line(root, split(pointer)) for pointer in wanted}


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
