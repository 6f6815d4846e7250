"""Content codings (RFC 9110 section 8.4): a recorded body as it was before it was compressed for the way."""

import gzip
import zlib

from accord.exchange import Headers, header


class CodingError(ValueError):
    """A body is in a content coding that cannot be undone; the text says which."""


def decoded(body: bytes, headers: Headers) -> bytes:
    """`body` without the content codings that `headers` name, if it still is in them: most recorders undo them.

    Raises CodingError.
    """
    written = header(headers, "Content-Encoding")
    for coding in reversed(written.lower().split(",")) if written else ():
        body = _undone(body, coding.strip())
    return body


def _undone(body: bytes, coding: str) -> bytes:
    try:
        if coding in {"gzip", "x-gzip"} and body.startswith(b"\x1f\x8b"):
            return gzip.decompress(body)
        if coding == "deflate":
            return _inflated(body)
    except (OSError, EOFError, zlib.error) as problem:
        raise CodingError(f"the body's content coding `{coding}` is broken ({type(problem).__name__})") from None
    if coding == "zstd" and body.startswith(b"\x28\xb5\x2f\xfd"):
        return _from_zstandard(body)
    if coding in {"br", "compress"} and not _is_text(body):
        raise CodingError(f"the body's content coding `{coding}` cannot be undone")
    return body


def _from_zstandard(body: bytes) -> bytes:
    import zstandard

    try:
        return zstandard.ZstdDecompressor().decompressobj().decompress(body)
    except zstandard.ZstdError:
        raise CodingError("the body's content coding `zstd` is broken") from None


def _inflated(body: bytes) -> bytes:
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return zlib.decompress(body, window)
        except zlib.error:
            continue
    return body  # undone already


def _is_text(body: bytes) -> bool:
    try:
        return bool(body.decode())
    except UnicodeDecodeError:
        return not body
