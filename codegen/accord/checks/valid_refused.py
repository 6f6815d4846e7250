"""A request that conforms in every part is accepted.

Broken by a server that refuses what the contract allows: a rule that nobody wrote down. A refusal for the key (401,
403), the rate (429), the state of the service (409, 412, 423) or an object that a path names (404, 410, also for one
that a body names where the contract documents that status) says nothing about the request, and is not held against it;
nor is that of a number beyond 64 bits, or of a name that the contract does not document. A list that was there a moment
ago is empty, not missing. In a run of `fuzz` a refusal with a status that is not documented weighs less (a warning; a
note where the service wants more than a contract says that is too lax), unless for a value that the contract names: a
member, a null, an example, a media type.

Example: `{"feedback": ""}` is answered `400` though the schema sets no minimum length.
"""

from collections.abc import Iterator

from accord import histories, lists
from accord.checks import Broken, Check, NotChecked, Outcome
from accord.contract import Direction, Operation
from accord.exchange import Exchange
from accord.findings import Claim, Severity
from accord.messages.answers import is_huge, is_too_long, surprises

UNRELATED = frozenset({401, 402, 403, 407, 429})
STATE = frozenset({409, 412, 423, 424, 425, 428})
MISSING = frozenset({404, 410})


def _concerns(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.case is not None and exchange.case.valid


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    status = 0 if exchange.response is None else exchange.response.status
    if not 400 <= status < 500:  # noqa: PLR2004  4xx
        return
    if surprises(operation, exchange):
        yield NotChecked("a name that is not documented may be refused, also where the schema leaves room for it")
    elif status in UNRELATED:
        yield NotChecked(f"status {status} speaks of the caller, not of the request")
    elif is_too_long(exchange):
        yield NotChecked(f"status {status} speaks of a length that not every server takes (RFC 9112 section 3)")
    elif is_huge(exchange):
        yield NotChecked(
            f"status {status} may speak of a number beyond 64 bits, which few readers take (RFC 8259 section 6)"
        )
    elif status in STATE:
        yield NotChecked(f"status {status} speaks of the service's state; prepare it for `{operation.name}`")
    elif status in MISSING and _may_lack(operation, status) and not _was_listed(operation, exchange, earlier):
        yield NotChecked(f"`{operation.name}` needs the id of an object that exists: give it with --set NAME=VALUE")
    else:
        yield Broken(
            message=f"A conforming request was refused with status {status}",
            promise="a request that conforms is accepted",
            direction=Direction.REQUEST,
            claim=Claim(kind="status-not", value=[[400, 499]]),
        )


def _was_listed(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    """Whether the same list was there a moment ago: one in which nothing fits is empty, and only a page may be none."""
    asked = lists.meaning(operation, lists.answer_of(operation))
    if asked is None or asked.skips.keys() & lists.given(operation, exchange.request.url).keys():
        return False
    here = histories.place(exchange.request)
    since = [item for item in earlier[histories.last_write(earlier) + 1 :] if histories.place(item.request) == here]
    return not histories.alike(exchange, earlier) and any(map(histories.succeeded, since))


def _may_lack(operation: Operation, status: int) -> bool:
    """Whether a request may name what is not there: in its path, or elsewhere where `status` is documented."""
    named = any(parameter.location == "path" for parameter in operation.parameters)
    return named or any(item.status == str(status) for item in operation.responses)


CHECK = Check(severity=Severity.ERROR, judge=_judge, concerns=_concerns, needs_case=True, overrides=("status-code",))
