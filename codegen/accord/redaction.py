"""Masking that keeps type, length and shape: letters for letters, digits for digits, the same for the same key."""

import hashlib
import hmac
import os
import string
from collections.abc import Iterator

from accord.document import Json

VARIABLE = "ACCORD_REDACTION_KEY"
"""The environment variable that holds the key; without it masks are the same everywhere."""


def masked(value: Json) -> Json:
    """`value` with every text and number in it replaced by one of the same length; names, `true` and null are kept."""
    key = os.environ.get(VARIABLE, "accord").encode()
    return _masked(value, key)


def _masked(value: Json, key: bytes) -> Json:
    if isinstance(value, dict):
        return {name: _masked(item, key) for name, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, key) for item in value]
    if isinstance(value, str):
        return mask_text(value, key)
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return int(mask_text(str(value), key))


def mask_text(text: str, key: bytes) -> str:
    """`text` with each ASCII letter and digit, and every other letter, replaced by one of its kind."""
    draws = _draws(text, key)
    return "".join(_other(char, next(draws)) for char in text)


def _other(char: str, draw: int) -> str:
    if char in string.digits:
        return char if char == "0" else string.digits[1 + draw % 9]
    if char in string.ascii_lowercase:
        return string.ascii_lowercase[draw % 26]
    if char in string.ascii_uppercase:
        return string.ascii_uppercase[draw % 26]
    return "é" if char.isalpha() else char


def _draws(text: str, key: bytes) -> Iterator[int]:
    block = 0
    while True:
        yield from hmac.new(key, f"{block}:{text}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        block += 1
