"""accord.lock: what a generated package was made from, by whom, and what was written, as hashes."""

import hashlib
import json
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from accord.document import Document, Json
from accord.errors import AccordError

NAME = "accord.lock"
FORMAT = 1
GENERATORS = ("datamodel-code-generator", "ruff")
"""Distributions whose version decides bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The hash of each document, the version of each generator, the hash of each file."""

    documents: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    generators: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def digest(data: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def document_digests(documents: Iterable[Document]) -> dict[str, str]:
    """The hash of what each document says, whatever its comments, layout and order of keys.

    By its path from the folder of the first of them, so that equal names in two folders stay two.
    """
    found: dict[str, str] = {}
    folder = ""
    for each in documents:
        folder = folder or posixpath.dirname(each.uri) or "."
        said = json.dumps(each.data, sort_keys=True, ensure_ascii=True, default=str).encode()
        found[posixpath.relpath(each.uri, folder)] = digest(said)
    return dict(sorted(found.items()))


def generators(emitters: Mapping[str, int]) -> dict[str, str]:
    """The versions that decide what is written: of the emitters, and of the packages they use.

    Of pydantic, which the written code runs on, the major version alone.
    """
    found = {name: version(name) for name in GENERATORS}
    found["pydantic"] = version("pydantic").partition(".")[0]
    return {**found, **{f"accord {name}": str(number) for name, number in sorted(emitters.items())}}


def read(path: Path) -> Lock | None:
    """The lock at `path`; None where there is none. Raises AccordError when it is no lock of this format."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        data = None
    parts: list[Json] = (
        [data.get(name) for name in ("documents", "generators", "files")] if isinstance(data, dict) else []
    )
    if not parts or data.get("lock") != FORMAT or not all(map(_is_texts, parts)):
        raise AccordError(f"{path}: is no lock of format {FORMAT}; remove it and run `accord generate`.")
    return Lock(documents=parts[0], generators=parts[1], files=parts[2])


def _is_texts(value: Json) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


def written(lock: Lock) -> str:
    """The text of the lock."""
    parts = {"documents": lock.documents, "generators": lock.generators, "files": lock.files}
    return json.dumps({"lock": FORMAT, **{name: dict(part) for name, part in parts.items()}}, indent=2) + "\n"
