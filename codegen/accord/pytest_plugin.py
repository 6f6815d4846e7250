"""pytest: one test item an operation with `--accord DOC`, and the fixture `accord_url`, a service to test against.

`--accord-url` (or `ACCORD_URL`) names the service; without it, the embedded one answers. Everything else of accord is
imported when it is asked for, so that a run without it pays nothing.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest

import accord

CONFIGURED = "configured"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--accord` and `--accord-url`."""
    group = parser.getgroup("accord", "hold an HTTP API to its schema")
    group.addoption(
        "--accord",
        action="append",
        default=[],
        metavar="DOC",
        help=f"fuzz each operation of this document as a test; `{CONFIGURED}` stands for those of [tool.accord]",
    )
    group.addoption(
        "--accord-url",
        default=os.environ.get("ACCORD_URL", ""),
        metavar="URL",
        help="the service to test; by default ACCORD_URL, else the embedded service of the contract",
    )


@pytest.fixture(scope="session")
def accord_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The base URL of the service to test: `--accord-url`, else the embedded one of the first contract."""
    url = str(request.config.getoption("--accord-url"))
    if url:
        yield url.rstrip("/")
        return
    known = accord.config_from_file()
    with accord.running(accord.load(accord.documents(known)[0])) as embedded:
        yield embedded


def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add an item for each operation of the documents that `--accord` names."""
    known = accord.config_from_file() if session.config.getoption("--accord") else None
    for named in session.config.getoption("--accord"):
        for source in accord.documents(known, None if named == CONFIGURED else named):
            contract = accord.load(source)
            parent = Document.from_parent(session, name=source, contract=contract)
            items.extend(parent.collect())


class Document(pytest.Collector):
    """The operations of one contract."""

    def __init__(self, *, contract: Any, **given: Any) -> None:
        super().__init__(**given)
        self.contract = contract

    def collect(self) -> Iterator[pytest.Item]:
        """One item an operation."""
        for operation in self.contract.operations:
            yield OperationItem.from_parent(self, name=operation.name)


class OperationItem(pytest.Item):
    """One operation, fuzzed."""

    def runtest(self) -> None:
        """Fuzz the operation; Broken when anything that fails a run was found, or nothing was checked."""
        parent: Any = self.parent
        given = {"url": self.config.getoption("--accord-url"), "operations": (self.name,)}
        report = accord.fuzz(parent.contract, accord.fuzz_options(accord.config_from_file(), given))
        if accord.exit_code(report):
            raise Broken(accord.render("text", report))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report, without the traceback that says nothing."""
        if isinstance(excinfo.value, Broken):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, int | None, str]:
        """Where it is written, and its name."""
        parent: Any = self.parent
        return parent.name, None, self.name


class Broken(Exception):  # noqa: N818  what pytest shows of it is the report alone
    """The operation breaks its contract."""
