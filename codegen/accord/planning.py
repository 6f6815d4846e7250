"""What a search sends before chance has its turn: the plan of each operation, and how much of it was sent."""

from collections.abc import Iterable, Mapping

from accord.asking import Limits
from accord.contract import Contract, Operation
from accord.strategies import plan
from accord.strategies.plan import Plan, Step

COMBINATIONS = {2: "pairs", 3: "triples"}


_made: dict[tuple[object, ...], tuple[Contract, Plan]] = {}

MOST_PLANS = 256
"""So many plans are kept, since the same contract is often searched several times."""


def planned(contract: Contract, operation: Operation, limits: Limits) -> Plan:
    """The plan of `operation`, whose path has the methods that `contract` declares for it; made once."""
    key = (id(contract), operation.name, limits.strength, limits.values, operation.security)
    known = _made.get(key)
    if known is not None and known[0] is contract:
        return known[1]
    declared = [other.method for other in contract.operations if other.path == operation.path]
    made = plan.plan(operation, values=dict(limits.values), strength=limits.strength, declared=declared)
    if len(_made) >= MOST_PLANS:
        _made.clear()
    _made[key] = (contract, made)
    return made


def shares(made: Plan, sent: Iterable[Step]) -> Mapping[str, tuple[int, int]]:
    """How many partitions, and combinations of them, were sent, of all that there are."""
    reached = plan.coverage(made, sent)
    return {
        "partitions": (reached.partitions, reached.all_partitions),
        COMBINATIONS[made.strength]: (reached.combinations, reached.all_combinations),
    }


def outline(contract: Contract, operations: Iterable[Operation], limits: Limits) -> tuple[str, ...]:
    """One line for each operation: how many requests its plan has of each kind, and what they cover."""
    lines: list[str] = []
    total = 0
    for operation in operations:
        made = planned(contract, operation, limits)
        total += len(made.steps)
        stages = ", ".join(f"{name} {count}" for name, count in made.stages.items())
        covered = ", ".join(f"{every} {name}" for name, (_, every) in shares(made, ()).items())
        lines.append(
            f"{operation.name}: {len(made.steps)} requests ({stages}), {covered}, then {limits.examples} at random"
        )
    return (*lines, f"{total} requests planned for {len(lines)} operations")
