"""A profile as JSON text that can be kept, and read again to be merged with another."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from accord.document import Json
from accord.errors import AccordError
from accord.profiling.profile import EXACT, Body, Place, Profile, Span

VERSION = 1


def _as_it_is(value: Json) -> Json:
    return value


def to_json(profile: Profile, hide: Callable[[Json], Json] = _as_it_is) -> Json:
    """`profile` as JSON, version 1; `hide` masks what stands in it of the values themselves."""
    return {
        "accord": VERSION,
        "bodies": [
            {
                "operation": body.operation,
                "status": body.status,
                "media_type": body.media_type,
                "count": profile.counts[body],
                **({"values": _to_json(profile.bodies[body], hide)} if body in profile.bodies else {}),
            }
            for body in sorted(profile.bodies.keys() | profile.counts.keys())
        ],
    }


def _to_json(place: Place, hide: Callable[[Json], Json]) -> dict[str, Json]:
    shown: dict[str, Json] = {"types": dict(sorted(place.types.items()))}
    if place.types["string"]:
        shown["texts"] = "many" if place.texts is None else sorted(map(hide, place.texts))
        shown["formats"] = list(place.formats or ())
    if place.types["number"]:
        shown["numbers"] = "many" if place.numbers is None else sorted(hide(_plain(number)) for number in place.numbers)
        shown["whole"] = place.whole
    if place.truths:
        shown["truths"] = sorted(place.truths)
    spans = {"span": place.span, "lengths": place.lengths, "sizes": place.sizes}
    shown |= {name: [_plain(span.least), _plain(span.most)] for name, span in spans.items() if span is not None}
    if place.example is not None:
        shown["example"] = json.dumps(hide(json.loads(place.example)), ensure_ascii=False)
    if place.branches:
        shown["branches"] = dict(sorted(place.branches.items()))
    if place.names:
        shown["names"] = {name: _to_json(inner, hide) for name, inner in sorted(place.names.items())}
    shown |= {
        name: _to_json(inner, hide)
        for name, inner in (("rest", place.rest), ("items", place.items))
        if inner is not None
    }
    return shown


def _plain(number: float) -> float:
    return int(number) if isinstance(number, float) and number.is_integer() and abs(number) <= EXACT else number


def read(path: Path) -> Profile:
    """The profile that was written to `path`. Raises AccordError when it cannot be read, or is none."""
    try:
        written = json.loads(path.read_bytes())
    except OSError as problem:
        raise AccordError(f"{path}: cannot be read: {problem.strerror}.") from None
    except (ValueError, RecursionError):
        raise AccordError(f"{path}: is no profile: it is no JSON.") from None
    try:
        return from_json(written)
    except AccordError as problem:
        raise AccordError(f"{path}: {problem}") from None
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise AccordError(f"{path}: is no profile: name a file that `accord verify --profile` wrote.") from None


def from_json(written: Mapping[str, Json]) -> Profile:
    """What `to_json` wrote. Raises AccordError for a profile of another version."""
    if written.get("accord") != VERSION:
        raise AccordError(f"The profile is of version {written.get('accord')}; this accord reads version {VERSION}.")
    found = Profile()
    for item in written["bodies"]:
        body = Body(item["operation"], item["status"], item["media_type"])
        found.counts[body] = item["count"]
        if "values" in item:
            found.bodies[body] = _from_json(item["values"])
    return found


def _from_json(written: Mapping[str, Json]) -> Place:
    place = Place(types=Counter(written["types"]))
    for name in ("texts", "numbers"):
        if name in written:
            setattr(place, name, None if written[name] == "many" else set(written[name]))
    for name in ("span", "lengths", "sizes"):
        if name in written:
            setattr(place, name, Span(*written[name]))
    place.truths = set(written.get("truths", ()))
    place.whole = written.get("whole", True)
    place.formats = tuple(written["formats"]) if "formats" in written else None
    place.example = written.get("example")
    place.branches = Counter(written.get("branches", {}))
    place.names = {name: _from_json(inner) for name, inner in written.get("names", {}).items()}
    place.rest = _from_json(written["rest"]) if "rest" in written else None
    place.items = _from_json(written["items"]) if "items" in written else None
    return place
