"""What was refused in company, sent alone: a value that stood beside others in a request that was refused.

A plan puts odd values in many places at once, and turns between media types. Where the contract says less than the
service wants, one of them is enough to have all refused.
"""

from collections.abc import Iterator, Mapping

from accord.contract import MediaType, Operation, media_type_for
from accord.document import Json
from accord.exchange import SUCCESS, Case, header
from accord.fuzzing.statements import REFUSALS, is_written_in_json
from accord.messages import encoding
from accord.strategies.drafts import reads_as, written
from accord.validity import validation
from accord.validity.asserting import identity
from accord.weighing import reducing

MOST = 200
"""So many values of one operation are sent alone."""

Known = set[tuple[str, Json]]


def parted(operation: Operation, answers: Mapping[Case, int]) -> list[Case]:
    """The barest JSON that was taken, once with each value that is in no JSON that was, of those in other requests.

    Where no JSON was taken, it is the barest form. `answers` has the status of each conforming request.
    """
    bodies = [(case, status, body) for case, status in answers.items() if (body := _body(operation, case))]
    every = [(case, body) for case, status, body in bodies if status in SUCCESS]
    taken = [(case, body) for case, body in every if is_written_in_json(case)] or every
    if not taken:
        return []
    base, plain = min(taken, key=lambda item: (len(item[1]), len(item[0].request.body)))
    medium = _medium(operation, base)
    known: Known = {(name, identity(value)) for _, body in taken for name, value in body.items()}
    found: dict[Case, None] = {}
    for case, status, body in bodies:
        if medium is not None and (status in REFUSALS or _medium(operation, case) is not medium):
            found |= dict.fromkeys(_alone(base, medium, plain, body, known))
    return list(found)[:MOST]


def _medium(operation: Operation, case: Case) -> MediaType | None:
    written = header(case.request.headers, "Content-Type") or ""
    return media_type_for(operation.body.content, written) if operation.body is not None else None


def _body(operation: Operation, case: Case) -> dict[str, Json]:
    medium = _medium(operation, case)
    if medium is None or not case.request.body:
        return {}
    try:
        value = encoding.decode_body(medium, header(case.request.headers, "Content-Type") or "", case.request.body)
    except encoding.DecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _alone(
    base: Case, medium: MediaType, plain: dict[str, Json], body: dict[str, Json], known: Known
) -> Iterator[Case]:
    for name, value in body.items():
        if (name, identity(value)) in known:
            continue
        known.add((name, identity(value)))
        whole = {**plain, name: value}
        if whole != body and validation.is_valid(medium.schema or {}, whole) and reads_as(medium, whole) == whole:
            content_type, written_ = written(medium, whole)
            if is_written_in_json(base):
                content_type = header(base.request.headers, "Content-Type") or ""
            yield reducing.with_body(base, content_type, written_)
