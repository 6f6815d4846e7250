"""Remains: what a HAR file kept of an answer, where that is not all, and why it did not keep the rest."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from accord.document import Json
from accord.exchange import EXCUSED

NO_BODY = "the recording holds no body"
CUT = "the recording cut the body short"

_CLIENT = re.compile(
    r"(?i)client|cancel|\bblocked\b|cross-origin|connection killed"
    r"|\bERR_(?:ABORTED|FAILED|BLOCKED_BY|CACHE_MISS|INTERNET_DISCONNECTED|NETWORK_CHANGED)|BINDING_ABORTED"
)
"""What browsers and mitmproxy write where who asked has not waited, or was not let through."""

APART = re.compile(r"[\w-][\w.-]*")
"""Names of the files in which Playwright keeps bodies: never a way to another folder."""


def unanswered(answered: Mapping[str, Json]) -> str:
    """Why an entry has no answer, to be said of the server: it gave none, or nobody knows that it owed one."""
    told = answered.get("_error") or answered.get("_failureText")
    if not told:
        return EXCUSED + "the recording does not say why"
    return EXCUSED + str(told) if _CLIENT.search(str(told)) else f"gave no answer: {told}"


def beside(recording: str, name: Json) -> bytes | None:
    """A body that Playwright put into a file of its own beside the recording; never one that stands elsewhere."""
    if "://" in recording or not isinstance(name, str) or not APART.fullmatch(name):
        return None
    try:
        return (Path(recording).parent / name).read_bytes()
    except OSError:
        return None


def lost(answered: Mapping[str, Json], body: bytes) -> str:
    """Why the body that was kept is not the whole one; `""` when it is."""
    content = answered.get("content") or {}
    size = int(content.get("size") or 0)
    comment = str(content.get("comment") or "")
    if re.search(r"(?i)\bnot included\b", comment) and not body:
        return NO_BODY
    if re.match(r"(?i)body truncated|.*\btruncated\b", comment):
        return CUT
    if "text" not in content:
        return NO_BODY if size > 0 or (size < 0 and answered.get("bodySize") != 0) or _sent(answered) > 0 else ""
    packed, gone = content.get("compression"), not body and int(answered.get("bodySize") or 0) > 0  # given to the page
    if not gone and (len(body) >= size or (isinstance(packed, int) and size + packed == len(body))):
        return ""
    if not body:
        return NO_BODY
    return "" if _is_whole(body) or _coded(content, body) == size else CUT


def _sent(answered: Mapping[str, Json]) -> int:
    """The bytes of the body on the wire, as far as they are told."""
    told = [item["value"] for item in answered.get("headers") or () if item["name"].lower() == "content-length"]
    return max(int(answered.get("bodySize") or 0), *(int(text) for text in told if text.isdecimal()), 0)


def _is_whole(body: bytes) -> bool:
    """Whether a body is a JSON object or array, which no longer text begins with."""
    try:
        return isinstance(json.loads(body), dict | list)
    except (ValueError, RecursionError):
        return False


def _coded(content: Mapping[str, Json], body: bytes) -> int:
    """The length of a text in the charset of its media type, or with the byte order mark that browsers take away."""
    charset = re.search(r"(?i)charset\s*=\s*\"?([\w-]+)", str(content.get("mimeType") or ""))
    size, mark = int(content.get("size") or 0), 3
    try:
        coded = len(body.decode().encode(charset[1] if charset else "utf-8"))
    except (ValueError, LookupError):
        return -1
    return size if size - mark == len(body) else coded
