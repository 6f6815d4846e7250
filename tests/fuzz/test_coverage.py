"""What counts as touched of a contract."""

import json

from accord.contract import Body, MediaType, Operation, Response
from accord.exchange import Case, Exchange, Request
from accord.exchange import Response as Answer
from accord.profiling import coverage
from accord.profiling.coverage import Coverage

JSON = (("Content-Type", "application/json"),)
PAGE = {
    "$ref": "#/$defs/Page",
    "$defs": {"Page": {"type": "array", "items": {"properties": {"a": {}, "b": {}, "c": False}}}},
}
ASKED = {"allOf": [{"properties": {"x": {}}}, {"properties": {"y/z": {}}}]}
OPERATION = Operation(
    method="POST",
    path="/n",
    body=Body(content=(MediaType(name="application/json", schema=ASKED), MediaType(name="text/plain"))),
    responses=(
        Response(status="200", content=(MediaType(name="application/json", schema=PAGE),)),
        Response(status="400", content=(MediaType(name="application/json", schema={"properties": {"detail": {}}}),)),
    ),
)


def exchange(sent: object, status: int, got: object, *, valid: bool = True) -> Exchange:
    request = Request(method="POST", url="/n", headers=JSON, body=json.dumps(sent).encode())
    case = Case(operation="POST /n", request=request, valid=valid)
    return Exchange(
        request=request, response=Answer(status=status, headers=JSON, body=json.dumps(got).encode()), case=case
    )


def test_properties_count_once_where_conforming_requests_sent_and_successes_answered_them():
    seen = Coverage()
    coverage.expect(seen, OPERATION)
    assert coverage.counts(seen) == {"request properties": "0/2", "response properties": "0/2", "statuses": ""}
    coverage.add(seen, OPERATION, exchange({"x": 1}, 200, [{"a": 1}, {"a": 2, "odd": 3}]))
    coverage.add(seen, OPERATION, exchange({"x": 1}, 400, {"detail": ""}))
    coverage.add(seen, OPERATION, exchange({"y/z": 1}, 400, {"detail": ""}, valid=False))
    coverage.add(seen, OPERATION, Exchange(request=Request(method="POST", url="/n"), response=None, failure="reset"))
    assert coverage.counts(seen) == {
        "request properties": "1/2",
        "response properties": "1/2",
        "statuses": "200 (1), 400 (2)",
    }
    coverage.add(seen, OPERATION, exchange({"y/z": 1}, 200, [{"b": 1}]))
    assert coverage.counts(seen) == {
        "request properties": "2/2",
        "response properties": "2/2",
        "statuses": "200 (2), 400 (2)",
    }
