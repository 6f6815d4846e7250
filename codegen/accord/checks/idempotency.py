"""A request that comes again under the same `Idempotency-Key` makes nothing more.

Broken by a service that documents the header and does not heed it: who sends a payment once more, because the answer
was lost, pays twice. Told is the very same request, key included, that was answered with success twice, the second
time with another thing, by its id or by what its `Location` says.

Example: `POST /payments` with `Idempotency-Key: a1` is answered with `"id": 7`, and then with `"id": 8`.
"""

from collections.abc import Iterator

from accord import histories
from accord.checks import Check, Outcome, broken_property, nothing_more
from accord.contract import Operation
from accord.document import join
from accord.exchange import Exchange
from accord.findings import Claim, Severity
from accord.messages.answers import media_type, shown


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    keyed = any(histories.is_key(name) and text for name, text in exchange.request.headers)
    return keyed and histories.succeeded(exchange) and bool(histories.alike(exchange, earlier))


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    if not any(item.location == "header" and histories.is_key(item.name) for item in operation.parameters):
        return
    before = next((item for item in histories.alike(exchange, earlier) if histories.succeeded(item)), None)
    was, now = (None if before is None else histories.value(before)), histories.value(exchange)
    if before is None or not isinstance(was, dict) or not isinstance(now, dict):
        return
    for name in histories.identifying(before):
        if was.get(name) is not None and now.get(name) is not None and was[name] != now[name]:
            yield broken_property(
                f"The request that made the thing whose `{name}` is {shown(was[name])} came again under the same key, "
                f"and made {shown(now[name])}",
                "a request that comes again under the same key makes nothing more",
                media_type(operation, exchange),
                Claim(kind="same", pointer=join("", name)),
            )
            return


CHECK = Check(
    severity=Severity.ERROR,
    judge=_judge,
    follows=_follows,
    reads_body=True,
    told_by=nothing_more,
    overrides=("repeatability",),
)
