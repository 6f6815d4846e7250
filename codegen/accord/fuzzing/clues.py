"""Values that the words of a refusal suggest: what they quote, list, count, name as a format or write as a pattern."""

import re
from collections.abc import Iterator
from itertools import islice

from accord import synthesis
from accord.document import Json
from accord.fuzzing import hints
from accord.fuzzing.complaints import Complaint

MOST = 16
"""So many values are taken from what one refusal says of a place."""

_LARGEST = 300
_TOKEN = re.compile(r"[\"'`\u2018\u201c]([^\"'`\u2019\u201d]{1,64})[\"'`\u2019\u201d]")
_LIST = re.compile(r"[\w.+:-]{1,64}(?:\s*[,|]\s*[\w.+:-]{1,64}){1,32}(?:\s*,?\s+(?:or|and)\s+[\w.+:-]{1,64})?")
_PARTING = re.compile(r"\s*[,|]\s*(?:or\s+|and\s+)?|\s+(?:or|and)\s+")
_NUMBER = re.compile(r"(?<![\w.])-?\d{1,12}(?:\.\d{1,6})?(?![\w])")
_PATTERN = re.compile(r"\^[^\s\"'`]{1,80}\$")
_COSTLY = re.compile(r"[+*}]\)?[+*{]|\{\d*,?\d{3}|\(\?")
"""Repetitions in repetitions, large ones, and what looks around: a text that fits may be far away."""

_FORMATS = (
    (r"date-?_? ?time|timestamp|iso-? ?8601|rfc-? ?3339|yyyy-mm-ddt?.?hh", "date-time"),
    (r"\bdate\b|yyyy-mm-dd|local-?date", "date"),
    (r"e-?mail", "email"),
    (r"\buu?id\b|\bguid\b", "uuid"),
    (r"\bur[il]s?\b|\blink\b", "uri"),
    (r"\btime\b|hh:mm", "time"),
    (r"\bip(v4)?\b", "ipv4"),
    (r"host ?name|\bdomain\b", "hostname"),
)
_PLAIN = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in _FORMATS)
_TIMES = ("09:30", "09:30:00")


def suggested(complaint: Complaint, kinds: frozenset[str]) -> Iterator[Json]:
    """Values for a place that takes `kinds`, the likeliest first; at most `MOST`."""
    yield from islice(_suggested(complaint, kinds), MOST)


def _suggested(complaint: Complaint, kinds: frozenset[str]) -> Iterator[Json]:
    text = complaint.text
    yield from complaint.values
    plain = _PATTERN.sub(" ", text)
    numbers = [float(item) if "." in item else int(item) for item in _NUMBER.findall(plain)]
    if not kinds.isdisjoint({"integer", "number"}):
        for number in numbers:
            yield from (number, number + 1, number - 1)
    if "string" in kinds:
        yield from _patterned(text)
        for pattern, name in _PLAIN:
            if pattern.search(text):
                yield from hints.FORMS[name]
                yield from _TIMES if name == "time" else ()
        yield from (token for token in _tokens(plain) if token not in complaint.steps)
        yield from ("x" * size for size in numbers if isinstance(size, int) and 0 < size <= _LARGEST)


def _tokens(text: str) -> Iterator[str]:
    """What `text` quotes, and what stands in a list there."""
    yield from _TOKEN.findall(text)
    for listed in _LIST.findall(text):
        yield from _PARTING.split(listed)


def _patterned(text: str) -> Iterator[Json]:
    """A text that is like the pattern which `text` shows."""
    for pattern in islice(_PATTERN.findall(text), 2):
        if not _COSTLY.search(pattern):
            yield synthesis.plausible({"type": "string", "pattern": pattern})
