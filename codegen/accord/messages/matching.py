"""Which operation of a contract a recorded request called, by server, base path and path template."""

import functools
import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from accord.contract import Contract, Operation
from accord.exchange import Request
from accord.messages.routing import operations_at

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost", "testserver"})

_HTTP = frozenset({"", "http", "https"})

_WORD = re.compile(r"|v\d{1,2}[a-z]*\d?|[A-Za-z][A-Za-z_.-]{0,39}")
_MOST = 9


def matched(contract: Contract, request: Request, servers: Iterable[str] = ()) -> Operation | str:
    """The operation that `request` called, or the reason why there is none.

    `servers` are further base URLs of the same API. This machine stands for any server, so that what was recorded of an
    embedded service counts.
    """
    try:
        url = urlsplit(request.url)
        host = (url.hostname or "").lower()
    except ValueError:
        return "the URL cannot be read"
    if url.scheme.lower() not in _HTTP:
        return f"a `{_shown(url.scheme)}:` URL is no request by HTTP"
    bases = [base for server in (*contract.servers, *servers) if (base := _base(server, host)) is not None]
    if host in _LOOPBACK or not host or not (contract.servers or tuple(servers)):
        bases.append("")
    if not bases:
        return f"`{_shown(host)}` is no server of the contract"
    for base in dict.fromkeys(bases):
        inside = re.match(f"(?:{base})(?=/|\\Z)", url.path)
        if inside is None:
            continue
        for path in dict.fromkeys((url.path[inside.end() :], unquote(url.path[inside.end() :]))):
            at_path = operations_at(contract, path)
            chosen = next((item for item, _ in at_path if item.method == request.method.upper()), None)
            if chosen is not None:
                return chosen
            if at_path:
                return f"the contract has no `{_shown(request.method.upper())}` for `{at_path[0][0].path}`"
    return f"the contract has no such path: `{_told(url.path)}`"


@functools.lru_cache(maxsize=4096)
def _base(server: str, host: str) -> str | None:
    """The base path of `server` as an expression when `host` may be it; None when it is another."""
    name, _, path = server.partition("://")[2].partition("/") if "://" in server else ("", "", server.lstrip("/"))
    wanted = name.rpartition("@")[2].partition(":")[0].lower()
    if wanted and not re.fullmatch(_open(wanted), host):
        return None
    return _open("/" + path.rstrip("/")) if path.rstrip("/") else ""


def _open(text: str) -> str:
    """`text` as an expression, server variables standing for anything within one part."""
    return r"[^/]+?".join(map(re.escape, re.split(r"\{[^{}]*\}", text)))


def _told(path: str) -> str:
    """`path` with `*` for each part that looks like data: ids, names, whatever else differs from call to call."""
    parts = path.split("/")
    told = [part if _WORD.fullmatch(part) else "*" for part in parts[:_MOST]]
    return "/".join(told) + ("/…" if len(parts) > _MOST else "")


def _shown(text: str) -> str:
    return "".join(char for char in text if char.isprintable())[:80]
