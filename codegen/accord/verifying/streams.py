"""Event streams held to the schema that is documented for them, one `data:` object after the other."""

from collections.abc import Iterator
from dataclasses import replace

from accord import checks
from accord.checks import Judgement
from accord.contract import Contract, Operation, essence
from accord.exchange import Exchange
from accord.findings import Finding
from accord.messages import answers

EVENTS = "text/event-stream"
_JSON = "application/json"
_HELD = frozenset({"response-body", "strict-json", "undocumented-property"})


def is_stream(exchange: Exchange) -> bool:
    """Whether the answer is an event stream."""
    return essence(answers.content_type(exchange)) == EVENTS


def objects(body: bytes) -> Iterator[bytes]:
    """The data of each event (WHATWG HTML section 9.2.6); `[DONE]`, which ends some streams, is none."""
    lines: list[bytes] = []
    for line in [*body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"), b""]:
        if line.startswith(b"data:"):
            lines.append(line[5:].removeprefix(b" "))
        elif not line and lines:
            data, lines = b"\n".join(lines), []
            if data.strip() != b"[DONE]":
                yield data


def opened(operation: Operation, exchange: Exchange) -> Operation | None:
    """`operation` as it speaks of one event of the answer's stream; None where no schema is documented for it."""
    medium, response = answers.media_type(operation, exchange), answers.promised(operation, exchange)
    if not is_stream(exchange) or medium is None or medium.schema is None or response is None:
        return None
    return replace(operation, responses=(replace(response, content=(replace(medium, name=_JSON),), headers=()),))


def event(exchange: Exchange, data: bytes) -> Exchange:
    """`exchange` as if one event of its stream were the whole answer."""
    if exchange.response is None:
        return exchange
    return replace(exchange, case=None, response=replace(exchange.response, headers=_typed(exchange), body=data))


def judged(
    contract: Contract,
    operation: Operation,
    exchange: Exchange,
    earlier: tuple[Exchange, ...] = (),
    only: frozenset[str] | None = None,
) -> Judgement:
    """What the checks say about an answer that may be a stream; however many events show a finding, it counts once.

    `earlier` are the exchanges of the same sequence before it, `only` the checks that are wanted, where not all are.
    """
    whole = checks.run(contract, operation, exchange, earlier, only)
    held = opened(operation, exchange)
    if held is None or exchange.response is None:
        return whole
    found: dict[object, Finding] = {}
    count = 0
    for data in objects(exchange.response.body):
        count += 1
        for finding in checks.run(contract, held, event(exchange, data), only=_HELD).findings:
            found.setdefault(finding.identity, replace(finding, media_type=EVENTS))
    if not count:
        return whole
    return Judgement(
        findings=(*whole.findings, *found.values()),
        checked=(*whole.checked, "response-body", "strict-json"),
        unchecked=tuple(item for item in whole.unchecked if item.what not in _HELD),
    )


def _typed(exchange: Exchange) -> tuple[tuple[str, str], ...]:
    kept = exchange.response.headers if exchange.response is not None else ()
    return (*((name, value) for name, value in kept if name.lower() != "content-type"), ("Content-Type", _JSON))
