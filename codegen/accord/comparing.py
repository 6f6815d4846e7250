"""Schemas of two contracts compared where messages use them, and traced to the components that changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from accord import containment, pairing, questions, rules, witness
from accord.contract import Contract, Direction, MediaType, Operation, Schema, media_type_for
from accord.document import Json, join
from accord.questions import Question
from accord.rules import BREAKS, Change, Schemas
from accord.witness import Proved, Refuted, Undecided, Verdict

UNPROVED = Undecided("the component differs, but no message of an operation was found to show it")
_MOST_SITES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where both revisions have a schema: the value of a parameter, a body, a response, a header."""

    operation: str
    direction: Direction
    what: str
    before: Schema
    after: Schema
    pointer: str
    status: str = ""
    media_type: str = ""


@dataclass(slots=True, kw_only=True)
class Comparison:
    """Two contracts and the questions asked about them, one for each direction; what was judged is kept.

    `lenient` says whether the reader of a direction may ignore properties that are `false`: all are hidden ones.
    """

    before: Contract
    after: Contract
    questions: Mapping[Direction, Question]
    lenient: Mapping[Direction, bool]
    verdicts: dict[tuple[str, str, Direction], Verdict] = field(default_factory=dict)


def comparison(before: Contract, after: Contract, *, open_world: bool = False) -> Comparison:
    """A comparison of two contracts with nothing judged yet."""
    asked = {}
    lenient = {Direction.REQUEST: _hides(after), Direction.RESPONSE: _hides(before)}
    for direction, reader, writer in ((Direction.REQUEST, after, before), (Direction.RESPONSE, before, after)):
        outer = {name: tolerant(schema) for name, schema in reader.definitions.items()} if lenient[direction] else None
        asked[direction] = questions.question(
            reader.definitions if outer is None else outer, writer.definitions, open_world=open_world
        )
    return Comparison(before=before, after=after, questions=asked, lenient=lenient)


def tolerant(schema: Json) -> Json:
    """`schema` as its reader holds to it: OpenAPI 3.1 section 4.8.24.4, what is not for it SHOULD NOT be sent.

    A property hidden from this direction is `false` in its view; one that comes all the same is ignored.
    """
    if isinstance(schema, list):
        return [tolerant(part) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        key: {name: part is False or tolerant(part) for name, part in value.items()}
        if key == "properties" and isinstance(value, Mapping)
        else value
        if key in {"enum", "const", "default", "examples", "required"}
        else tolerant(value)
        for key, value in schema.items()
    }


def _read(compared: Comparison, direction: Direction, schema: Json) -> Json:
    return tolerant(_bare(schema)) if compared.lenient[direction] else _bare(schema)


def _hides(contract: Contract) -> bool:
    """Whether every `false` of a property is a hidden one: none is written so in the document itself."""
    data = contract.document.data
    if isinstance(data, dict) and str(data.get("openapi")).startswith("3.0"):
        return True  # OpenAPI 3.0 has no boolean schemas
    stack: list[Json] = [data]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            properties = value.get("properties")
            if isinstance(properties, dict) and any(part is False for part in properties.values()):
                return False
            value = value.values()
        stack.extend(part for part in value if isinstance(part, dict | list))
    return True


def judge(compared: Comparison, direction: Direction, before: Json, after: Json) -> Verdict:
    """Whether the reader, who has one side, can read all that the writer, who has the other, may write."""
    key = (questions.spelt(before), questions.spelt(after), direction)
    if key not in compared.verdicts:
        outer, inner = (after, before) if direction is Direction.REQUEST else (before, after)
        compared.verdicts[key] = witness.contains(
            compared.questions[direction], _read(compared, direction, outer), _bare(inner)
        )
    return compared.verdicts[key]


def _bare(schema: Json) -> Json:
    return {key: value for key, value in schema.items() if key != "$defs"} if isinstance(schema, Mapping) else schema


def sites(before: Operation | None, after: Operation | None) -> Iterator[Site]:
    """Every place where both operations have a schema."""
    if before is None or after is None:
        return
    name = after.name
    for one, other in pairing.parameters(before, after):
        if one is not None and other is not None:
            what = f"{other.location} parameter `{other.name}` of `{name}`"
            yield _site(name, Direction.REQUEST, what, one.schema, other.schema, join(other.pointer, "schema"))
    if before.body is not None and after.body is not None:
        what = f"the request body of `{name}`"
        yield from _bodies((name, Direction.REQUEST, what, ""), before.body.content, after.body.content)
    for response, now in pairing.responses(before, after):
        what = f"response {now.status} of `{name}`"
        yield from _bodies((name, Direction.RESPONSE, what, now.status), response.content, now.content)
        headers = {header.name.lower(): header for header in response.headers}
        for header in now.headers:
            was = headers.get(header.name.lower())
            if was is not None:
                where = join(header.pointer, "schema")
                told = f"header `{header.name}` of {what}"
                yield _site(name, Direction.RESPONSE, told, was.schema, header.schema, where, now.status)


def _site(  # noqa: PLR0917  one row of a table
    operation: str, direction: Direction, what: str, before: Schema, after: Schema, pointer: str, status: str = ""
) -> Site:
    return Site(
        operation=operation, direction=direction, what=what, before=before, after=after, pointer=pointer, status=status
    )


def _bodies(
    owner: tuple[str, Direction, str, str], before: tuple[MediaType, ...], after: tuple[MediaType, ...]
) -> Iterator[Site]:
    operation, direction, what, status = owner
    for item in before:
        now = media_type_for(after, item.name)
        if now is not None:
            yield Site(
                operation=operation,
                direction=direction,
                what=what,
                before=item.schema or {},
                after=now.schema or {},
                pointer=join(now.pointer, "schema"),
                status=status,
                media_type=now.name,
            )


def shared(compared: Comparison) -> tuple[str, ...]:
    """The components that both contracts have and that say something else now."""
    before, after = compared.before.definitions, compared.after.definitions
    return tuple(
        name for name in before if name in after and questions.spelt(before[name]) != questions.spelt(after[name])
    )


def views(compared: Comparison, name: str, direction: Direction) -> tuple[Json, Json]:
    """The component `name` as `direction` sees it, in both contracts."""
    found = []
    for contract in (compared.before, compared.after):
        seen = contract.request_views.get(name, name) if direction is Direction.REQUEST else name
        found.append(contract.definitions.get(seen, contract.definitions.get(name, True)))
    return found[0], found[1]


def explain(before: Json, after: Json) -> tuple[tuple[str, Change], ...]:
    """What the rules say of two schemas and of all that is written inside them; `$ref`s are not followed."""
    found = []
    for pointer, one, other in pairing.schemas(_plain(before), _plain(after)):
        found += list(rules.schema_changes(Schemas(before=one, after=other, pointer=pointer)))
    return tuple(found)


def _plain(schema: Json) -> Json:
    return _bare(schema) if isinstance(schema, Mapping) else ({} if schema else {"not": {}})


def causes(
    compared: Comparison, every: tuple[Site, ...]
) -> tuple[dict[tuple[str, Direction], tuple[Site, ...]], tuple[Site, ...]]:
    """Which changed components each unproved or changed site goes back to, and the sites that changed themselves."""
    found: dict[tuple[str, Direction], list[Site]] = {}
    own: list[Site] = []
    differing = frozenset(shared(compared))
    for site in every:
        question = compared.questions[site.direction]
        sides = (site.after, site.before) if site.direction is Direction.REQUEST else (site.before, site.after)
        proved = containment.proves(question, _read(compared, site.direction, sides[0]), _bare(sides[1]))
        reached = () if proved else _reached(compared, site)
        blamed = [name for name in reached if name in differing and _blames(compared, name, site)]
        changes = explain(site.before, site.after)
        breaks = any(change.effect is BREAKS[site.direction] for _, change in changes)
        if not proved:
            for name in blamed:
                found.setdefault((name, site.direction), []).append(site)
        if (proved and changes) or (not proved and (breaks or not blamed)):
            own.append(site)
    return {key: tuple(value) for key, value in found.items()}, tuple(own)


def _blames(compared: Comparison, name: str, site: Site) -> bool:
    before, after = views(compared, name, site.direction)
    return bool(explain(before, after)) and not isinstance(judge(compared, site.direction, before, after), Proved)


def _reached(compared: Comparison, site: Site) -> tuple[str, ...]:
    """The components that the site uses in both contracts, under the names of their response views."""
    return tuple(sorted(_closure(compared.before, site.before) & _closure(compared.after, site.after)))


def _closure(contract: Contract, schema: Schema) -> frozenset[str]:
    bases = {view: name for name, view in contract.request_views.items()}
    seen: set[str] = set()
    stack = list(questions.references(questions.spelt(schema)))
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            stack.extend(questions.references(questions.spelt(contract.definitions[name])))
    return frozenset(bases.get(name, name) for name in seen)


def shows(compared: Comparison, reached: tuple[Site, ...]) -> bool:
    """Whether one of the first sites has a witness of its own."""
    return any(
        isinstance(judge(compared, site.direction, site.before, site.after), Refuted) for site in reached[:_MOST_SITES]
    )
