"""Lines of JSON: exchanges in accord's own form, version 1, or bare bodies, which `--operation` answered.

An exchange is `{"accord": 1, "request": {…}, "response": {…} or null}`. A request has `method`, `url`, `headers`
(pairs), `body` (text) or `body_base64`, `secrets`; a response `status`, `reason`, `headers`, `body` or `body_base64`,
`elapsed` (seconds), and `lost` where the body is not whole. `case` and `failure` stand beside them.
"""

import io
from collections.abc import Iterator

from accord.exchange import Exchange
from accord.files import exchange_json, sources
from accord.recordings import Block, Damaged, Line, Recording

_READ, _BLOCK = 256 << 10, 128 << 10
"""Bytes that are read at once, and those of lines that are judged together: few enough for the processor's cache."""


def _read(file: io.BufferedReader, name: str) -> Iterator[Exchange | Damaged]:
    for number, line in enumerate(sources.lines(file), start=1):
        source = f"{name}:{number}"
        if line is None:
            yield Damaged(source=source, reason=_endless())
            continue
        if not line.strip():
            continue
        try:
            yield exchange_json.exchange(exchange_json.parsed(line), source)
        except exchange_json.BROKEN as problem:
            yield Damaged(source=source, reason=f"the line is no exchange ({exchange_json.why(problem)})")


def _endless() -> str:
    return f"the line has more than {sources.LONGEST >> 20} MiB"


def _bodies(file: io.BufferedReader, name: str) -> Iterator[Line]:
    for number, line in enumerate(sources.lines(file), start=1):
        yield Damaged(source=f"{name}:{number}", reason=_endless()) if line is None else (number, line)


def _blocks(file: io.BufferedReader, _name: str) -> Iterator[Block]:
    """Blocks of whole lines; of a line that breaks off because the file cannot be read further, nothing is given."""
    begun: list[bytes] = []
    is_lost = False
    while data := file.read1(_READ):
        at = 0
        if is_lost:
            at = data.find(b"\n") + 1
            if not at:
                continue
            is_lost = False
            yield Block(b"", lost=_endless())
        while end := data.rfind(b"\n", at, at + _BLOCK) + 1 or data.find(b"\n", at) + 1:
            yield Block(b"".join((*begun, data[at:end])))
            begun, at = [], end
        if at < len(data):
            begun.append(data[at:])
        if len(begun) * _READ > sources.LONGEST and sum(map(len, begun)) > sources.LONGEST:
            begun, is_lost = [], True
    if is_lost:
        yield Block(b"", lost=_endless())
    if begun:
        yield Block(b"".join(begun))


def _is_exchange(start: bytes) -> bool:
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and b'{"accord"' in start.replace(b" ", b"")


def _holds(file: io.BufferedReader) -> bool:
    return _is_exchange(file.peek(sources.START)[: sources.START])


RECORDING = Recording(
    suffixes=(".ndjson", ".jsonl"),
    sniff=_is_exchange,
    read=_read,
    bodies=_bodies,
    blocks=_blocks,
    holds=_holds,
    lines=True,
    entry=exchange_json.text,
)
