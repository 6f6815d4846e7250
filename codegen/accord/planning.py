"""What a search sends before chance has its turn: the plan of each operation, and how much of it was sent."""

import json
from collections.abc import Iterable, Mapping

from accord.asking import Limits
from accord.contract import Contract, Operation
from accord.document import Json
from accord.strategies import plan
from accord.strategies.alike import Step
from accord.strategies.plan import Plan

COMBINATIONS = {2: "pairs", 3: "triples"}


_made: dict[tuple[object, ...], tuple[Contract, Plan]] = {}

MOST_PLANS = 4096
"""So many plans are kept, since the same contract is often searched several times."""


def planned(contract: Contract, operation: Operation, limits: Limits, values: Mapping[str, Json]) -> Plan:
    """The plan of `operation`, whose path has the methods that `contract` declares for it; made once."""
    key = (id(contract), operation.name, limits.strength, json.dumps(values), operation.security)
    known = _made.get(key)
    if known is not None and known[0] is contract:
        return known[1]
    declared = [other.method for other in contract.operations if other.path == operation.path]
    paths = [other.path for other in contract.operations]
    made = plan.plan(operation, values=values, strength=limits.strength, declared=declared, paths=paths)
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
    """What the plan of each operation has: how many requests of each kind, what they cover, the partitions by place."""
    lines: list[str] = []
    requests = count = 0
    for operation in operations:
        made = planned(contract, operation, limits, dict(limits.values))
        count, requests = count + 1, requests + len(made.steps)
        stages = ", ".join(f"{name} {number}" for name, number in made.stages.items())
        covered = ", ".join(f"{every} {name}" for name, (_, every) in shares(made, ()).items())
        lines.append(f"{operation.name}: {len(made.steps)} requests ({stages}), {covered}")
        lines += [f"  {item.part} {item.pointer}: {', '.join(item.partitions)}" for item in made.factors]
    drawn = limits.examples // 2 * 2 * count
    last = f"{requests} requests planned for {count} operations, then sequences, and up to {drawn} at random"
    return (*lines, last)
