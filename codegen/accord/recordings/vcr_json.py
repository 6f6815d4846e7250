"""Cassettes of VCR.py in JSON, which its `json` serializer writes; those of Ruby's VCR too."""

import io
import json
from collections.abc import Iterator

from accord.document import Json
from accord.errors import AccordError
from accord.exchange import Exchange
from accord.files import cassettes
from accord.files.salvage import elements
from accord.recordings import Damaged, Recording

_OPENING = r'\s*\{.*?"(?:http_)?interactions"\s*:\s*\['


def _read(file: io.BufferedReader, name: str) -> Iterator[Exchange | Damaged]:
    return cassettes.read(file, name, _interactions)


def _interactions(data: bytes, name: str) -> Iterator[Json | Damaged]:
    text = data.decode("utf-8-sig", "replace")
    try:
        yield from cassettes.listed(json.loads(text), name)
    except (ValueError, RecursionError):
        for number, (entry, problem) in enumerate(elements(text, _OPENING)):
            if problem and not number and problem.startswith("no JSON: "):
                raise AccordError(f"`{name}` is no cassette: it is no JSON.") from None
            yield Damaged(source="", reason=problem) if problem else entry


def _entry(exchange: Exchange) -> str:
    return json.dumps(cassettes.interaction(exchange), indent=2)


def _sniff(start: bytes) -> bool:
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    return head[:1] == b"{" and b'interactions"' in start and b'"log"' not in start and b'"accord"' not in start[:64]


RECORDING = Recording(
    suffixes=(".json",),
    sniff=_sniff,
    read=_read,
    entry=_entry,
    opening='{"version": 1, "interactions": [\n',
    separator=",\n",
    closing="\n]}\n",
)
