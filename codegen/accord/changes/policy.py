"""What a team wants of a change beyond proof: notice before a removal, no moved defaults, a version that tells.

Nothing here proves a break, and nothing is asked for unless it is switched on.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from accord.document import Document, Json, join
from accord.errors import ConfigError
from accord.findings import Finding, Location, Report, Severity

_VERSION = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`notice` days between a deprecation and its sunset; `defaults`, `ids` may not change; `version` has to tell."""

    notice: int | None = None
    defaults: bool = False
    ids: bool = False
    version: bool = False


def from_texts(texts: Iterable[str]) -> Policy:
    """The policy of `version`, `defaults`, `ids`, `notice=DAYS`; ConfigError names what is none."""
    known: dict[str, int | bool] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if name == "notice" and equals and value.isascii() and value.isdigit():
            known["notice"] = int(value)
        elif name in {"version", "defaults", "ids"} and not equals:
            known[name] = True
        else:
            raise ConfigError(f"`{text}` is no policy; write `version`, `defaults`, `ids` or `notice=DAYS`.")
    return Policy(**known)  # type: ignore[arg-type]


def held(report: Report, policy: Policy, documents: tuple[Document, Document], today: dt.date) -> Iterator[Finding]:
    """What `report` of two documents shows that `policy` does not allow."""
    before, after = (document.data if isinstance(document.data, dict) else {} for document in documents)
    uris = documents[0].uri, documents[1].uri
    if policy.version:
        yield from _version(report, before, after, uris[1])
    for finding in report.findings:
        if policy.defaults and finding.code == "default-value":
            yield _broken("policy-defaults", finding.message, finding, "a default does not change")
        if policy.ids and finding.code == "operation-id":
            yield _broken("policy-ids", finding.message, finding, "an `operationId` does not change")
    if policy.notice is not None:
        yield from _notice(policy.notice, (before, after), uris, today)


def _broken(code: str, message: str, finding: Finding, promise: str) -> Finding:
    return Finding(
        code=code,
        severity=Severity.ERROR,
        message=message,
        promise=promise,
        operation=finding.operation,
        direction=finding.direction,
        pointer=finding.pointer,
        location=finding.location,
    )


def _version(report: Report, before: Json, after: Json, uri: str) -> Iterator[Finding]:
    some, others = (_numbers(side) for side in (before, after))
    wanted = 0 if report.verdict == "breaking" else 1
    if not any(finding.verdict for finding in report.findings):
        return
    told = f"`info.version` was {_text(before)} and is {_text(after)}"
    if some is None or others is None:
        promise = "versions are numbers, so that they can be compared"
    elif others[: wanted + 1] > some[: wanted + 1]:
        return
    else:
        promise = (
            f"a {'breaking' if not wanted else 'compatible'} change raises the {('first', 'second')[wanted]} number"
        )
    yield Finding(
        code="policy-version",
        severity=Severity.ERROR,
        message=f"{told}.",
        promise=promise,
        pointer="/info/version",
        location=Location(uri=uri, pointer="/info/version"),
    )


def _text(data: Mapping[str, Json]) -> str:
    info = data.get("info")
    return f"`{info.get('version', '')}`" if isinstance(info, dict) else "not set"


def _numbers(data: Mapping[str, Json]) -> tuple[int, ...] | None:
    match = _VERSION.match(_text(data).strip("`"))
    return tuple(int(part or 0) for part in match.groups()) if match else None


def _notice(days: int, data: tuple[Json, Json], uris: tuple[str, str], today: dt.date) -> Iterator[Finding]:
    old, new = map(_operations, data)
    for name, (pointer, operation) in old.items():
        sunset = _sunset(operation)
        if name not in new and (operation.get("deprecated") is not True or sunset is None or sunset > today):
            told = "was not deprecated" if operation.get("deprecated") is not True else f"had its sunset on {sunset}"
            told = told if sunset or "not" in told else "was deprecated without a sunset"
            yield _notified(f"`{name}` is gone and {told}", "an operation goes after its sunset", pointer, uris[0])
    for name, (pointer, operation) in new.items():
        was = old.get(name, ("", {}))[1]
        if operation.get("deprecated") is True and was.get("deprecated") is not True:
            sunset = _sunset(operation)
            if sunset is None or sunset < today + dt.timedelta(days=days):
                told = f"its sunset is {sunset}" if sunset else "no sunset (`x-sunset`) is set"
                promise = f"a deprecation comes {days} days before the sunset"
                yield _notified(f"`{name}` was deprecated and {told}", promise, pointer, uris[1])


def _notified(message: str, promise: str, pointer: str, uri: str) -> Finding:
    place = Location(uri=uri, pointer=pointer)
    return Finding(
        code="policy-notice",
        severity=Severity.ERROR,
        message=f"{message}.",
        promise=promise,
        pointer=pointer,
        location=place,
    )


def _operations(data: Mapping[str, Json]) -> dict[str, tuple[str, Mapping[str, Json]]]:
    paths = data.get("paths")
    return {
        f"{method.upper()} {path}": (join("", "paths", path, method), operation)
        for path, item in (paths.items() if isinstance(paths, dict) else ())
        for method, operation in (item.items() if isinstance(item, dict) else ())
        if isinstance(operation, dict)
    }


def _sunset(operation: Mapping[str, Json]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(operation.get("x-sunset"))[:10])
    except ValueError:
        return None
