"""Files written whole or not at all: to a temporary neighbour, then renamed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from accord.errors import AccordError


def write(path: Path, text: str | bytes) -> None:
    """Write `text` (UTF-8, line endings kept) to `path`, with the folders above it.

    Whoever reads `path` meanwhile sees the old file or the new one. Raises AccordError when it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise AccordError(f"{path}: cannot be written: {problem.strerror}; name another file.") from None
    with replacing(path) as file:
        file.write(text.encode() if isinstance(text, str) else text)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of `path` when the block has ended well, and goes away when it has not.

    Raises AccordError when it cannot be written.
    """
    temporary = ""
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file  # a pipe or a device cannot be renamed over
            return
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            yield file
        Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as problem:
        raise AccordError(f"{path}: cannot be written: {problem.strerror}; name another file.") from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
