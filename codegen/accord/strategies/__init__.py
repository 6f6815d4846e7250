"""JSON Schema → Hypothesis strategies, on Hypothesis's public API alone.

`from_schema` draws valid values, `invalid` values with exactly one fault; `valid_cases` and `invalid_cases` draw
whole requests, and `plan.plan` says which to send before anything is drawn. The other names are the building blocks
that generated strategies are written in.
"""

from accord.strategies.building import from_schema, held
from accord.strategies.cases import invalid_cases, valid_cases
from accord.strategies.containers import anything, arrays, objects
from accord.strategies.invalid import Invalid, invalid
from accord.strategies.scalars import integers, numbers, text

__all__ = [
    "Invalid",
    "anything",
    "arrays",
    "from_schema",
    "held",
    "integers",
    "invalid",
    "invalid_cases",
    "numbers",
    "objects",
    "text",
    "valid_cases",
]
