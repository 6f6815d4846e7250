"""Claims about an answer beside those before it, as lines of Python."""

from dataclasses import replace

from accord.findings import Claim
from accord.repro.assertions import Asserted, one, tokens
from accord.source import literal


def same(claim: Claim, message: str, alike: tuple[int, ...]) -> Asserted:
    """The answers to the same request have the same there."""
    there = tokens(claim.pointer)
    lines = (
        f"for other in [answers[index] for index in {literal(list(alike))}]:",
        "    if other.status_code == answer.status_code:",
        f"        assert at(other.json(), {there}) == at(answer.json(), {there}), {message}",
    )
    return Asserted(lines=lines, needs_at=True)


def same_status(_claim: Claim, message: str, alike: tuple[int, ...]) -> Asserted:
    """The same request is answered with the same status."""
    statuses = f"answers[index].status_code == answer.status_code for index in {literal(list(alike))}"
    return one(f"all({statuses})", message)


def same_place(claim: Claim, message: str, alike: tuple[int, ...]) -> Asserted:
    """What the place had before is there."""
    there = tokens(claim.pointer)
    found = f"[at(answers[index].json(), {there}) for index in {literal(list(alike))}]"
    lines = (
        f"before = [values for values in {found} if values]",
        f"now = at(answer.json(), {there})",
        f"assert not before or not now or before[-1] == now, {message}",
    )
    return Asserted(lines=lines, needs_at=True)


def fresh(claim: Claim, message: str, alike: tuple[int, ...]) -> Asserted:
    """No other request was answered with it."""
    there = tokens(claim.pointer)
    known = f"[at(answers[index].json(), {there}) for index in {literal(list(alike))}]"
    now = f"at(answer.json(), {there})"
    return replace(one(f"not {now} or {now} not in {known}", message), needs_at=True)


def as_made(claim: Claim, message: str, alike: tuple[int, ...]) -> Asserted:
    """What was made has it."""
    there = tokens(claim.pointer)
    lines = (
        f"found = [at(answers[index].json(), {there}) for index in {literal(list(alike))}]",
        "made = [values for values in found if values]",
        f"now = at(answer.json(), {there})",
        f"assert not made or not now or made[-1] == now, {message}",
    )
    return Asserted(lines=lines, needs_at=True)


def apart(claim: Claim, message: str, alike: tuple[int, ...]) -> Asserted:
    """Nothing of what was made is there."""
    made = f"[at(answers[index].json(), {tokens(claim.value)}) for index in {literal(list(alike))}]"
    lines = (
        f"made = [value for values in {made} for value in values]",
        f"assert not any(value in made for value in at(answer.json(), {tokens(claim.pointer)})), {message}",
    )
    return Asserted(lines=lines, needs_at=True)


def header_fresh(claim: Claim, message: str, alike: tuple[int, ...]) -> Asserted:
    """No other thing was said to be there."""
    name = literal(claim.pointer)
    known = f"[answers[index].headers.get({name}) for index in {literal(list(alike))}]"
    return one(f"answer.headers.get({name}) is None or answer.headers.get({name}) not in {known}", message)
