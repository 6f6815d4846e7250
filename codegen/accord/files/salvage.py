"""Salvage: the elements of a JSON array whose text breaks off, or breaks, somewhere."""

import json
import re
from collections.abc import Iterator

from accord.document import Json

_GAP = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*")


def elements(text: str, opening: str = r"\s*\[") -> Iterator[tuple[Json, str]]:
    """The elements of the array that `opening`, an expression, leads into, each with `""`; last where it breaks."""
    begun = re.match(opening, text, re.DOTALL)
    if begun is None:
        yield None, f"no JSON: {_place(text, 0)}"
        return
    decoder, at = json.JSONDecoder(), begun.end()
    while True:
        gap = _GAP.match(text, at)
        at = at if gap is None else gap.end()
        if text.startswith("]", at):
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            yield None, f"no JSON from {_place(text, at)} on"
            return
        yield value, ""


def _place(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"
