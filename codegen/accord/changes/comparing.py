"""Schemas of two contracts compared where messages use them, and traced to the components that changed."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from accord import rules
from accord.contract import Contract, Direction, Schema
from accord.document import Json, unescape, walk
from accord.proof import containment, questions, witness
from accord.proof.questions import Question
from accord.proof.witness import Proved, Refuted, Undecided, Verdict
from accord.revisions import pairing
from accord.revisions.sites import Site
from accord.rules import BREAKS, Change, Schemas
from accord.validity import validation
from accord.validity.validation import Violation

UNPROVED = Undecided("the component differs, but no message of an operation was found to show it")
_MOST_SITES = 3
_FALSE = re.compile("false")
_JSON = re.compile(r'\s*\{\s*"')
_VALUES = frozenset({"enum", "const", "default", "examples", "required"})
_ANY_TEXT = {"type": "string", "minLength": 1}


@dataclass(slots=True, kw_only=True)
class Comparison:
    """Two contracts and the questions asked about them, one for each direction; what was judged is kept.

    `refused` are names of properties that the reader of a direction may refuse: any other that is `false` is hidden.
    """

    before: Contract
    after: Contract
    questions: Mapping[Direction, Question]
    refused: Mapping[Direction, frozenset[str]]
    verdicts: dict[tuple[str, str, Direction, bool], Verdict] = field(default_factory=dict)
    closures: dict[tuple[int, str], frozenset[str]] = field(default_factory=dict)


def comparison(before: Contract, after: Contract, *, open_world: bool = False) -> Comparison:
    """A comparison of two contracts with nothing judged yet."""
    asked = {}
    refused = {Direction.REQUEST: _refused(after), Direction.RESPONSE: _refused(before)}
    for direction, reader, writer in ((Direction.REQUEST, after, before), (Direction.RESPONSE, before, after)):
        outer = {name: tolerant(schema, refused[direction]) for name, schema in reader.definitions.items()}
        asked[direction] = questions.question(outer, writer.definitions, open_world=open_world)
    return Comparison(before=before, after=after, questions=asked, refused=refused)


def tolerant(schema: Json, refused: frozenset[str]) -> Json:
    """`schema` as its reader holds to it: OpenAPI 3.1 section 4.8.24.4, what is not for it SHOULD NOT be sent.

    A property hidden from this direction is `false` in its view; one that comes all the same is ignored.
    """
    if isinstance(schema, list):
        parts = [tolerant(part, refused) for part in schema]
        return parts if any(part is not old for part, old in zip(parts, schema, strict=True)) else schema
    if not isinstance(schema, Mapping):
        return schema
    found: dict[str, Json] = {}
    for key, value in schema.items():
        found[key] = (
            value if key in _VALUES else _shown(value, refused) if key == "properties" else tolerant(value, refused)
        )
    return found if any(found[key] is not schema[key] for key in found) else schema


def _shown(properties: Json, refused: frozenset[str]) -> Json:
    if not isinstance(properties, Mapping):
        return properties
    found = {
        name: (part is False and name not in refused) or tolerant(part, refused) for name, part in properties.items()
    }
    return found if any(found[name] is not properties[name] for name in found) else properties


def _read(compared: Comparison, direction: Direction, schema: Json, *, textual: bool = False) -> Json:
    """`schema` as its reader holds to it."""
    read = tolerant(_bare(schema), compared.refused[direction])
    return _textual(compared.questions[direction], read) if textual else read


def _textual(asked: Question, schema: Json) -> Json:
    """What a reader of plain text takes: any number and boolean where any text is taken."""
    if containment.proves(asked, schema, _ANY_TEXT):
        return {"anyOf": [schema, {"type": ["number", "boolean"]}]}
    if isinstance(schema, Mapping) and schema.get("type") == "array" and "items" in schema:
        return {**schema, "items": _textual(asked, schema["items"])}
    return schema


def _refused(contract: Contract) -> frozenset[str]:
    """The names that stand beside a `false` in the document itself: a property of such a name may not be hidden."""
    data = contract.document.data
    if isinstance(data, dict) and str(data.get("openapi")).startswith("3.0"):
        return frozenset()  # OpenAPI 3.0 has no boolean schemas
    found: set[str] = set()
    for document in contract.documents.values():
        if _JSON.match(document.text):
            found |= set(_falsified(document.text))
        else:
            found |= {unescape(pointer.rpartition("/")[2]) for pointer, value in walk(document.data) if value is False}
    return frozenset(found)


def _falsified(text: str) -> Iterator[str]:
    """The names of the members of JSON that are `false`, and perhaps more."""
    for match in _FALSE.finditer(text):
        end = text.rfind('"', 0, match.start())
        start = text.rfind('"', 0, max(end, 0))
        while start > 0 and text[start - 1] == "\\":
            start = text.rfind('"', 0, start)
        named = start >= 0 and text[end - 1] != "\\"  # else it stands inside a text
        if named and text[end + 1 : match.start()].strip() == ":":
            yield json.loads(text[start : end + 1], strict=False)


def judge(compared: Comparison, direction: Direction, before: Json, after: Json, *, textual: bool = False) -> Verdict:
    """Whether the reader, who has one side, can read all that the writer, who has the other, may write."""
    key = (questions.spelt(before), questions.spelt(after), direction, textual)
    if key not in compared.verdicts:
        outer, inner = (after, before) if direction is Direction.REQUEST else (before, after)
        compared.verdicts[key] = witness.contains(
            compared.questions[direction], _read(compared, direction, outer, textual=textual), _bare(inner)
        )
    return compared.verdicts[key]


def refusals(
    compared: Comparison, direction: Direction, sides: tuple[Json, Json], value: Json, *, textual: bool
) -> tuple[Violation, ...]:
    """What the reader of `direction` holds against `value`; `sides` are the schemas before and after."""
    question = compared.questions[direction]
    reader = _read(compared, direction, sides[1 if direction is Direction.REQUEST else 0], textual=textual)
    whole = reader if isinstance(reader, Mapping) else ({} if reader else {"not": {}})
    return tuple(validation.violations({**whole, "$defs": question.outer}, value))


def same(compared: Comparison, before: Json, after: Json) -> bool:
    """Whether it is proved that no value can tell the two schemas apart, whoever writes it."""
    return all(
        containment.proves(Question(outer=one.outer, inner=one.inner, open_world=True, same=one.same), outer, inner)
        for one, outer, inner in (
            (compared.questions[Direction.REQUEST], _bare(after), _bare(before)),
            (compared.questions[Direction.RESPONSE], _bare(before), _bare(after)),
        )
    )


def _bare(schema: Json) -> Json:
    return {key: value for key, value in schema.items() if key != "$defs"} if isinstance(schema, Mapping) else schema


def shared(compared: Comparison) -> tuple[str, ...]:
    """The components that both contracts have and that say something else now."""
    before, after = compared.before.definitions, compared.after.definitions
    return tuple(name for name in before if name in after and before[name] != after[name])


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Causes:
    """What the changes of sites go back to.

    `components` are those that changed and that an unproved site uses, by direction; `harmless` those that changed and
    are used where all is proved; `own` the sites that changed themselves.
    """

    components: Mapping[tuple[str, Direction], tuple[Site, ...]]
    harmless: Mapping[tuple[str, Direction], tuple[Site, ...]]
    own: tuple[Site, ...]


def causes(compared: Comparison, every: tuple[Site, ...]) -> Causes:
    """What the changes of `every` site go back to."""
    found: dict[tuple[str, Direction], list[Site]] = {}
    harmless: dict[tuple[str, Direction], list[Site]] = {}
    own: list[Site] = []
    differing = frozenset(shared(compared))
    for site in every:
        question = compared.questions[site.direction]
        sides = (site.after, site.before) if site.direction is Direction.REQUEST else (site.before, site.after)
        reader = _read(compared, site.direction, sides[0], textual=site.textual)
        proved = containment.proves(question, reader, _bare(sides[1]))
        used = [name for name in _reached(compared, site) if name in differing]
        blamed = () if proved else [name for name in used if _blames(compared, name, site)]
        changes = explain(site.before, site.after)
        breaks = any(change.effect is BREAKS[site.direction] for _, change in changes)
        for name in used if proved else blamed:
            (harmless if proved else found).setdefault((name, site.direction), []).append(site)
        if (proved and changes) or (not proved and (breaks or not blamed)):
            own.append(site)
    blamed_names = {name for name, _ in found}
    return Causes(
        components={key: tuple(value) for key, value in found.items()},
        harmless={key: tuple(value) for key, value in harmless.items() if key[0] not in blamed_names},
        own=tuple(own),
    )


def _blames(compared: Comparison, name: str, site: Site) -> bool:
    before, after = views(compared, name, site.direction)
    differs = questions.spelt(before) != questions.spelt(after)
    return differs and not isinstance(judge(compared, site.direction, before, after), Proved)


def _reached(compared: Comparison, site: Site) -> tuple[str, ...]:
    """The components that the site uses in both contracts, under the names of their response views."""
    before = _closure(compared, compared.before, site.before)
    return tuple(sorted(before & _closure(compared, compared.after, site.after)))


def _closure(compared: Comparison, contract: Contract, schema: Schema) -> frozenset[str]:
    bases = {view: name for name, view in contract.request_views.items()}
    found: set[str] = set()
    for name in questions.references(questions.spelt(schema)):
        key = (id(contract), name)
        if key not in compared.closures:
            compared.closures[key] = _all_reached(contract, name)
        found |= compared.closures[key]
    return frozenset(bases.get(name, name) for name in found)


def _all_reached(contract: Contract, start: str) -> frozenset[str]:
    seen: set[str] = set()
    stack = [start]
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            stack.extend(questions.references(questions.spelt(contract.definitions[name])))
    return frozenset(seen)


def shows(compared: Comparison, reached: tuple[Site, ...]) -> bool:
    """Whether one of the first sites has a witness of its own."""
    return any(
        isinstance(judge(compared, site.direction, site.before, site.after, textual=site.textual), Refuted)
        for site in reached[:_MOST_SITES]
    )
