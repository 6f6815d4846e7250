"""The embedded service of any contract: it refuses what the contract refuses, and answers as the contract promises."""

import os
import socket
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeAlias

from accord.answering import denials, resources, store
from accord.answering.admission import Admitted, Incoming, Refused, admit
from accord.answering.replies import Reply
from accord.collection import collect
from accord.contract import Contract, Schema, variable
from accord.document import Json, nearest
from accord.errors import AccordError
from accord.faults import Fault, Situation
from accord.findings import ABSENT
from accord.messages.encoding import to_json
from accord.messages.routing import operation_for, operations_at

KEY = "accord"
"""The key the service takes where the scheme's environment variable holds none; `accord:accord` for basic."""

_HONEST = Fault(check="")

Application: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]
"""An ASGI application: scope, receive, send."""

_MOST_BYTES = 10 * 1024 * 1024
_PATIENCE = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _House:
    """What one running service works with."""

    contract: Contract
    memory: Any
    keys: Mapping[str, str]
    fault: Fault | None = None
    remembers: dict[str, Json] = field(default_factory=dict)


def faults() -> Mapping[str, Fault]:
    """Every fault that can be planted, by name."""
    return {name: item.value for name, item in collect("accord.faults", "FAULT", Fault).items()}


def application(contract: Contract, *, database: str | Path, fault: str | None = None) -> Application:
    """The ASGI application that serves `contract`, its state in the SQLite file `database`.

    Raises AccordError when there is no such fault, when it can show nowhere in this contract, or when the database
    cannot be used.
    """
    planted = _fault(contract, fault)
    return _application(
        _House(contract=contract, memory=store.open_store(database), keys=_keys(contract), fault=planted)
    )


def _application(house: _House) -> Application:
    async def serve(scope: Any, receive: Any, send: Any) -> None:
        from starlette.requests import ClientDisconnect
        from starlette.requests import Request as Received

        try:
            sent = await _sent(house, Received(scope, receive, send))
        except ClientDisconnect:
            return  # nobody is left to answer
        await sent(scope, receive, send)

    return serve


async def _sent(house: _House, received: Any) -> Any:
    from starlette.responses import Response as Sent

    body = bytearray()
    async for chunk in received.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            return Sent(b'{"detail": "The body is too large."}', 413, media_type="application/json")
    scope = received.scope
    incoming = Incoming(
        method=received.method,
        path=(scope.get("raw_path") or scope["path"].encode()).decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        body=bytes(body),
    )
    reply = respond(house, incoming)
    content = to_json(reply.value) if reply.body is None and reply.value is not ABSENT else reply.body or b""
    headers = dict(reply.headers)
    if content and reply.media_type:
        headers["Content-Type"] = reply.media_type
    return Sent(content, reply.status, headers)


def respond(house: _House, incoming: Incoming) -> Reply:
    """The reply to one request, with the planted fault in it."""
    fault = house.fault or _HONEST
    method = "GET" if incoming.method == "HEAD" and not _has(house.contract, incoming) else incoming.method
    found = tuple(item for item, _ in operations_at(house.contract, incoming.path))
    incoming = fault.misreads(found, replace(incoming, method=method), house.keys) if found else incoming
    outcome = admit(house.contract, incoming, house.keys, fault.leniency)
    operation = outcome.operation
    if operation is None:
        return _reply(house, incoming, outcome)[0]
    situation = Situation(operation=operation, incoming=incoming, memory=house.remembers)
    if isinstance(outcome, Admitted):
        situation = replace(situation, parameters=outcome.parameters, value=outcome.value)
        if fault.refuses(situation):
            outcome = Refused(statuses=(400, 422), reasons=(("", "The request is refused."),), operation=operation)
        else:
            situation = replace(situation, value=fault.keeps(situation))
            outcome = replace(outcome, value=situation.value)
    reply, schema = _reply(house, incoming, outcome, kept=not fault.loses(situation))
    refused = isinstance(outcome, Refused) or reply.status >= HTTPStatus.BAD_REQUEST
    return fault.alter(replace(situation, schema=schema, refused=refused), reply)


def _has(contract: Contract, incoming: Incoming) -> bool:
    return operation_for(contract, incoming.method, incoming.path) is not None


def _reply(
    house: _House, incoming: Incoming, outcome: Admitted | Refused, *, kept: bool = True
) -> tuple[Reply, Schema | None]:
    if isinstance(outcome, Refused):
        return denials.refusal(outcome)
    return resources.answer(house.contract, house.memory, outcome, incoming.path, kept=kept)


def _keys(contract: Contract) -> dict[str, str]:
    schemes = {scheme for operation in contract.operations for item in operation.security for scheme in item}
    return {scheme.name: os.environ.get(variable(scheme)) or default_key(scheme.scheme) for scheme in schemes}


def known_keys(contract: Contract) -> dict[str, str]:
    """The keys that everybody knows, by the environment variable that would hold another."""
    schemes = {scheme for operation in contract.operations for item in operation.security for scheme in item}
    found = {variable(scheme): default_key(scheme.scheme) for scheme in schemes if scheme.type != "mutualTLS"}
    return {name: key for name, key in sorted(found.items()) if not os.environ.get(name)}


def default_key(scheme: str) -> str:
    """The key the service takes when the environment holds none."""
    return f"{KEY}:{KEY}" if scheme == "basic" else KEY


def _fault(contract: Contract, name: str | None) -> Fault | None:
    if name is None:
        return None
    known = faults()
    if name not in known:
        near = nearest(name, known)
        hint = f"did you mean `{near}`?" if near else "`accord explain` lists them."
        raise AccordError(f"no fault is named `{name}`; {hint}")
    if not any(known[name].fits(operation) for operation in contract.operations):
        raise AccordError(f"{contract.document.uri}: the fault `{name}` can show in no operation; plant another.")
    return known[name]


@contextmanager
def running(
    contract: Contract,
    *,
    fault: str | None = None,
    database: str | Path | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Iterator[str]:
    """The service of `contract` in a thread of this process, as its base URL; port 0 picks a free one.

    Raises AccordError when the port is taken or the fault or database is of no use.
    """
    import uvicorn

    planted = _fault(contract, fault)
    with ExitStack() as stack:
        listener = stack.enter_context(_listen(host, port))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="accord-"))
        memory = stack.enter_context(closing(store.open_store(database or Path(folder) / "state.sqlite")))
        config = uvicorn.Config(
            _application(_House(contract=contract, memory=memory, keys=_keys(contract), fault=planted)),
            log_config=None,  # the logging of this process is its owner's; ours are the errors, with their traceback
            log_level="error",
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            http="h11",
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            _await_start(server, thread)
            address = f"[{host}]" if ":" in host else host
            yield f"http://{address}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_PATIENCE)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio sets TCP_NODELAY on such alone
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise AccordError(f"port {port} of {host} cannot be used: {reason}; name another with --port.") from None
    return listener


def _await_start(server: Any, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise AccordError("the embedded service did not start; run `accord serve` to see why.")
        time.sleep(0.005)
