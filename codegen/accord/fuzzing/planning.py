"""What a search sends before chance has its turn: the plan of each operation, and how much of it was sent."""

import json
from collections.abc import Iterable, Mapping

from accord.contract import Contract, Operation
from accord.document import Json
from accord.fuzzing.asking import Limits, Search, Stop, values_of
from accord.schemas import kinds
from accord.strategies import plan
from accord.strategies.alike import Step
from accord.strategies.dealing import Turn
from accord.strategies.plan import Plan

COMBINATIONS = {1: "partitions", 2: "pairs", 3: "triples"}


_made: dict[tuple[object, ...], tuple[Contract, Plan]] = {}

MOST_PLANS = 4096
"""So many plans are kept, since the same contract is often searched several times."""

LAST = frozenset({"DELETE"})
"""Methods whose operations wait for all others, but for sequences: what they take away is asked for by those."""

KIN = 0.5
"""Operations whose requests share so much of their names are kin: what one of them does wrong, the others may too."""


def made_for(state: Search, operation: Operation) -> Plan:
    """The plan of `operation` with what `state` knows; Stop where the time is up, which large plans take much of."""
    if state.transport.spent:
        raise Stop(state.transport.spent, everything=True)
    return planned(state.contract, operation, state.limits, values_of(state, operation))


def planned(contract: Contract, operation: Operation, limits: Limits, values: Mapping[str, Json]) -> Plan:
    """The plan of `operation`, whose path has the methods that `contract` declares for it; made once."""
    told = [list(item.examples) for item in operation.parameters]
    key = (
        *(id(contract), operation.name, limits.strength, limits.plan_requests),
        *(json.dumps([values, told]), operation.security),
    )
    known = _made.get(key)
    if known is not None and known[0] is contract and known[1].operation == operation:
        return known[1]
    declared = [other.method for other in contract.operations if other.path == operation.path]
    paths = [other.path for other in contract.operations]
    groups = (group for other in contract.operations for group in other.security)
    made = plan.plan(
        operation,
        values=values,
        strength=limits.strength,
        declared=declared,
        paths=paths,
        schemes=dict.fromkeys(scheme for group in groups for scheme in group),
        most=limits.plan_requests or None,
        turns=_turns(contract, operation.name),
    )
    if len(_made) >= MOST_PLANS:
        _made.clear()
    _made[key] = (contract, made)
    return made


def _turns(contract: Contract, name: str) -> Mapping[str, Turn]:
    """By kind of request, which of how many operations of `contract` the one called `name` is that are kin in it."""
    here = next((item for item in contract.operations if item.name == name), None)
    if here is None or here.method in LAST:
        return {}
    every = [item for item in contract.operations if item.method not in LAST]
    alike = [item for item in every if (item.body is None) == (here.body is None)]
    close = [item for item in alike if _share(_names(here), _names(item)) >= KIN]
    kin = {
        **dict.fromkeys(("method", "path"), every),
        "keys": [item for item in every if item.security == here.security],
        **dict.fromkeys(("framing", "media-type", "spelling"), alike),
        **dict.fromkeys(("pairs", "hostile", "nowhere", "ids", "parameters", "body"), close),
    }
    return {kind: ([item.name for item in found].index(name), len(found)) for kind, found in kin.items()}


def _names(operation: Operation) -> frozenset[str]:
    """What a request of `operation` names: its parameters, and the properties at the top of its body."""
    medium = next(iter(operation.body.content), None) if operation.body is not None else None
    schema = (medium.schema if medium is not None else None) or {}
    known = kinds.properties(schema, schema.get("$defs", {}))
    return frozenset((*known, *(item.name for item in operation.parameters)))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of all names both have; all of it where there are none."""
    return len(one & other) / len(one | other) if one | other else 1.0


def shares(made: Plan, sent: Iterable[Step]) -> Mapping[str, tuple[int, int]]:
    """How many partitions, and combinations of them, were sent, of all that there are."""
    reached = plan.coverage(made, sent)
    return {
        "partitions": (reached.partitions, reached.all_partitions),
        COMBINATIONS[made.strength]: (reached.combinations, reached.all_combinations),
    }


def missing(made: Plan, limits: Limits) -> str:
    """What of the plan `limits` leave out, in words; nothing where that is nothing."""
    said = []
    if made.factors and made.strength < limits.strength:
        said.append(f"its {COMBINATIONS[limits.strength]} of partitions are too many to plan")
    if made.cut:
        more = sum(made.cut.values())
        said.append(f"{more} more requests of its plan are beyond {limits.plan_requests} ({_listed(made.cut)})")
    return "; ".join(said)


def _listed(stages: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in stages.items())


def outlined(contract: Contract, operations: Iterable[Operation], limits: Limits) -> Mapping[str, Json]:
    """What the plan of each operation has: requests of each kind, what they cover, what is cut, partitions by place."""
    found = []
    for operation in operations:
        made = planned(contract, operation, limits, dict(limits.values))
        places = [
            {"part": item.part, "pointer": item.pointer, "partitions": list(item.partitions)} for item in made.factors
        ]
        found.append(
            {
                "operation": operation.name,
                "requests": len(made.steps),
                "stages": dict(made.stages),
                "covered": {name: list(share) for name, share in shares(made, made.steps).items()},
                "cut": dict(made.cut),
                "left_out": missing(made, limits),
                "places": places,
            }
        )
    return {
        "operations": found,
        "requests": sum(item["requests"] for item in found),
        "random": limits.examples // 2 * 2 * len(found),
    }


def outline(told: Mapping[str, Json]) -> tuple[str, ...]:
    """What `outlined` says, in lines."""
    lines: list[str] = []
    for item in told["operations"]:
        shown = {
            name: f"{seen} of {every}" if item["cut"] else every for name, (seen, every) in item["covered"].items()
        }
        covered = ", ".join(f"{share} {name}" for name, share in shown.items())
        lines.append(f"{item['operation']}: {item['requests']} requests ({_listed(item['stages'])}), {covered}")
        lines += [f"  {each['part']} {each['pointer']}: {', '.join(each['partitions'])}" for each in item["places"]]
        lines += [f"  not planned: {item['left_out']}"] if item["cut"] else []
    count = len(told["operations"])
    last = f"{told['requests']} requests planned for {count} operations, then sequences"
    return (*lines, f"{last}, and up to {told['random']} at random")
