"""Draw and shrink with one engine, for `test_strategies_speed`: run by accord's interpreter, or by a peer's.

`python shrinking_race.py accord|schemathesis SCHEMA.json SEEDS` prints, by condition, the calls that each seed took to
shrink and the JSON text that it ended with.
"""

import json
import sys
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

CONDITIONS = {
    "a digit in feedback": lambda value: any(char.isdigit() for char in _text(value, "feedback")),
    "not a success, reviewed": lambda value: value.get("success") is False and value.get("is_reviewed") is True,
    "a status and an empty message": lambda value: "evaluation_status" in value and value.get("error_message") == "",
    "instructions of three characters": lambda value: len(_text(value, "scenario_instructions")) >= 3,
    "two different texts": lambda value: bool(
        _text(value, "feedback") and _text(value, "error_message") not in {"", _text(value, "feedback")}
    ),
}
"""What of a request of the first contract may show a fault."""


class _ShownError(Exception):
    pass


def _text(value: dict, name: str) -> str:
    found = value.get(name, "")
    return found if isinstance(found, str) else ""


def strategy(engine: str, schema: dict):
    """The engine's strategy for valid values of `schema`."""
    if engine == "accord":
        from accord.strategies import from_schema

        return from_schema(schema)
    import jsonschema_rs
    from schemathesis.generation.jsonschema.builder import build

    return build(schema, draft=jsonschema_rs.Draft202012, formats={})


def shrunk(drawn, condition, seed: int) -> tuple[int, str]:
    """How many calls it took to shrink from the first value that shows `condition`, and the last one."""
    calls, shown = 0, ""

    @seeded(seed)
    @settings(
        max_examples=2000,
        phases=(Phase.generate, Phase.shrink),
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(drawn)
    def one(value):
        nonlocal calls, shown
        calls += bool(shown)
        if condition(value):
            shown = json.dumps(value, sort_keys=True)
            raise _ShownError

    try:
        one()
    except _ShownError:
        return calls, shown
    return calls, ""


def main() -> None:
    """Run every condition with every seed."""
    engine, path, seeds = sys.argv[1:]
    drawn = strategy(engine, json.loads(Path(path).read_text()))
    found = {
        name: [shrunk(drawn, condition, seed) for seed in range(int(seeds))] for name, condition in CONDITIONS.items()
    }
    print(json.dumps(found))  # noqa: T201  the answer of a program


if __name__ == "__main__":
    main()
