"""Changes as findings: what is said of operations and of schemas, and the one switch that explains most of it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from accord import rules
from accord.changes import comparing
from accord.changes.comparing import Comparison
from accord.contract import Contract, Direction, Operation, locate
from accord.document import Json
from accord.findings import Finding, Location, RequestWitness, Severity, Witness
from accord.proof import questions
from accord.proof.witness import Proved, Refuted, Undecided, Verdict
from accord.revisions.sites import Site, sites
from accord.rules import BREAKS, Change, Effect, Operations
from accord.validity.validation import Violation

_FEW = 3
_MANY = 3
_LEAST = 5
_DROPPED = "`required` was dropped"
_SEVERITIES = {"breaking": Severity.ERROR, "undecided": Severity.WARNING, "compatible": Severity.NOTE}
_PLURALS = {"is": "are", "was": "were", "has": "have", "takes": "take", "wants": "want"}
_SAME = "no value can tell them apart"

Changes = tuple[tuple[str, Change], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """What a finding is about: in words, where it stands, and the places and operations it reaches."""

    words: str
    place: Location
    direction: Direction
    changes: Changes
    reached: tuple[Site, ...]
    sides: tuple[Json, Json]
    textual: bool = False


def told_operations(pairs: Iterable[Operations], contracts: tuple[Contract, Contract]) -> Iterator[Finding]:
    """What the rules say of operations: the same change of several is one finding."""
    groups: dict[tuple[str, ...], list[tuple[Change, Operation, Contract]]] = {}
    for pair in pairs:
        operation = pair.after or pair.before
        if operation is not None:
            for name, found in rules.operation_changes(pair):
                contract = contracts[0 if found.gone else 1]
                change = replace(found, direction=found.direction.other) if pair.turned else found
                alone = operation.name if name.startswith("operation-") else ""
                cause = (name, change.message, str(change.direction), str(change.effect), alone)
                groups.setdefault(cause, []).append((change, operation, contract))
    for (name, *_), members in groups.items():
        yield _operation_finding(name, members)


def _operation_finding(name: str, members: list[tuple[Change, Operation, Contract]]) -> Finding:
    change, operation, contract = members[0]
    breaks = change.effect is BREAKS[change.direction]
    verdict = ("breaking" if change.proved else "undecided") if breaks else "compatible"
    uri, pointer = locate(contract, change.pointer)
    shown = RequestWitness(method=operation.method, path=operation.path)
    names = list(dict.fromkeys(item.name for _, item, _ in members))
    several = len(names) > 1
    reason = (f"reason: {change.reason}",) if verdict == "undecided" and change.reason else ()
    return Finding(
        code=name,
        severity=_SEVERITIES[verdict],
        message=_sentence(f"{len(names)} operations" if several else f"`{names[0]}`", change.message, several=several),
        operation="" if several else operation.name,
        direction=change.direction,
        status=change.status,
        media_type=change.media_type,
        pointer=change.pointer,
        location=Location(uri=uri, pointer=pointer),
        witness=Witness(request=shown) if verdict == "breaking" else None,
        verdict=verdict,
        count=len(names),
        notes=(*reason, *_reach(names)),
    )


def _sentence(subject: str, message: str, *, several: bool = False) -> str:
    """`message` of `subject`, which is its subject in grammar too where it begins with a verb."""
    verb, _, rest = message.partition(" ")
    if verb not in _PLURALS:
        return f"{subject}: {message}."
    return f"{subject} {_PLURALS[verb] if several else verb} {rest}."


def _reach(names: list[str]) -> tuple[str, ...]:
    rest = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return (f"reaches: {len(names)} operations: {', '.join(names[:_FEW])}{rest}",) if len(names) > 1 else ()


def told_schemas(comparison: Comparison, pairs: Iterable[Operations], *, bare: bool) -> Iterator[Finding]:
    """What is proved of schemas: a change in a component is one finding a direction, the same change one."""
    causes = comparing.causes(comparison, tuple(site for pair in pairs for site in sites(pair.before, pair.after)))
    components = dict(causes.components)
    if bare:
        components = {(name, direction): () for name in comparing.shared(comparison) for direction in Direction}
    for (name, direction), reached in sorted(components.items()):
        before, after = comparing.views(comparison, name, direction)
        subject = _component(comparison, name, direction, reached)
        verdict = comparing.judge(comparison, direction, before, after)
        if subject.changes or not isinstance(verdict, Proved):
            if reached and isinstance(verdict, Refuted) and not comparing.shows(comparison, reached):
                verdict = comparing.UNPROVED
            yield from _findings(comparison, verdict, subject, same=False)
    told: set[str] = set()
    for (name, direction), reached in sorted(causes.harmless.items()):
        before, after = comparing.views(comparison, name, direction)
        subject = _component(comparison, name, direction, reached)
        if name not in told and subject.changes:
            told.add(name)
            same = comparing.same(comparison, before, after)
            yield from _findings(comparison, Proved(), subject, same=same)
    yield from _own(comparison, causes.own)


def _component(comparison: Comparison, name: str, direction: Direction, reached: tuple[Site, ...]) -> _Subject:
    before, after = comparing.views(comparison, name, direction)
    origin = comparison.after.origins.get(name)
    place = Location(
        uri=origin.uri if origin else comparison.after.document.uri,
        pointer=origin.pointer if origin else f"/components/schemas/{name}",
    )
    changes = comparing.explain(before, after)
    words = f"component `{name}` as a {direction}"
    return _Subject(
        words=words, place=place, direction=direction, changes=changes, reached=reached, sides=(before, after)
    )


def _own(comparison: Comparison, own: tuple[Site, ...]) -> Iterator[Finding]:
    groups: dict[tuple[object, ...], list[Site]] = {}
    for site in own:
        alike = (site.what, site.direction, questions.spelt(site.before), questions.spelt(site.after), site.textual)
        groups.setdefault(alike, []).append(site)
    for members in groups.values():
        site = members[0]
        uri, pointer = locate(comparison.after, site.pointer)
        names = list(dict.fromkeys(item.operation for item in members))
        owner = f"`{site.operation}`" if len(names) == 1 else f"{len(names)} operations"
        subject = _Subject(
            words=f"{site.what} of {owner}",
            place=Location(uri=uri, pointer=pointer),
            direction=site.direction,
            changes=comparing.explain(site.before, site.after),
            reached=tuple(members),
            sides=(site.before, site.after),
            textual=site.textual,
        )
        verdict = comparing.judge(comparison, site.direction, site.before, site.after, textual=site.textual)
        same = isinstance(verdict, Proved) and comparing.same(comparison, site.before, site.after)
        yield from _findings(comparison, verdict, subject, same=same)


def _ranked(refused: tuple[Violation, ...], changes: Changes) -> tuple[Changes, Changes]:
    """`changes` that stand where the witness is refused, the nearest to what refuses it first; and the others."""

    def nearness(item: tuple[str, Change]) -> int:
        name, change = item
        met = [broken for broken in refused if f"{broken.schema_pointer}/".startswith(f"{change.pointer}/")]
        named = any(re.sub(r"(?=[A-Z])", "-", broken.keyword).lower() in name for broken in met)
        return 2 * len(change.pointer) + 1 + named if met else 0

    ordered = sorted(changes, key=nearness, reverse=True)
    return tuple(item for item in ordered if nearness(item)), tuple(item for item in ordered if not nearness(item))


def _findings(comparison: Comparison, verdict: Verdict, subject: _Subject, *, same: bool) -> Iterator[Finding]:
    """What moves the set of values as one finding; what does not, such as a default, as one a rule."""
    moving = tuple(item for item in subject.changes if item[1].effect is not Effect.NEITHER)
    if moving or not subject.changes or not isinstance(verdict, Proved):
        yield _finding(comparison, verdict, replace(subject, changes=moving), same=same)
    still = [item for item in subject.changes if item[1].effect is Effect.NEITHER]
    for code in dict.fromkeys(name for name, _ in still):
        changes = tuple(item for item in still if item[0] == code)
        yield _finding(comparison, Proved(), replace(subject, changes=changes), same=same and not moving)


def _finding(comparison: Comparison, verdict: Verdict, subject: _Subject, *, same: bool) -> Finding:
    refused: tuple[Violation, ...] = ()
    if isinstance(verdict, Refuted):
        refused = comparing.refusals(
            comparison, subject.direction, subject.sides, verdict.witness, textual=subject.textual
        )
    word = "compatible" if isinstance(verdict, Proved) else "breaking" if isinstance(verdict, Refuted) else "undecided"
    leading = tuple(item for item in subject.changes if item[1].effect is BREAKS[subject.direction])
    near, others = _ranked(refused, leading if leading and word != "compatible" else subject.changes)
    notes = tuple(f"refused: {broken.message}" for broken in refused[:1])
    names = list(dict.fromkeys(site.operation for site in subject.reached))
    single = subject.reached[0] if len(subject.reached) == 1 else None
    return Finding(
        code=next((name for name, _ in near or others), "schema"),
        severity=_SEVERITIES[word],
        message=_sentence(subject.words, _listed(near, others) + (f"; {_SAME}" if same else "")),
        operation=names[0] if len(names) == 1 else "",
        direction=subject.direction,
        status=single.status if single else "",
        media_type=single.media_type if single else "",
        pointer=subject.place.pointer,
        location=subject.place,
        witness=Witness(value=verdict.witness) if isinstance(verdict, Refuted) else None,
        verdict=word,
        count=max(1, len(names)),
        notes=(*((f"reason: {verdict.reason}",) if isinstance(verdict, Undecided) else notes), *_reach(names)),
    )


def _listed(near: Changes, others: Changes) -> str:
    """The first changes in words, and how many there are beside them."""
    every = list(dict.fromkeys(f"{change.pointer}: {change.message}".removeprefix(": ") for _, change in near + others))
    shown = every[: min(_MANY, len(near) or _MANY)] or ["says something else"]
    left = max(0, len(every) - len(shown))
    return "; ".join(shown) + (f"; and {left} more change{'s' if left > 1 else ''}" if left else "")


def summary(findings: Iterable[Finding]) -> Iterator[Finding]:
    """One note in front where one kind of change accounts for most of what breaks."""
    breaking = [item for item in findings if item.verdict == "breaking"]
    groups: dict[tuple[str, str], list[Finding]] = {}
    for item in breaking:
        if item.pointer.startswith("/components/schemas/"):
            code = "required-properties" if _DROPPED in item.message else item.code
            groups.setdefault((code, item.direction), []).append(item)
    for (code, direction), members in sorted(groups.items()):
        places = {item.pointer for item in members}
        if len(places) < max(_LEAST, len(breaking) / 2):
            continue
        dropped = {item.pointer for item in members if _DROPPED in item.message}
        words = f"Most of it is one kind of change: `{code}` in {len(places)} components"
        if dropped:
            words = f"One switch was flipped: {_DROPPED} from {len(dropped)} components"
        yield Finding(
            code="one-cause",
            severity=Severity.NOTE,
            message=f"{words} ({len(members)} of {len(breaking)} breaking findings).",
            direction=direction,
        )
