"""The witness of a finding that a sequence brought forth, made small: steps left out, then each request reduced.

Which of the answers the check needs is asked of the check alone, which costs no request; then the shorter sequence is
sent. A thing that one step makes has a new id each time: the paths of the others follow it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from accord import checks, histories
from accord.contract import Operation, media_type_for
from accord.document import Json, split
from accord.exchange import Case, Exchange, header
from accord.findings import Bound
from accord.fuzzing import conditions
from accord.fuzzing.asking import Search, Stop, asked
from accord.fuzzing.connecting import value_of
from accord.fuzzing.shrinking import ALIKE, NOT_MINIMISED
from accord.messages import encoding
from accord.repro import reproducing
from accord.validity import validation
from accord.weighing import lateness, reducing
from accord.weighing.causes import FLAKY
from accord.weighing.sightings import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One request of a sequence, by its number in the one that was seen, and what its path takes from which answer.

    `tagged` is the number of the answer that told the entity tag which it names.
    """

    number: int
    operation: Operation
    case: Case
    bound: tuple[Bound, ...]
    tagged: int | None = None


_Parts = tuple[_Part, ...]


@dataclass(slots=True)
class _Trial:
    """The trying of shorter sequences for one finding, until the requests for it run out at `last`."""

    state: Search
    seen: Seen
    last: int
    tries: int = 0
    over: bool = False
    failed: set[tuple[int, str]] = field(default_factory=set)

    def shows(self, parts: _Parts, *, again: bool = False) -> bool:
        """Whether `parts`, sent now, show the finding, and are its witness; as many requests are left to confirm it."""
        if self.state.transport.sent + len(parts) * (1 if again else 2) > self.last:
            self.over = True
            return False
        self.tries += 1
        name = _named(self.state, parts[-1].case.sequence)
        answers: dict[int, Exchange] = {}
        for part in parts:
            made = _bound(part, answers)
            if made is None:
                return False
            earlier = tuple(answers.values())
            answers[part.number], judgement = asked(self.state, part.operation, replace(made, sequence=name), earlier)
        found = next((item for item in judgement.findings if item.identity == self.seen.identity), None)
        if found is not None:
            known = self.seen.finding  # which may weigh less than its check says
            self.seen.finding = replace(found, severity=known.severity, promise=known.promise)
            self.seen.exchange, self.seen.earlier = answers[parts[-1].number], earlier
        return found is not None


def _named(state: Search, known: str) -> str:
    """A name that no other sequence has, made from the one that is `known`."""
    base = lateness.smaller(known, 0)
    state.sent[base] += 1
    return lateness.smaller(known, state.sent[base])


def trim_all(state: Search, operations: Mapping[str, Operation]) -> None:
    """Make small what a sequence brought forth, of what shows again and again in other places only some.

    That an answer was slow among others is not worth a request.
    """
    alike = Counter(item.identity[:4] for item in state.sightings.seen if item.shrunk)
    for seen in [item for item in state.sightings.seen if not item.shrunk and item.earlier]:
        if seen.finding.code == "response-time" or alike[seen.identity[:4]] >= ALIKE:
            seen.shrunk = seen.finding.code == "response-time"
            continue
        alike[seen.identity[:4]] += 1
        trim(state, operations, seen)


def trim(state: Search, operations: Mapping[str, Operation], seen: Seen) -> None:
    """Make the witness of `seen` as small as its share of requests allows, the last of which send it again.

    `operations` are known by name. Where the last request shows the finding alone, it is left to be
    made small like any other.
    """
    trial = _Trial(state, seen, state.transport.sent + state.limits.shrinks)
    parts = _parts(seen, operations)
    try:
        here = _fewer(trial, parts)
        if here is None:
            seen.notes += [NOT_MINIMISED] if trial.over else [FLAKY]
        elif len(here) > 1:
            here = _reduced(trial, here)
            seen.notes += [NOT_MINIMISED] if trial.over else []
            seen.notes += [] if trial.shows(here, again=True) else [FLAKY]
    except Stop as stop:
        seen.notes.append(NOT_MINIMISED)
        if stop.everything and not state.transport.spent:
            raise
    seen.shrunk = bool(seen.earlier)


def _parts(seen: Seen, operations: Mapping[str, Operation]) -> _Parts:
    told = reproducing.witness(seen.exchange, seen.earlier)
    steps = (*told.before, told.request)
    return tuple(
        _Part(
            number=number,
            operation=operations[item.case.operation],
            case=item.case,
            bound=step.bound,
            tagged=conditions.origin(item, seen.earlier[:number]),
        )
        for number, (item, step) in enumerate(zip((*seen.earlier, seen.exchange), steps, strict=True))
        if item.case is not None and step is not None
    )


def _bound(part: _Part, answers: Mapping[int, Exchange]) -> Case | None:
    """The case of `part` with the ids that the answers have now; None where one has none."""
    url = reproducing.rebound(part.case.request.url, part.bound, answers)
    if url is None or (part.tagged is not None and part.tagged not in answers):
        return None
    case = replace(part.case, request=replace(part.case.request, url=url))
    tag = "" if part.tagged is None else histories.tag(answers[part.tagged])
    return conditions.under(case, tag) if tag else case


def _fewer(trial: _Trial, parts: _Parts) -> _Parts | None:
    """The steps that show the finding when they are sent; None where not even all of them do."""
    needed = _needed(trial, parts)
    if trial.shows(needed):
        return needed
    if len(needed) == len(parts) or not trial.shows(parts):
        return None
    for part in parts[:-1]:
        less = tuple(item for item in parts if item is not part)
        if _holds_together(less) and trial.shows(less):
            parts = less
    return parts


def _needed(trial: _Trial, parts: _Parts) -> _Parts:
    """The steps whose answers, of those that were seen, the check needs to find the same."""
    answers = dict(enumerate((*trial.seen.earlier, trial.seen.exchange)))
    for part in parts[:-1]:
        less = tuple(item for item in parts if item is not part)
        if not _holds_together(less):
            continue
        earlier = tuple(answers[item.number] for item in less[:-1])
        judgement = checks.run(
            trial.state.contract,
            less[-1].operation,
            answers[less[-1].number],
            earlier,
            frozenset({trial.seen.finding.code}),
        )
        if any(finding.identity == trial.seen.identity for finding in judgement.findings):
            parts = less
    return parts


def _holds_together(parts: _Parts) -> bool:
    """Whether every step that takes something from an answer has it."""
    there = {item.number for item in parts}
    tagged = {part.tagged for part in parts} - {None}
    return tagged <= there and all(item.answer in there for part in parts for item in part.bound)


def _reduced(trial: _Trial, parts: _Parts) -> _Parts:
    """`parts` with each request as small as still shows the finding, alike ones together."""
    alone = tuple(_alone(part, trial.seen.finding.pointer) for part in parts)
    if alone != parts and trial.shows(alone):
        parts = alone
    while not trial.over:
        smaller = _smaller(trial, parts)
        if smaller is None:
            break
        parts = smaller
    return parts


def _smaller(trial: _Trial, parts: _Parts) -> _Parts | None:
    """`parts` after one reduction that still shows the finding; None where there is none, or no request for it."""
    for part in parts:
        for reduction in reducing.reductions(part.operation, part.case):
            key, before = (part.number, reduction.name), part.case.request
            path = before.url.partition("?")[0]
            if key in trial.failed or reduction.case.request.url.partition("?")[0] != path:
                continue
            case = trial.state.prepare(part.operation, reduction.case)
            changed = tuple(replace(item, case=case) if item.case.request == before else item for item in parts)
            if trial.shows(changed):
                return changed
            if trial.over:
                return None
            trial.failed.add(key)
    return None


def _alone(part: _Part, pointer: str) -> _Part:
    """`part` with nothing in its body but the property that the finding is about and what its schema requires."""
    written = header(part.case.request.headers, "Content-Type") or ""
    body = part.operation.body
    medium = media_type_for(body.content, written) if body is not None else None
    value = value_of(part.case.request.body)
    if medium is None or medium.schema is None or not isinstance(value, dict):
        return part
    rules = reducing.rules_at(medium.schema, (), value)
    wanted = {*split(pointer)[:1], *(name for rule in rules for name in rule.get("required", ()))}
    less: Json = {name: item for name, item in value.items() if name in wanted}
    if not validation.is_valid(medium.schema, less) or less == value:
        return part
    return replace(part, case=reducing.with_body(part.case, written, encoding.to_json(less)))
