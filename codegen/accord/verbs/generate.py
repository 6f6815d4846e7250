"""accord generate: models, client and strategies of a contract, written as one package that is never out of date."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from accord import fetching, loading, lock, source
from accord.collection import collect
from accord.contract import Contract
from accord.document import Document
from accord.emitters import Emitted, Emitter
from accord.errors import AccordError
from accord.files.writing import write
from accord.findings import Finding, Ledger, Location, Report, Severity, tally
from accord.lock import NAME, Lock

VERSIONS: Mapping[str, int] = {"client": 2, "models": 2, "schemas": 1, "strategies": 2}
"""The versions of the emitters, known without importing them; a law holds them to what the emitters say."""

COMMAND = "run `accord generate`"


def generate(origin: str | Document, folder: Path, *, check: bool = False) -> Report:
    """Write the package of the contract in `origin` below `folder`, or with `check` say what of it is stale.

    The package is named after the document (`cekura_runs.openapi.yaml` gives `cekura_runs`). With `check` nothing is
    written or generated, hashes are compared. Raises DocumentError for what is no contract, AccordError for a
    file that cannot be written.
    """
    document = origin if isinstance(origin, Document) else fetching.fetch(origin)
    target = folder / package_name(document.uri)
    known = lock.read(target / NAME)
    if check:
        return _checked(document, target, known)
    contract = loading.load(document)
    emitted = _emitted(contract, target.name)
    texts = {name: each.text for name, each in emitted.items()}
    title = source.prose(contract.title or target.name)
    said = f'"""{title}: models, client and strategies, written by `accord generate`."""\n'
    texts |= {"__init__.py": said, "py.typed": ""}
    formatted = {name: source.formatted(text, name) if name.endswith(".py") else text for name, text in texts.items()}
    files = {name: lock.digest(text.encode()) for name, text in sorted(formatted.items())}
    documents = lock.document_digests((contract.document, *contract.documents.values()))
    made = Lock(documents=documents, generators=lock.generators(VERSIONS), files=files)
    changed = [name for name in files if _digest(target / name) != files[name]]
    for name in changed:
        write(target / name, formatted[name])
    for name in (known.files.keys() if known else set()) - files.keys():
        (target / Path(name).name).unlink(missing_ok=True)
    if known != made:
        write(target / NAME, lock.written(made))
    return _report(contract, emitted, target, len(changed))


def package_name(uri: str) -> str:
    """The import package for the document at `uri`."""
    stem = re.split(r"[/\\:]", uri)[-1].partition(".")[0]
    name = re.sub(r"\W+", "_", stem, flags=re.ASCII).strip("_").lower()
    if not name or name[0].isdigit():
        name = f"api_{name}".rstrip("_")
    return source.function_name(name)


def _emitted(contract: Contract, package: str) -> dict[str, Emitted]:
    found = collect("accord.emitters", "EMITTER", Emitter).values()
    return {each.value.file: each.value.emit(contract, package) for each in found}


def _digest(path: Path) -> str:
    try:
        return lock.digest(path.read_bytes())
    except FileNotFoundError:
        return ""
    except OSError as problem:
        raise AccordError(f"{path}: cannot be read: {problem.strerror}; {COMMAND} where it can.") from None


def _report(contract: Contract, emitted: Mapping[str, Emitted], target: Path, changed: int) -> Report:
    unchecked = [entry for each in emitted.values() for entry in each.ledger]
    return Report(
        verb="generate",
        ledger=Ledger(checked={"files": len(emitted)}, unchecked=tally((*contract.ledger, *unchecked))),
        counts={
            "package": str(target),
            "written": changed,
            "models": emitted["models.py"].count,
            "operations": emitted["client.py"].count,
            "strategies": emitted["strategies.py"].count,
        },
    )


def _checked(document: Document, target: Path, known: Lock | None) -> Report:
    findings = tuple(_stale(document, target, known))
    count = len(known.files) if known else len(VERSIONS)
    return Report(
        verb="generate",
        findings=findings,
        ledger=Ledger(checked={"files": count}),
        counts={"package": str(target), "files": count, "stale": len(findings)},
    )


def _stale(document: Document, target: Path, known: Lock | None) -> Iterator[Finding]:
    """What is stale, and why: each cause is a finding of its own."""
    if known is None:
        yield _finding("not-generated", target, f"`{target}` has no {NAME}, so nothing says what it was made from")
        return
    now = lock.document_digests(_documents(document, known))
    for name in sorted(now.keys() | known.documents):
        if now.get(name) != known.documents.get(name):
            yield _finding("contract-changed", target, f"`{name}` has changed since `{target}` was generated from it")
    versions = lock.generators(VERSIONS)
    for name in sorted(versions.keys() | known.generators):
        before, after = known.generators.get(name, "absent"), versions.get(name, "absent")
        if before != after:
            said = f"`{target}` was generated by {name} {before}, and {after} is installed"
            yield _finding("generator-changed", target, said)
    for name, wanted in sorted(known.files.items()):
        path = target / Path(name).name
        found = _digest(path)
        if found != wanted:
            said = f"`{path}` is missing" if not found else f"`{path}` was edited since it was generated"
            yield _finding("generated-edited", path, said)


def _documents(document: Document, known: Lock) -> tuple[Document, ...]:
    """The documents the lock knows of; the others are found by following references, which costs more."""
    if len(known.documents) <= 1:
        return (document,)
    library = loading.load(document)
    return (document, *library.documents.values())


def _finding(code: str, path: Path, said: str) -> Finding:
    return Finding(
        code=code,
        severity=Severity.ERROR,
        message=f"{said}; {COMMAND}.",
        pointer=path.as_posix(),
        location=Location(uri=path.as_posix()),
    )


def emitter_versions() -> Mapping[str, int]:
    """What the emitters themselves say of their versions."""
    found = collect("accord.emitters", "EMITTER", Emitter)
    return {name: each.value.version for name, each in found.items()}
