"""One report that holds something of everything."""

import pytest

from accord.findings import (
    Finding,
    Ledger,
    Location,
    Report,
    Reproduce,
    RequestWitness,
    Severity,
    Unchecked,
    Witness,
)


@pytest.fixture
def report() -> Report:
    first = Finding(
        code="resembles-nothing",
        severity=Severity.ERROR,
        message='The answer resembles nothing promised: it is {"progress_id": "\x1b[31m8e1f"}',
        promise="an object with properties such as `id`, `status`",
        operation="POST /runs/",
        direction="response",
        status="200",
        media_type="application/json",
        location=Location(uri="schema/runs.yaml", pointer="/paths/~1runs~1/post", line=12),
        witness=Witness(
            request=RequestWitness(
                method="POST", path="/runs/", headers=(("X-API-KEY", "$API_KEY"),), body_base64="e30="
            )
        ),
        reproduce=Reproduce(curl='curl --request POST http://127.0.0.1:8080/runs/ --header "X-API-KEY: $API_KEY"'),
        count=14,
        notes=("answer: 200 OK application/json {}", "not seen again when the same request was sent once more"),
    )
    second = Finding(
        code="undocumented-property",
        severity=Severity.WARNING,
        message="The answer has `/\u202ecost`, which is not documented",
        operation="POST /runs/",
        direction="response",
        status="200",
        media_type="application/json",
        pointer="/\u202ecost",
    )
    return Report(
        verb="fuzz",
        findings=(first, second),
        ledger=Ledger(
            checked={"response-body": 90},
            unchecked=(
                Unchecked(what="headers", reason="none is documented", count=3),
                Unchecked(what="DELETE /runs/", reason="is not allowed"),
            ),
        ),
        counts={"operations": "1/2", "cases": 100},
    )
