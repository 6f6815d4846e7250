"""Discriminators side by side: a hint that readers may go by, which no value proves."""

from collections.abc import Iterable, Iterator, Mapping

from accord.document import Document, Json, join
from accord.findings import Finding, Location, Severity
from accord.schemas.keywords import subschemas

_REASON = "whether readers choose a branch by it is not in the contract"
_AT = ("components", "schemas")


def told(before: Document, after: Document, names: Iterable[str]) -> Iterator[Finding]:
    """What changed of the discriminators of components that both have: a new one, or more that it maps, is harmless."""
    if "discriminator" not in before.text:
        return
    some, others = (_schemas(each) for each in (before, after))
    for name in sorted(set(names) & some.keys() & others.keys()):
        if some[name] == others[name]:
            continue
        was, now = (dict(_found(side[name], join("", *_AT, name))) for side in (some, others))
        for pointer in was:
            if was[pointer] != now.get(pointer):
                harmless = _holds(now.get(pointer, {}), was[pointer])
                yield Finding(
                    code="discriminator",
                    severity=Severity.NOTE if harmless else Severity.WARNING,
                    message=f"component `{name}`: its discriminator was {_told(was[pointer])} and is "
                    f"{_told(now.get(pointer, {}))}.",
                    pointer=pointer,
                    location=Location(uri=after.uri if pointer in now else before.uri, pointer=pointer),
                    verdict="compatible" if harmless else "undecided",
                    notes=() if harmless else (f"reason: {_REASON}",),
                )


def _schemas(document: Document) -> Mapping[str, Json]:
    found = document.data
    for key in _AT:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _found(schema: Json, pointer: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for where, part in subschemas(schema, pointer):
        if isinstance(part.get("discriminator"), dict):
            yield join(where, "discriminator"), part["discriminator"]


def _mapping(discriminator: Mapping[str, Json]) -> Mapping[str, Json]:
    mapping = discriminator.get("mapping")
    return mapping if isinstance(mapping, dict) else {}


def _holds(now: Mapping[str, Json], was: Mapping[str, Json]) -> bool:
    """Whether `now` maps all that `was` does, by the same property."""
    kept = all(_mapping(now).get(value) == target for value, target in _mapping(was).items())
    return bool(now) and now.get("propertyName") == was.get("propertyName") and kept


def _told(discriminator: Mapping[str, Json]) -> str:
    if not discriminator:
        return "not set"
    mapped = ", ".join(f"`{value}`" for value in _mapping(discriminator))
    return f"`{discriminator.get('propertyName', '')}`" + (f" with {mapped}" if mapped else "")
