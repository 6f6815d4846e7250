"""Components that have another name and the same content, found by content and read under their new name."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote

from accord.document import Document, Json, escape, unescape
from accord.findings import Finding, Location, Severity

_PREFIX = "#/components/schemas/"
_ROUNDS = 4


def renamed(before: Document, after: Document) -> dict[str, str]:
    """New names by old ones, of schemas that one document alone has and whose content is found once in each."""
    some, others = _schemas(before), _schemas(after)
    gone = {name: some[name] for name in some if name not in others}
    new = {name: others[name] for name in others if name not in some}
    if not gone or not new:
        return {}
    old_marks, new_marks = _marks(gone), _marks(new)
    by_mark: dict[str, list[str]] = {}
    for name, mark in new_marks.items():
        by_mark.setdefault(mark, []).append(name)
    known: dict[str, list[str]] = {}
    for name, mark in old_marks.items():
        known.setdefault(mark, []).append(name)
    return {
        names[0]: by_mark[mark][0]
        for mark, names in known.items()
        if len(names) == 1 and len(by_mark.get(mark, ())) == 1
    }


def _schemas(document: Document) -> Mapping[str, Json]:
    components = document.data.get("components") if isinstance(document.data, dict) else None
    schemas = components.get("schemas") if isinstance(components, dict) else None
    return schemas if isinstance(schemas, dict) else {}


def _marks(schemas: Mapping[str, Json]) -> dict[str, str]:
    """A text for each schema that does not depend on its own name and the names of the others."""
    texts = {name: json.dumps(schema, sort_keys=True) for name, schema in schemas.items()}
    marks = dict.fromkeys(schemas, "")
    for _ in range(_ROUNDS):
        marks = {name: hashlib.sha256(_anonymous(text, marks).encode()).hexdigest() for name, text in texts.items()}
    return marks


def _anonymous(text: str, marks: Mapping[str, str]) -> str:
    def mark(match: re.Match[str]) -> str:
        name = _name(match[1])
        return f'"{marks[name]}"' if name in marks else match[0]

    return re.sub(r'"#/components/schemas/((?:[^"\\/]|\\.)*)"', mark, text)


def _name(token: str) -> str:
    return unescape(unquote(json.loads(f'"{token}"')))


def applied(document: Document, names: Mapping[str, str]) -> Document:
    """`document` with its schemas under their new names."""
    components = {**document.data["components"]}
    components["schemas"] = {names.get(name, name): schema for name, schema in components["schemas"].items()}
    return replace(document, data=_rewritten({**document.data, "components": components}, names))


def _rewritten(value: Json, names: Mapping[str, str]) -> Json:
    """`value` with its references, those of a discriminator's mapping included, under new names."""
    if isinstance(value, list):
        return [_rewritten(part, names) for part in value]
    if not isinstance(value, dict):
        return value
    found = {key: _rewritten(part, names) for key, part in value.items()}
    if "$ref" in found:
        found["$ref"] = _moved(found["$ref"], names)
    if isinstance(found.get("mapping"), dict) and "propertyName" in found:
        found["mapping"] = {key: _moved(target, names) for key, target in found["mapping"].items()}
    return found


def _moved(reference: Json, names: Mapping[str, str]) -> Json:
    if not isinstance(reference, str) or not reference.startswith(_PREFIX):
        return reference
    first, slash, rest = reference.removeprefix(_PREFIX).partition("/")
    name = unescape(unquote(first))
    return _PREFIX + escape(names[name]).replace("%", "%25") + slash + rest if name in names else reference


def told(names: Mapping[str, str], current: Document) -> Iterator[Finding]:
    """One note for each component that has another name."""
    for old, new in sorted(names.items()):
        pointer = f"/components/schemas/{escape(new)}"
        yield Finding(
            code="component-renamed",
            severity=Severity.NOTE,
            message=f"component `{old}` is called `{new}` now; no value can tell them apart.",
            pointer=pointer,
            location=Location(uri=current.uri, pointer=pointer),
            verdict="compatible",
        )
