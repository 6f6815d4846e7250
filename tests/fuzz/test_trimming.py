"""What a sequence brought forth is shown by as few and as small requests as do, and can be run."""

import base64
import json
from pathlib import Path

import pytest

from accord.fuzzing import walking
from accord.fuzzing.asking import Stop
from accord.fuzzing.shrinking import NOT_MINIMISED
from accord.fuzzing.stepping import Sequence
from accord.loading import load
from accord.verbs.fuzz import FuzzOptions, fuzz
from accord.weighing.causes import FLAKY

MEMORY = {"action-kept", "defaults", "echo", "partial-change", "read-back", "repeatability", "replacement"}


@pytest.fixture(scope="module")
def things():
    return load(str(Path(__file__).parent / "things.yaml"))


class Shelf:
    """The service of things.yaml, with one fault."""

    def __init__(self, fault=""):
        self.fault, self.things, self.made, self.seen = fault, {}, 0, []

    def __call__(self, method, path, kind, body):
        self.seen.append((method, path, body))
        name = path.removeprefix("/things/").removesuffix("/")
        if not path.partition("?")[0].endswith("/"):
            return 404, None
        if method not in ({"GET", "PUT", "DELETE"} if name else {"POST"}):
            return 405, None
        thing = self.read(body) if method in {"POST", "PUT"} else {}
        if thing is None or ("json" not in kind and method in {"POST", "PUT"}):
            return 400, None
        if not name:
            self.made += 1
            name = str(self.made)
        elif name not in self.things:
            return 404, None
        return self.done(method, name, thing)

    def read(self, body):
        try:
            thing = json.loads(body.decode(), parse_constant=lambda _name: 1 / 0)
        except (ValueError, ArithmeticError):
            return None
        known = isinstance(thing, dict) and isinstance(thing.get("name"), str) and len(thing["name"]) < 21
        size = thing.get("size", 0) if known else None
        whole = isinstance(size, int | float) and not isinstance(size, bool) and size == int(size)
        return thing if known and whole and thing.keys() <= {"name", "size"} else None

    def done(self, method, name, thing):
        before = self.things.get(name, {})
        if method == "DELETE":
            del self.things[name]
            return 204, None
        if method == "GET":
            return 200, before
        after = {**(before if self.fault == "merges" else {}), **thing, "id": int(name)}
        self.things[name] = after
        if self.fault == "loses" and method == "PUT" and "size" in thing:
            self.things[name] = {**after, "size": before.get("size", 0)}
        last = [seen[0] for seen in self.seen[-4:] if seen[1] == self.seen[-1][1]]
        if self.fault == "tires" and last == ["GET", "PUT", "GET", "PUT"]:
            self.fault, self.things[name] = "", before
        return 201 if method == "POST" else 200, after


def run(source, url, patch):
    """How the program ends: `""`, or the message with which it fails."""
    patch.setenv("ACCORD_URL", url)
    space = {"__name__": "program"}
    try:
        exec(compile(source, "program", "exec"), space)  # noqa: S102  it is what users run
        for name in [name for name in space if name.startswith("test_")]:
            space[name]()
    except AssertionError as problem:
        return str(problem)
    return ""


def found(things, url):
    report = fuzz(things, FuzzOptions(url=url, examples=0, plan_requests=20))
    return [item for item in report.findings if item.code in MEMORY]


def steps(finding):
    asked = (*finding.witness.before, finding.witness.request)
    return [(item.method, base64.b64decode(item.body_base64)) for item in asked]


@pytest.mark.parametrize(
    ("fault", "code", "shown"),
    [
        ("merges", "replacement", [("POST", {"name"}), ("PUT", {"name", "size"}), ("PUT", {"name"})]),
        ("loses", "read-back", [("POST", {"name"}), ("PUT", {"name", "size"}), ("GET", set())]),
    ],
)
def test_steps_and_properties_that_are_not_needed_are_left_out_and_the_programs_run(
    things, told, monkeypatch, fault, code, shown
):
    shelf = Shelf(fault)
    (finding,) = [item for item in found(things, told(shelf)) if item.code == code]
    assert [(method, set(json.loads(body)) if body else set()) for method, body in steps(finding)] == shown
    assert FLAKY not in finding.notes
    for kind in (finding.reproduce.python, finding.reproduce.pytest):
        assert run(kind, told(Shelf(fault)), monkeypatch) == f"{finding.message}; promised: {finding.promise}"
        assert run(kind, told(Shelf()), monkeypatch) == ""


def test_a_finding_of_a_sequence_costs_no_more_requests_than_any_other(things, told):
    honest, faulty = Shelf(), Shelf("merges")
    assert found(things, told(honest)) == []
    seen = found(things, told(faulty))
    assert len(faulty.seen) - len(honest.seen) <= 30 * len(seen)


def test_what_a_sequence_that_ended_early_brought_forth_is_made_small_after_the_next(things, told, monkeypatch):
    watch, ended = walking.watch, []

    def impatient(state, operation, exchange):
        watch(state, operation, exchange)
        if not ended and any(item.earlier and item.finding.code == "replacement" for item in state.sightings.seen):
            ended.append(exchange.case.sequence)
            raise Stop("is enough")

    def another(operations, known, cases):
        found = [item for item in lives(operations, known, cases) if "two lives" not in item.name]
        return [*found, Sequence(name="POST alone", steps=found[0].steps[:1])]

    lives = walking.sequences.lives
    monkeypatch.setattr(walking, "watch", impatient)
    monkeypatch.setattr(walking.sequences, "lives", another)
    (finding,) = found(things, told(Shelf("merges")))
    assert ended == ["/things/{thing_id}/ sparse life"]
    assert [method for method, _ in steps(finding)] == ["POST", "PUT", "PUT"]


def test_what_does_not_show_again_is_told_to_be_flaky(things, told):
    (finding,) = found(things, told(Shelf("tires")))
    assert (finding.code, [note for note in finding.notes if note in {FLAKY, NOT_MINIMISED}]) == ("read-back", [FLAKY])
