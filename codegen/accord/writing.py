"""Files written whole or not at all: to a temporary neighbour, then renamed."""

import os
import tempfile
from pathlib import Path

from accord.errors import AccordError


def write(path: Path, text: str | bytes) -> None:
    """Write `text` (UTF-8, line endings kept) to `path`, with the folders above it.

    Whoever reads `path` meanwhile sees the old file or the new one. Raises AccordError when it cannot be written.
    """
    data = text.encode() if isinstance(text, str) else text
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # a pipe or a device cannot be renamed over
            return
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
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
