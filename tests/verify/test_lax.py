"""Under a contract that says too little a recorded refusal weighs as in `fuzz`: what every accepted body has is wanted."""

import json
import random

import pytest

from accord import loading
from accord.document import Document
from accord.exchange import Case, Exchange, Request, Response
from accord.findings import Severity
from accord.verifying import verdicts

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "notes", "version": "1"},
    "paths": {
        "/notes": {
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                "responses": {"201": {"description": "made"}},
            }
        }
    },
}


@pytest.fixture
def contract():
    return loading.load(Document(uri="notes.json", data=DOCUMENT, text=json.dumps(DOCUMENT)))


WANTED = (
    "Many conforming requests were refused with status 422, which is not documented: the contract says less than "
    "the service wants; every one that was taken has `name`"
)


def _sent(body, status, number):
    headers = (("Content-Type", "application/json"),)
    request = Request(method="POST", url="/notes", headers=headers, body=json.dumps(body).encode())
    case = Case(operation="POST /notes", request=request, valid=True)
    return Exchange(request=request, response=Response(status=status), case=case, source=f"notes.ndjson:{number}")


def _told(contract, found):
    (finding,) = verdicts.reported(contract, found, 1).findings
    return finding.code, finding.severity, finding.message, finding.count


ITEMS = [
    *(_sent({"name": "a", "size": 1} if number % 2 else {"name": "a", "kind": 1}, 201, number) for number in range(6)),
    _sent({"size": 1}, 422, 7),
    _sent({}, 422, 8),
]


def test_what_every_body_that_was_taken_has_is_wanted_though_no_contract_says_so(contract):
    assert _told(contract, verdicts.of_exchanges(contract, ITEMS)) == (
        "valid-refused",
        Severity.NOTE,
        WANTED,
        2,
    )


def test_a_refusal_of_a_body_that_lacks_nothing_is_a_warning(contract):
    items = [*ITEMS[:6], _sent({"name": "a", "size": 2}, 422, 7)]
    code, severity, message, count = _told(contract, verdicts.of_exchanges(contract, items))
    assert (code, severity, count) == ("valid-refused", Severity.WARNING, 1)
    assert message == "A conforming request was refused with status 422"


@pytest.mark.parametrize("seed", range(5))
def test_parts_tell_what_the_whole_does(contract, seed):
    at = random.Random(seed).randint(1, 7)
    parts = [verdicts.of_exchanges(contract, part) for part in (ITEMS[:at], ITEMS[at:])]
    assert verdicts.merged(parts) == verdicts.of_exchanges(contract, ITEMS)
