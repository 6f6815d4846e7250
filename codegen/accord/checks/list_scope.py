"""A list below one thing has nothing that was made for another.

Broken by a service that forgets whose things are asked for: one caller reads what belongs to another. Told is only what
was seen to be made for another: at the same path below that, or, which weighs less, with its id in the property that is
named like the parameter of the path; or items that say there that they belong to several.

Example: `POST /visits` with `"patient_id": 1` is followed by `GET /patients/2/visits`, which has a visit of patient 1.
"""

from collections.abc import Hashable, Iterator
from urllib.parse import unquote

from accord import histories, lists
from accord.checks import EVERYTHING, Check, Outcome, broken_property
from accord.contract import Operation
from accord.document import Json, join
from accord.exchange import Exchange
from accord.filters import names_another
from accord.findings import Claim, Severity
from accord.messages import routing
from accord.messages.answers import media_type, shown
from accord.messages.encoding import to_text
from accord.schemas import shapes


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    name, here = _above(operation, exchange)
    asked = lists.meaning(operation, media_type(operation, exchange)) if name else None
    items = lists.items_of(operation, exchange) if asked is not None else None
    if asked is None or not items:
        return
    each = join(asked.there.pointer, "*")
    owners = _owners(items, name)
    if len(owners) > 1 and names_another(name):
        others = [owner for owner in owners if owner != here]
        yield broken_property(
            f"The list below `{name}` {here} has a thing whose `{name}` is {shown(others[0])}",
            f"a list has what belongs to its `{name}`",
            media_type(operation, exchange),
            Claim(kind="body-one-of", pointer=join(each, name), value=[here.casefold()]),
        )
        return
    for other in filter(histories.makes, earlier):
        below, named = _made_below(operation, other, items, here), _named_in(other, items, name, here)
        found = below or named
        if found is None:
            continue
        key, value, owner = found
        apart = Claim(kind="apart", pointer=join(each, key), value=join("", key))
        yield broken_property(
            f"The list below `{name}` {here} has the thing whose `{key}` is {shown(value)}, "
            f"and {histories.named(other)} made such a one for {owner}",
            f"a list has what belongs to its `{name}`",
            media_type(operation, exchange),
            apart if below else Claim(kind="body-differs", pointer=join(each, key), value=value),
            None if below else Severity.WARNING,
        )
        return


def _owners(items: list[Json], name: str) -> list[str]:
    """Whose the items say they are, each once: by a text or a whole number."""
    said = (item.get(name) for item in items if isinstance(item, dict))
    return list(dict.fromkeys(to_text(owner) for owner in said if type(owner) in {str, int}))


_Found = tuple[str, Json, str]
"""The property of an item that tells, its value, and whose the item is."""


def _above(operation: Operation, exchange: Exchange) -> tuple[str, str]:
    """The path parameter that says below which thing a list stands, and its value; empty where none does."""
    above, mark, _ = operation.path.rpartition("}/")
    name = above.rpartition("{")[2] if mark and not operation.path.rstrip("/").endswith("}") else ""
    found = routing.match_path(operation.path, histories.place(exchange.request)) or {}
    return (name, unquote(found[name])) if name in found else ("", "")


def _made_below(operation: Operation, other: Exchange, items: list[Json], here: str) -> _Found | None:
    """What `other` made at the same path below another thing."""
    name, owner = _above(operation, other)
    made = histories.value(other)
    if not name or owner == here or not isinstance(made, dict):
        return None
    for key in histories.identifying(other):
        for item in items:
            if isinstance(item, dict) and key in made and item.get(key) is not None and _is(item, made):
                return key, item[key], owner
    return None


def _is(item: dict[str, Json], made: dict[str, Json]) -> bool:
    """Whether `item` is what was `made`, by all that both say."""
    return all(made.get(name, part) == part for name, part in item.items())


def _named_in(other: Exchange, items: list[Json], name: str, here: str) -> _Found | None:
    """What names the same thing, another than the one `here`, as the request of `other` did."""
    given = histories.written(other)
    if not names_another(name) or not isinstance(given, dict) or not isinstance(given.get(name), str | int):
        return None
    owner = to_text(given[name])
    told = any(isinstance(item, dict) and item.get(name, ()) == given[name] for item in items)
    return (name, given[name], owner) if told and owner != here else None


def _concerns(exchange: Exchange) -> bool:
    return exchange.request.method == "GET" and histories.succeeded(exchange)


def _told_by(operation: Operation, exchange: Exchange) -> Hashable:
    if "}/" not in operation.path:
        return None
    asked, (name, _) = lists.meaning(operation, media_type(operation, exchange)), _above(operation, exchange)
    return EVERYTHING if asked is not None and name and name in shapes.names(asked.there.items) else None


CHECK = Check(severity=Severity.ERROR, judge=_judge, concerns=_concerns, reads_body=True, told_by=_told_by)
