"""Path, URL or git revision → Document, and `$ref` across documents: what may be reached and what not."""

import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import yaml

from accord.document import Document, Json, at, nearest, walk
from accord.errors import DocumentError, UnreachableError

_MOST_BYTES = 256 * 1024 * 1024
_MOST_NODES = 20_000_000
_SUFFIXES = (".json", ".yaml", ".yml")
_REVISION = re.compile(r"(?P<revision>[^\s:\-][^\s:]*):(?P<path>[^\s:].*)")
_ALIAS = re.compile(r"(?:^|[\s,\[{])\*[^\s*]", re.MULTILINE)
_ANCHORS = ("$anchor", "$dynamicAnchor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The documents that one contract is read from: the first and all that its `$ref`s have reached so far, by uri.

    `remote` says whether a `$ref` may reach a URL; without it only local files below the first document's folder or the
    working directory may be reached, and from a remote document nothing local ever.
    """

    root: Document
    documents: dict[str, Document]
    remote: bool = False


def library(root: Document, *, remote: bool = False) -> Library:
    """A library that holds `root` alone."""
    return Library(root=root, documents={root.uri: root}, remote=remote)


def is_url(source: str) -> bool:
    """Whether `source` is an `http` or `https` URL."""
    return source.lower().startswith(("http://", "https://"))


def fetch(source: str, *, timeout: float = 30.0) -> Document:
    """The document at a path, an `http(s)` URL, or `REV:path` of the git repository around the working directory.

    Raises DocumentError when it is absent, unreadable or neither JSON nor YAML; UnreachableError when a URL's host does
    not answer within `timeout` seconds.
    """
    if is_url(source):
        return parse(_download(source, timeout), source)
    revision = _revision(source)
    if revision:
        return parse(_git_show(source, revision["revision"], revision["path"]), source)
    return parse(_read(Path(source), source), source)


def _revision(source: str) -> re.Match[str] | None:
    return None if is_url(source) or Path(source).exists() else _REVISION.fullmatch(source)


def parse(raw: bytes, uri: str) -> Document:
    """`raw` as JSON, or as YAML 1.2 core where it is no JSON, whatever the suffix says."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(uri, f"is not UTF-8 at byte {error.start}", remedy="save it as UTF-8") from None
    if not text.strip():
        raise DocumentError(uri, "is empty", remedy="name a file that holds an OpenAPI document")
    try:
        return Document(uri=uri, data=_parse_text(text, uri), text=text)
    except RecursionError:
        raise DocumentError(uri, "is nested too deep to be read") from None


def _parse_text(text: str, uri: str) -> Json:
    if text.lstrip()[0] in "{[":
        try:
            return json.loads(text)
        except ValueError:
            pass  # flow-style YAML, or YAML text in a `.json` file
    try:
        data = yaml.load(text, Loader=_loader())  # noqa: S506  a SafeLoader with fewer resolvers
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise DocumentError(
            uri, f"is neither JSON nor YAML: {error.problem}{where}", remedy="mend its syntax"
        ) from None
    except yaml.YAMLError as error:
        raise DocumentError(uri, f"is neither JSON nor YAML: {error}".splitlines()[0], remedy="mend it") from None
    if _ALIAS.search(text) and any(count > _MOST_NODES for count, _ in enumerate(walk(data))):
        raise DocumentError(uri, f"unfolds to more than {_MOST_NODES:,} values", remedy="write its aliases out")
    return data


def _loader() -> Any:
    """A SafeLoader of YAML 1.2 core: keys are text as written, no dates, no `yes`/`no`, no octal, no sexagesimal."""
    parent: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class CoreLoader(parent):  # type: ignore[misc]
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Json]:  # noqa: FBT001, FBT002  PyYAML's signature
            self.flatten_mapping(node)
            if not all(isinstance(key, yaml.ScalarNode) for key, _ in node.value):
                raise yaml.constructor.ConstructorError(None, None, "a key is not text", node.start_mark)
            return {key.value: self.construct_object(value, deep=deep) for key, value in node.value}

    CoreLoader.yaml_implicit_resolvers = {}
    for tag, pattern, first in (
        ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
        ("null", r"null|Null|NULL|~|", ["n", "N", "~", ""]),
        ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
        ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
        ("merge", r"<<", "<"),
    ):
        CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern})\Z"), list(first))
    CoreLoader.add_constructor("tag:yaml.org,2002:int", _integer)
    CoreLoader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(loader.construct_scalar(node)))
    return CoreLoader


def _integer(loader: Any, node: yaml.ScalarNode) -> int:
    text: str = loader.construct_scalar(node)
    if text.startswith(("0o", "0x")):
        return int(text, 0)
    return int(text)


def _read(path: Path, source: str) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise DocumentError(source, f"is larger than {_MOST_BYTES >> 20} MiB", remedy="name a smaller document")
        return path.read_bytes()
    except FileNotFoundError:
        siblings = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
        near = nearest(path.name, siblings)
        hint = f"did you mean `{path.parent / near}`" if near else "check the path"
        raise DocumentError(source, "there is no such file", remedy=hint) from None
    except OSError as error:
        raise DocumentError(source, f"cannot be read: {error.strerror}", remedy="name a readable file") from None


def _git_show(source: str, revision: str, path: str) -> bytes:
    command = ["git", "show", "--no-textconv", "--no-ext-diff", "--end-of-options", f"{revision}:{path}"]
    environment = {**os.environ, "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=environment)
    except FileNotFoundError:
        raise DocumentError(source, "there is no such file, and git is not installed to look for a revision") from None
    if done.returncode:
        reason = (
            (done.stderr.decode(errors="replace").splitlines() or ["git failed"])[0].removeprefix("fatal: ").rstrip(".")
        )
        raise DocumentError(source, f"there is no such file, and git says: {reason}", remedy="check path and revision")
    return done.stdout


def _download(url: str, timeout: float) -> bytes:
    import requests

    try:
        with requests.get(url, timeout=timeout, stream=True) as response:
            if not response.ok:
                raise DocumentError(url, f"was answered with {response.status_code}", remedy="check the address")
            chunks, size = [], 0
            for chunk in response.iter_content(1 << 16):
                size += len(chunk)
                if size > _MOST_BYTES:
                    raise DocumentError(url, f"is larger than {_MOST_BYTES >> 20} MiB")
                chunks.append(chunk)
            return b"".join(chunks)
    except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema):
        raise DocumentError(url, "is not a URL", remedy="write http(s)://host/path") from None
    except requests.RequestException as error:
        raise UnreachableError(f"{url}: the host did not answer ({type(error).__name__}); check the address.") from None


def resolve(library: Library, document: Document, ref: str, *, pointer: str = "") -> tuple[Document, str]:
    """The document and pointer that `ref`, written at `pointer` of `document`, leads to; it is read if need be.

    Raises DocumentError for a `$ref` that leads nowhere (with the nearest name) or where it may not.
    """
    address, _, fragment = ref.partition("#")
    fragment = unquote(fragment)
    target = document
    if address:
        identified = _identified(document, address)
        if identified is not None and not fragment:
            return document, identified
        target = _reach(library, document, address, pointer)
    if fragment and not fragment.startswith("/"):
        anchors = _named(target, _ANCHORS)
        if fragment not in anchors:
            raise DocumentError(document.uri, f"`$ref` {json.dumps(ref)} names no anchor", pointer=pointer)
        return target, anchors[fragment]
    _found(document, pointer, ref, target, fragment)
    return target, fragment


def _found(document: Document, pointer: str, ref: str, target: Document, fragment: str) -> None:
    try:
        at(target.data, fragment)
    except KeyError as missing:
        token = str(missing.args[0])
        parent = _deepest(target.data, fragment)
        near = nearest(token, parent) if isinstance(parent, Mapping) else None
        hint = f"did you mean `{near}`" if near else "define it or mend the `$ref`"
        raise DocumentError(
            document.uri, f"`$ref` {json.dumps(ref)} leads nowhere", pointer=pointer, remedy=hint
        ) from None


def _deepest(data: Json, fragment: str) -> Json:
    while fragment:
        fragment = fragment.rpartition("/")[0]
        try:
            return at(data, fragment)
        except KeyError:
            continue
    return data


def _identified(document: Document, address: str) -> str | None:
    if '"$id"' not in document.text and "$id:" not in document.text:
        return None
    ids = _named(document, ("$id",))
    return next((where for name, where in ids.items() if address in {name, name.rstrip("#")}), None)


def _named(document: Document, keywords: tuple[str, ...]) -> dict[str, str]:
    return {
        value[keyword]: where
        for where, value in walk(document.data)
        if isinstance(value, dict)
        for keyword in keywords
        if isinstance(value.get(keyword), str)
    }


def _reach(library: Library, document: Document, address: str, pointer: str) -> Document:
    uri = _absolute(document, address)
    if uri in library.documents:
        return library.documents[uri]
    if is_url(uri):
        if not library.remote:
            problem = f"`$ref` reaches {json.dumps(uri)}, and remote references are off"
            raise DocumentError(document.uri, problem, pointer=pointer, remedy="keep a local copy, or allow them")
    elif _revision(document.uri) is None:
        _permitted(library, document, uri, pointer)
    library.documents[uri] = fetch(uri)
    return library.documents[uri]


def _absolute(document: Document, address: str) -> str:
    if is_url(document.uri):
        return urljoin(document.uri, address)
    if is_url(address):
        return address
    path = unquote(urlsplit(address).path)
    revision = _revision(document.uri)
    if revision:
        return f"{revision['revision']}:{os.path.normpath(Path(revision['path']).parent / path)}"
    return os.path.normpath(Path(document.uri).parent / path)


def _permitted(library: Library, document: Document, uri: str, pointer: str) -> None:
    path = Path(uri).resolve()
    allowed = (Path(library.root.uri).resolve().parent, Path.cwd())
    problem = ""
    if urlsplit(uri).scheme:
        problem = "neither a file nor an http(s) URL"
    elif path.suffix.lower() not in _SUFFIXES:
        problem = "no .json, .yaml or .yml file"
    elif not any(path.is_relative_to(folder) for folder in allowed):
        problem = "outside the document's folder and the working directory"
    if problem:
        sentence = f"`$ref` reaches {json.dumps(uri)}, {problem}"
        raise DocumentError(document.uri, sentence, pointer=pointer, remedy="move the file or the `$ref`")
