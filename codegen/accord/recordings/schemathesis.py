"""The NDJSON report of Schemathesis (4.x): the interactions of every finished scenario; its other events hold none.

A scenario is one line, however many interactions it has: they are numbered in the order of the file. What Schemathesis
masked stands as `[Filtered]`, and a body that it kept only the beginning of is not judged.
"""

import base64
import io
import itertools
from collections.abc import Iterator, Mapping

from accord.document import Json
from accord.exchange import Exchange, Headers, Request, Response
from accord.files import coding, exchange_json, sources
from accord.recordings import Damaged, Recording


def _read(file: io.BufferedReader, name: str) -> Iterator[Exchange | Damaged]:
    numbers = itertools.count(1)
    for place, line in enumerate(sources.lines(file), start=1):
        if line is not None and not line.strip():
            continue
        try:
            if line is None:
                raise ValueError
            event = exchange_json.parsed(line)
            if not isinstance(event, dict):
                raise TypeError
            scenario = event.get("ScenarioFinished")
            found = list(scenario["recorder"]["interactions"].values()) if scenario else []
        except exchange_json.BROKEN:
            yield Damaged(source=f"{name}:{next(numbers)}", reason=f"line {place} is no event of Schemathesis")
            continue
        for interaction in found:
            source = f"{name}:{next(numbers)}"
            try:
                yield _exchange(interaction, source)
            except exchange_json.BROKEN as problem:
                why = exchange_json.why(problem)
                yield Damaged(source=source, reason=f"the interaction in line {place} is no exchange ({why})")


def _exchange(interaction: Mapping[str, Json], source: str) -> Exchange:
    asked, answered = interaction["request"], interaction["response"]
    request = Request(
        method=str(asked["method"]), url=str(asked["uri"]), headers=_headers(asked), body=_bytes(asked.get("body"))
    )
    if answered is None:
        return Exchange(request=request, response=None, failure="gave no answer", source=source)
    headers = _headers(answered)
    response = Response(
        status=int(answered["status_code"]),
        headers=headers,
        body=coding.decoded(_bytes(answered.get("content")), headers),
        elapsed=float(answered.get("elapsed") or 0.0),
        lost="the recording cut the body short" if "content_size" in answered else "",
    )
    return Exchange(request=request, response=response, source=source)


def _headers(message: Mapping[str, Json]) -> Headers:
    found = message.get("headers") or {}
    return tuple((str(name), str(value)) for name, values in found.items() for value in values)


def _bytes(value: Json) -> bytes:
    if value is None:
        return b""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return base64.b64decode(value["$base64"], validate=True)


def _sniff(start: bytes) -> bool:
    return start.startswith(b'{"Initialize"') and b'"schemathesis_version"' in start


RECORDING = Recording(suffixes=(), sniff=_sniff, read=_read)
