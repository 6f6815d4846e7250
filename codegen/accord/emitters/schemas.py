"""schemas.json: every schema of the contract as JSON Schema 2020-12, for whoever draws or judges values by it.

`definitions` by name; `bodies` by method of the client: the schema of the request body, its `$ref`s into `definitions`.
"""

import json

from accord.contract import Contract
from accord.emitters import Emitted, Emitter
from accord.generating import calls
from accord.generating.modelling import own


def _emit(contract: Contract, _package: str) -> Emitted:
    names = calls.methods(contract)
    bodies = {
        names[operation.name]: own(body.schema)
        for operation in contract.operations
        if (body := calls.body(operation)) is not None
    }
    written = {"bodies": bodies, "definitions": dict(contract.definitions)}
    return Emitted(
        text=json.dumps(written, sort_keys=True, indent=1, ensure_ascii=True, default=dict) + "\n",
        count=len(contract.definitions),
    )


EMITTER = Emitter(file="schemas.json", version=1, emit=_emit)
