"""What was made below one thing is not found below another.

Broken by a service that looks a thing up by the last id of a path and forgets the ids before it: who may read one
customer reads the orders of all. Told is only a thing that a `POST` has just made at the same path below another one,
and that is answered with all that it has in common with what was made.

Example: `POST /patients/1/visits` makes visit 7, and `GET /patients/2/visits/7` has it.
"""

from collections.abc import Iterator
from urllib.parse import unquote

from accord import histories
from accord.checks import Broken, Check, Outcome, nothing_more
from accord.contract import Operation
from accord.document import Json
from accord.exchange import Exchange
from accord.findings import Claim, Severity
from accord.messages import routing


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    above, _, last = operation.path.rstrip("/").rpartition("/")
    here, now = histories.place(exchange.request), histories.value(exchange)
    owners = routing.match_path(above, here.rpartition("/")[0]) if last.startswith("{") and "{" in above else None
    if not owners or not isinstance(now, dict):
        return
    makers = [item for item in earlier if histories.makes(item) and _is_told(item, here, now)]
    found = {item: routing.match_path(above, histories.place(item.request)) for item in makers}
    if not any(found.values()) or owners in found.values():
        return
    other = next(item for item, there in found.items() if there)
    yield Broken(
        message=f"{histories.named(exchange)} has what {histories.named(other)} made",
        promise="what was made below one thing is not found below another",
        claim=Claim(kind="status-not", value=[[200, 299]]),
    )


def _is_told(exchange: Exchange, here: str, now: dict[str, Json]) -> bool:
    """Whether what `exchange` made has the last id of the path `here`, and nothing else than `now` under its names."""
    made = histories.value(exchange)
    if not isinstance(made, dict) or unquote(here.rpartition("/")[2]) not in histories.scalars(made):
        return False
    return len(made.keys() & now.keys()) > 1 and all(made[name] == now[name] for name in made.keys() & now.keys())


CHECK = Check(
    severity=Severity.WARNING, judge=_judge, follows=histories.reads_after_making, reads_body=True, told_by=nothing_more
)
