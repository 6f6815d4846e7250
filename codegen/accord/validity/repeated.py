"""Names written twice: told from valid JSON by counting the names in its text against those that were read of it.

Every reader keeps the last of two values under one name, so a text that holds more names than were read has one twice.
"""

import re
import sys

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"(\s*+:)?', re.DOTALL)
_QUOTE, _COLON, _BRACKET, _BACKSLASH = b'":[\\'


def most_names(text: bytes) -> int:
    """As many names as `text`, valid JSON, can hold, and as it does hold where no string in it is unusual.

    Before the colon after a name stands a quote or white space: colons are counted after every character up to the
    quote.
    """
    import numpy as np

    found = np.frombuffer(text, np.uint8)
    is_name = found[1:] == _COLON
    is_name &= found[:-1] <= _QUOTE
    return int(np.count_nonzero(is_name))


def certain_strings(text: bytes) -> int:
    """How many of the places that `most_names` counts in `text` are in a string for certain, as JSON or prose is.

    There a quote stands before the colon that one backslash escapes, or white space that no quote or space precedes.
    """
    import numpy as np

    found = np.frombuffer(text, np.uint8)
    third, second, last = found[:-3], found[1:-2], found[2:-1]
    is_escaped = (last == _QUOTE) & (second == _BACKSLASH) & (third != _BACKSLASH)
    is_prose = (last < _QUOTE) & (second > _QUOTE)
    return int(np.count_nonzero((found[3:] == _COLON) & (is_escaped | is_prose)))


def openings(text: bytes) -> int:
    """How many brackets of arrays stand in `text`, those in strings too."""
    import numpy as np

    return int(np.count_nonzero(np.frombuffer(text, np.uint8) == _BRACKET))


def names(text: bytes) -> int:
    """How many names `text`, valid JSON, holds; a name written twice counts twice."""
    found = _STRING.findall(text)
    return len(found) - found.count(b"")


def is_repeated(text: bytes, read: int) -> bool:
    """Whether `text`, valid JSON of which so many names were read, holds one of them twice."""
    if "numpy" in sys.modules and most_names(text) == read:
        return False
    return names(text) > read
