"""Hypothesis in harness: cases of a strategy shown one after the other, the same ones for the same seed."""

from collections.abc import Callable
from typing import Any, TypeVar

Case = TypeVar("Case")

Made = TypeVar("Made")


def given(function: Callable[..., Made], *first: object) -> Callable[..., Made]:
    """`function` with its `first` arguments, under its own name.

    Hypothesis writes a `partial` out, and a whole schema with it, each time that a filter refuses what was drawn.
    """

    def named(*rest: object) -> Made:
        return function(*first, *rest)

    named.__name__ = function.__name__
    return named


class HitError(Exception):
    """Raised inside Hypothesis on a case that shows what is searched, or when nothing has been drawn for long."""


_VAIN = 50
"""Runs without any case after which there is none: Hypothesis would take twenty times as many."""


def drive(strategy: Any, visit: Callable[[Any], bool], *, examples: int, seed: int) -> str:
    """Show `visit` up to `examples` cases of `strategy`, the same for the same `seed`; it ends where `visit` says True.

    The plainest comes first; of the others one run of Hypothesis draws as many as fit: with a run for each it would
    spend half of the time on the runs, and show variants of the last case. Returns why there were none, or `""`. What
    `visit` raises beyond Exception ends the drive and passes through.
    """
    import hypothesis
    from hypothesis import HealthCheck, Phase, Verbosity, errors
    from hypothesis import strategies as st

    left, size, runs = examples, 1, 0

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=2,
        phases=(Phase.generate,),
        database=None,
        deadline=None,
        derandomize=False,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @hypothesis.given(st.data())
    def some(data: st.DataObject) -> None:
        nonlocal left, size, runs
        runs += 1
        if runs > _VAIN and left == examples:
            raise HitError
        fitting, size = min(size, left), examples
        for _ in range(fitting):
            case = data.draw(strategy)
            left -= 1
            if visit(case):
                raise HitError

    try:
        some()
    except (HitError, errors.Flaky, errors.FlakyStrategyDefinition, errors.Unsatisfiable):
        pass
    except errors.HypothesisException as problem:
        return f"Hypothesis gave up: {problem}"
    return "no case could be drawn from the schema" if left == examples else ""
