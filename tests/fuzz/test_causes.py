"""One finding per cause, and what weighs less where a contract says less than any service."""

from dataclasses import replace

import pytest

from accord.contract import Operation, Response
from accord.findings import Finding, RequestWitness, Severity, Witness
from accord.weighing.causes import FLAKY, Facts, gathered

NAMES = ("GET /a", "GET /b", "GET /c", "GET /d")
LAX = tuple(Operation(method="GET", path=name[4:], responses=(Response(status="200"),)) for name in NAMES)
STRICT = tuple(replace(item, responses=(*item.responses, Response(status="400"))) for item in LAX)


def finding(code: str, operation: str = "GET /a", status: str = "400", pointer: str = "", **more: object) -> Finding:
    severity = Severity.NOTE if code == "status-code" else Severity.ERROR
    return Finding(
        code=code, severity=severity, message="m", operation=operation, status=status, pointer=pointer, **more
    )


def told(findings: list[Finding], operations: tuple[Operation, ...] = LAX, **facts: object) -> list[tuple]:
    given = {"refused": {}, "valid": dict.fromkeys(NAMES, 10), **facts}
    found = gathered(findings, Facts(operations=operations, **given))
    return [(item.code, str(item.severity), item.operation, item.pointer, item.count, item.message) for item in found]


def test_a_status_that_no_operation_documents_is_told_once():
    several = [finding("status-code", name, "401") for name in NAMES]
    assert told([*several, finding("status-code", NAMES[0], "405")]) == [
        ("status-code", "note", "", "", 4, "The answers of 4 operations have status 401, which none of them documents"),
        ("status-code", "note", "GET /a", "", 1, "m"),
    ]


def test_a_strict_run_makes_an_error_of_every_undocumented_status():
    assert told([finding("status-code")], strict=True) == [("status-code", "error", "GET /a", "", 1, "m")]


def test_a_contract_that_says_less_than_the_service_wants_is_told_so_once():
    refused = [finding("valid-refused", name) for name in NAMES[:3]]
    assert told(refused) == [
        (
            "valid-refused",
            "note",
            "",
            "",
            3,
            "Conforming requests of 3 operations were refused with a status that none of them documents: the contract says less than the service wants",
        )
    ]
    errors = [("valid-refused", "error", name, "", 1, "m") for name in NAMES[:3]]
    assert told(refused, STRICT) == errors
    assert told(refused, strict=True) == errors
    assert told(refused[:2]) == [(code, "warning", *rest) for code, _, *rest in errors[:2]]


def test_a_value_that_the_document_names_weighs_in_full_wherever_it_is_refused():
    refused = [finding("valid-refused", name, pointer="/body/a") for name in NAMES]
    assert [item[:3] for item in told(refused)] == [("valid-refused", "note", "")]
    stated = frozenset({refused[0].identity})
    found = [item[:3] for item in told(refused, stated=stated)]
    assert found == [("valid-refused", "error", NAMES[0]), ("valid-refused", "note", "")]


def test_what_every_request_that_was_taken_has_is_wanted_though_no_contract_says_so():
    ((_, weighs, *_, message),) = told([finding("valid-refused")], wanted={"GET /a": ("name",)})
    assert weighs == "note"
    assert message.endswith("the contract says less than the service wants; every one that was taken has `name`")
    located = finding("valid-refused", pointer="/body/b")
    ((_, weighs, *_),) = told([located], wanted={"GET /a": ("name",)}, located=frozenset({located.identity}))
    assert weighs == "warning"


def test_a_refusal_of_what_was_learned_not_to_be_taken_is_a_note():
    refused = finding("valid-refused", pointer="/body/b")
    known = frozenset({refused.identity})
    ((_, weighs, *_),) = told([refused], located=known, beyond=known)
    assert weighs == "note"


@pytest.mark.parametrize(
    ("method", "body", "weighs"),
    [
        ("PATCH", "e30=", "note"),
        ("PATCH", "", "note"),
        ("PUT", "e30=", "warning"),
        ("PATCH", "eyJhIjoxfQ==", "warning"),
    ],
)
def test_the_refusal_of_a_change_that_names_none_is_a_note(method, body, weighs):
    witness = Witness(request=RequestWitness(method=method, path="/a", body_base64=body))
    ((_, told_as, *_),) = told([finding("valid-refused", witness=witness)])
    assert told_as == weighs


@pytest.mark.parametrize(("count", "severity"), [(6, "warning"), (7, "note")])
def test_an_operation_that_refuses_most_of_what_conforms_wants_more_than_the_contract_says(count, severity):
    refused = finding("valid-refused", count=count)
    ((_, weighs, operation, *_),) = told([refused])
    assert (weighs, operation) == (severity, "GET /a")
    ((_, weighs, *_),) = told([refused], located=frozenset({refused.identity}))
    assert weighs == "warning"


def test_an_operation_that_refuses_for_several_causes_is_told_once():
    causes = [finding("valid-refused", pointer=f"/body/{name}") for name in "abcd"]
    found = told(causes, valid={"GET /a": 100})
    assert [item[:5] for item in found] == [("valid-refused", "note", "GET /a", "", 4)]
    assert len(told(causes[:3], valid={"GET /a": 100})) == 3


def test_a_part_in_which_nothing_is_refused_is_one_finding():
    accepted = [finding("invalid-accepted", pointer=f"/body/{name}/type") for name in "abcd"]
    other = finding("invalid-accepted", pointer="/query/q/maximum")
    assert told([*accepted, other]) == [
        (
            "invalid-accepted",
            "error",
            "GET /a",
            "/body",
            4,
            "Nothing that breaks the contract in the body of the request is refused; 4 kinds of fault were accepted, the first: m",
        ),
        ("invalid-accepted", "error", "GET /a", "/query/q/maximum", 1, "m"),
    ]
    assert len(told(accepted, refused={("GET /a", "body"): 1})) == 4
    assert len(told(accepted[:3])) == 3


def test_an_operation_that_looks_at_no_key_is_one_finding():
    faults = ("missing", "wrong", "other-case", "prefixed")
    taken = [finding("authentication", status="200", pointer=f"/security/security-{fault}") for fault in faults]
    refused = finding("authentication", status="401", pointer="/security")
    others = finding("authentication", NAMES[1], "200", "/security/security-prefixed")
    assert told([*taken, refused, others]) == [
        (
            "authentication",
            "error",
            "GET /a",
            "/security/security-missing",
            4,
            "Keys are not looked at; 4 kinds of wrong key were accepted, the first: m",
        ),
        ("authentication", "error", "GET /a", "/security", 1, "m"),
        ("authentication", "error", "GET /b", "/security/security-prefixed", 1, "m"),
    ]
    assert len(told(taken[2:])) == 2


def test_properties_that_one_operation_loses_alike_are_one_finding():
    lost = [finding("echo", status="200", pointer=f"/{name}") for name in "abcd"]
    assert told([*lost, finding("echo", NAMES[1], "200", "/a")]) == [
        (
            "echo",
            "error",
            "GET /a",
            "",
            4,
            "4 properties are not what was sent (`/a`, `/b`, `/c` and 1 more), the first: m",
        ),
        ("echo", "error", "GET /b", "/a", 1, "m"),
    ]
    assert len(told(lost[:3])) == 3


def test_an_answer_that_was_slow_once_is_not_told():
    slow = finding("response-time")
    before = Witness(request=RequestWitness(method="GET", path="/a"), before=(RequestWitness(method="GET", path="/b"),))
    assert told([replace(slow, notes=(FLAKY,)), replace(slow, witness=before)]) == []
    assert len(told([slow])) == 1
