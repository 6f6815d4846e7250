"""Python source from data: names that stay put, literals, docstrings; nothing of a document gets in unescaped."""

import hashlib
import keyword
import re
import subprocess
import unicodedata
from collections.abc import Collection

from accord.document import Json
from accord.errors import AccordError

LINE = 120


def literal(value: Json) -> str:
    """`value` as a Python literal: always `repr`, so that no text of a document can end it."""
    return repr(value)


def identifier(name: str, reserved: Collection[str] = ()) -> str:
    """A Python name for `name`, depending on `name` alone: the name itself where it can be one.

    Where characters are lost, four hexadecimal digits of its hash tell it from its likes; a keyword or reserved name
    gets an underscore behind, and what has that underscore already is told from it like what lost characters.
    """
    plain = unicodedata.normalize("NFKC", name)
    bare = name.rstrip("_")
    is_like_taken = bare != name and (keyword.iskeyword(bare) or bare in reserved)
    if plain == name and name.isidentifier() and not name.startswith("_") and name.isascii() and not is_like_taken:
        taken = keyword.iskeyword(name) or name in reserved
        return f"{name}_" if taken else name
    kept = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
    if not kept or kept[0].isdigit():
        kept = f"field_{kept}".rstrip("_")
    return f"{kept}_{_digits(name)}"


def class_name(name: str, reserved: Collection[str] = ()) -> str:
    """A class name for `name`, depending on `name` alone."""
    words = re.split(r"[^A-Za-z0-9]+", name)
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    if not joined or joined[0].isdigit():
        joined = f"Model{joined}"
    lossless = name == joined or (
        re.fullmatch(r"[a-z]+(?:_[a-z]+)*|[A-Z]\w*", name, re.ASCII) is not None and "_" not in joined
    )
    if not lossless or (name != joined and "_" in name and name[:1].isupper()):
        joined += _digits(name)
    return joined + _digits(name) if joined in reserved or keyword.iskeyword(joined) else joined


def function_name(name: str, reserved: Collection[str] = ()) -> str:
    """A snake_case function name for `name` (an operationId, or method and path)."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    snake = re.sub(r"[^A-Za-z0-9]+", "_", spaced).strip("_").lower() or "operation"
    if snake[0].isdigit():
        snake = f"call_{snake}"
    return f"{snake}_" if keyword.iskeyword(snake) or snake in reserved else snake


def _digits(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:4]


def prose(text: str) -> str:
    """`text` of a document fit for a docstring or comment: one line, printable, no backslash, no triple quote."""
    visible = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(visible.replace("\\", "/").replace('"""', "'''").split()).rstrip('"')


def formatted(text: str, path: str) -> str:
    """`text` as `ruff format` writes it, without any project's configuration; AccordError when it refuses."""
    from ruff import find_ruff_bin

    command = [find_ruff_bin(), "format", "--isolated", "--line-length", str(LINE), "--stdin-filename", path, "-"]
    done = subprocess.run(command, input=text.encode("utf-8", "surrogatepass"), capture_output=True, check=False)
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        raise AccordError(f"{path}: ruff cannot format it: {reason[0] if reason else 'no reason given'}.")
    return done.stdout.decode()
