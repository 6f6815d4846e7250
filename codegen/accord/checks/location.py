"""The `Location` of an answer leads to the thing that was made.

Broken by a service that names a place where nothing is, another thing, or a host of which the contract knows nothing
(a machine behind a proxy, say; that is a warning, and no request ever goes there). What is read there has the id that
the answer gave, or what else the path is named by, and no two things that were made have the same place. That a thing
is not kept is told by `read-back`, where its place is named by its id.

Example: `POST /items` is answered with `"id": 7` and `Location: /items/8`, where nothing is.
"""

import re
from collections.abc import Hashable, Iterator
from urllib.parse import SplitResult, unquote, urlsplit

from accord import filters, histories
from accord.checks import EVERYTHING, Broken, Check, Outcome, broken_property
from accord.contract import Operation
from accord.document import join
from accord.exchange import Exchange, header
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import media_type, shown

_CREATED = 201
_LEADS = frozenset({201, 202, 303})
_GONE = frozenset({404, 410})
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "[::1]", "testserver"})


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    own = _elsewhere(exchange) is not None or _is_below(exchange) or _is_aside(exchange)
    return own or _maker(exchange, earlier) is not None


def _location(exchange: Exchange) -> SplitResult | None:
    """The `Location` of an answer that leads somewhere; None where there is none, or it is no reference."""
    response = exchange.response
    text = header(response.headers, "Location") if response is not None and response.status in _LEADS else None
    if text is None:
        return None
    try:
        return urlsplit(text.strip())
    except ValueError:
        return None


def _is_made(exchange: Exchange) -> bool:
    """Whether a `POST` is answered with a place for what it made."""
    made = exchange.response is not None and exchange.response.status == _CREATED
    return made and exchange.request.method == "POST" and _location(exchange) is not None


def _is_below(exchange: Exchange) -> bool:
    """Whether the answer to a `POST` says that what it made is below the place that the request went to."""
    found = _location(exchange) if _is_made(exchange) else None
    return found is not None and f"{histories.place(exchange.request)}/" in found.path.rstrip("/")


def _is_aside(exchange: Exchange) -> bool:
    """Whether what a `POST` made is said to be in another collection than the one that the request went to."""
    found, here = _location(exchange) if _is_made(exchange) else None, histories.place(exchange.request)
    return found is not None and found.path.rstrip("/").split("/")[-2:-1] != here.split("/")[-1:]


def _misled(exchange: Exchange) -> Iterator[Outcome]:
    """The place of a new thing that ends in the id of another one, which the thing names."""
    found, value = _location(exchange), histories.value(exchange)
    if found is None or not _is_aside(exchange):
        return
    own = histories.identity(value)
    last = unquote(found.path.rstrip("/").rpartition("/")[2])
    named = value.items() if isinstance(value, dict) else ()
    names = [name for name, part in named if filters.names_another(name) and str(part) == last]
    if names and own is not ABSENT and str(own) not in unquote(found.path).split("/"):
        yield Broken(
            message=f"`Location` leads to {shown(_named(exchange))}, which ends in the `{names[0]}` of what was made; "
            f"its own id is {shown(own)}",
            promise="`Location` leads to what was made",
            pointer=join("/headers", "Location"),
            claim=Claim(kind="header-form", pointer="Location", value=rf"(?!.*{re.escape(last)}/?$).*"),
            severity=Severity.WARNING,
        )


def _elsewhere(exchange: Exchange) -> str | None:
    """The host that the `Location` of a new thing names, where one is named."""
    found, response = _location(exchange), exchange.response
    return found.hostname if found is not None and response is not None and response.status == _CREATED else None


def _maker(exchange: Exchange, earlier: tuple[Exchange, ...]) -> Exchange | None:
    """What was last done before, if its answer leads to what `exchange` reads."""
    made = next((item for item in reversed(earlier) if item.request.method not in histories.SAFE), None)
    found, here = _location(made) if made is not None else None, histories.place(exchange.request)
    is_read = exchange.request.method == "GET" and exchange.response is not None and bool(here)
    return made if is_read and found is not None and found.path.rstrip("/").endswith(here) else None


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    host = _elsewhere(exchange)
    if host is not None and not _is_known(host, operation, exchange):
        yield Broken(
            message=f"The answer's header `Location` leads to the host {shown(host)}",
            promise="a place on the same server, or on one that the contract names",
            pointer=join("/headers", "Location"),
            claim=Claim(
                kind="header-form", pointer="Location", value=rf"(?!(?:[a-z+.-]+:)?//(?:[^/@]*@)?{re.escape(host)}\b).*"
            ),
            severity=Severity.WARNING,
        )
    if _is_below(exchange):
        yield from _twice(exchange, earlier)
    yield from _misled(exchange)
    made = _maker(exchange, earlier)
    there = _location(made) if made is not None else None
    if there is not None and there.hostname and not _is_known(there.hostname, operation, exchange):
        return  # what is there is not what the other host has
    if made is not None and exchange.response is not None:
        if exchange.response.status in _GONE:
            yield from _nothing(exchange, made)
        elif histories.succeeded(exchange):
            yield from _another(operation, exchange, made)


def _twice(exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    """The place of a new thing where another one, with an id of its own, was said to be."""
    text, identity = _named(exchange), histories.identity(histories.value(exchange))
    others = (item for item in earlier if item.request.url == exchange.request.url and _is_below(item))
    for other in others:
        known = histories.identity(histories.value(other))
        if _named(other) == text and ABSENT not in (known, identity) and known != identity:
            yield Broken(
                message=f"`Location` leads to {shown(text)} for {shown(identity)}, as it did for {shown(known)}",
                promise="`Location` leads to what was made",
                pointer=join("/headers", "Location"),
                claim=Claim(kind="header-fresh", pointer="Location"),
            )
            return


def _named(exchange: Exchange) -> str:
    return (header(exchange.response.headers, "Location") or "").strip() if exchange.response is not None else ""


def _is_known(host: str, operation: Operation, exchange: Exchange) -> bool:
    """Whether `host` is one that the contract, or the request, names; where neither names any, nobody can tell."""
    own = urlsplit(exchange.request.url).hostname
    if host in _LOCAL or (own is None and exchange.source):
        return True
    named = {name for name in (own, *(urlsplit(item).hostname for item in operation.servers)) if name}
    return not named - _LOCAL or any(_domain(host) == _domain(name) for name in named)


def _domain(host: str) -> str:
    return ".".join(host.lower().split(".")[-2:])


def _nothing(exchange: Exchange, made: Exchange) -> Iterator[Outcome]:
    last, value = unquote(histories.place(exchange.request).rpartition("/")[2]), histories.value(made)
    created = made.response is not None and made.response.status == _CREATED
    if created and (histories.identity(value) is ABSENT or last in histories.scalars(value)):
        return  # its place is as it should be, for all that is known, and `read-back` tells that it is not kept
    status = 0 if exchange.response is None else exchange.response.status
    yield Broken(
        message=f"The place that {histories.named(made)} names in `Location` is answered with status {status}",
        promise="`Location` leads to what was made",
        claim=Claim(kind="status-not", value=[[404, 404], [410, 410]]),
        severity=None if created else Severity.WARNING,
    )


def _another(operation: Operation, exchange: Exchange, made: Exchange) -> Iterator[Outcome]:
    above = histories.place(exchange.request).rpartition("/")[0]
    created = made.response is not None and made.response.status == _CREATED
    before, now = histories.value(made), histories.value(exchange)
    if not created or histories.place(made.request) != above:
        return
    if not isinstance(before, dict) or not isinstance(now, dict):
        return
    last = operation.path.rstrip("/").rpartition("/")[2]
    own = (last[1:-1],) if last.startswith("{") and last.endswith("}") else ()
    for name in (*histories.IDENTITIES, *own):
        there = before.get(name), now.get(name)
        if None not in there and str(there[0]) != str(there[1]):
            yield broken_property(
                f"The place that {histories.named(made)} names in `Location` has the thing whose `{name}` is "
                f"{shown(there[1])}, and {shown(there[0])} was made",
                "`Location` leads to what was made",
                media_type(operation, exchange),
                Claim(kind="as-made", pointer=join("", name)),
            )
            return


def _told_by(_operation: Operation, exchange: Exchange) -> Hashable:
    return EVERYTHING if _is_aside(exchange) or _elsewhere(exchange) is not None else None


CHECK = Check(
    severity=Severity.ERROR, judge=_judge, follows=_follows, told_by=_told_by, overrides=("read-back",), reads_body=True
)
