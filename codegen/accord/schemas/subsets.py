"""Regular expressions that match a part of what a format or a pattern allows, as `re` reads them: never more."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from accord.schemas.patterns import compile_pattern

_DATE = (
    "[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_TIME = rf"{_CLOCK}:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-]{_CLOCK})"
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_WORD = "[A-Za-z0-9_+-]{1,20}"
_HOST = r"(?:[A-Za-z0-9]{1,20}(?:-[A-Za-z0-9]{1,20}){0,2}\.){0,3}[A-Za-z0-9]{1,60}"
_PLAIN = "[A-Za-z0-9._~!$&'()*+,;=:@-]"
_ADDRESS = "https?://[A-Za-z0-9.-]+/[A-Za-z0-9._~/-]*"
"""What most URIs look like, told in a third of the time."""

_PATH = rf"(?:/{_PLAIN}*)*(?:\?[A-Za-z0-9._~!$&'()*+,;=:@/?-]*)?"

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        name: rf"\A{text}\Z"
        for name, text in {
            "date": _DATE,
            "time": _TIME,
            "date-time": f"(?:{_DATE})T{_TIME}",
            "email": rf"{_WORD}(?:\.{_WORD}){{0,2}}@{_HOST}",
            "uuid": "[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}",
            "ipv4": rf"{_BYTE}\.{_BYTE}\.{_BYTE}\.{_BYTE}",
            "hostname": _HOST,
            "uri": rf"(?:{_ADDRESS}|[A-Za-z][A-Za-z0-9+.-]*://{_HOST}(?::[0-9]{{1,5}})?{_PATH})",
        }.items()
    }
)
"""Formats whose ordinary values are told by one expression; leap years and seconds are left to the authority."""

_ATOM = re.compile(
    r"\\A|\\Z|\||\(\?:|\((?!\?)|\)(?![*+?{])"
    r"|(?:[A-Za-z0-9 _@#%,;:=!<>\"'`/-]|\\[ !-/:-@\[-`{-~]|\[\^?(?:[A-Za-z0-9 _@#%,;:=!<>\"'`/.]|\\[ !-/:-@\[-`{-~]"
    r"|[A-Za-z0-9]-[A-Za-z0-9])+\])(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})?(?![*+?{])"
)
_MOST_ENDLESS = 3


def same_pattern(pattern: str) -> str | None:
    """`pattern` (ECMA-262) as `re` has it, where both match the same in little time; None where that is not plain."""
    found = compile_pattern(pattern)
    if found is None:
        return None
    text, at = found.translated, 0
    while at < len(text):
        match = _ATOM.match(text, at)
        if match is None:
            return None
        at = match.end()
    if len(re.findall(r"[*+]|,\}", re.sub(r"\\.", "", text))) > _MOST_ENDLESS:
        return None
    try:
        re.compile(text)
    except re.error:
        return None
    return text
