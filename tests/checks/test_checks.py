"""Every check is silent on every conforming exchange, and on every breaking one only the check meant for it speaks."""

import json
from pathlib import Path

import pytest

from accord import checks
from accord.contract import Contract
from accord.exchange import Case, Exchange, Request, Response
from accord.findings import Finding
from accord.loading import load

HERE = Path(__file__).parent
PAIRS = sorted(path.parent.name for path in HERE.glob("*/breaking.json"))


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load(str(HERE / "contract.yaml"))


def pairs(headers: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers)


def exchange(name: str, which: str, *, with_case: bool = True) -> Exchange:
    return made(json.loads((HERE / name / f"{which}.json").read_text()), with_case=with_case)


def earlier(name: str, which: str) -> tuple[Exchange, ...]:
    return tuple(map(made, json.loads((HERE / name / f"{which}.json").read_text()).get("earlier", ())))


def made(data: dict, *, with_case: bool = True) -> Exchange:
    asked, answered = data["request"], data["response"]
    body = asked["body"].encode()
    request = Request(**{**asked, "headers": pairs(asked["headers"]), "body": body, "secrets": tuple(asked["secrets"])})
    response = None
    if answered is not None:
        response = Response(**{**answered, "headers": pairs(answered["headers"]), "body": answered["body"].encode()})
    case = Case(**{"operation": "POST /notes", "request": request, **data["case"]}) if with_case else None
    told = {name: data[name] for name in ("failure", "usual") if name in data}
    return Exchange(request=request, response=response, case=case, **told)


def judge(contract: Contract, given: Exchange, before: tuple[Exchange, ...] = ()) -> checks.Judgement:
    name = given.case.operation if given.case is not None else "POST /notes"
    return checks.run(contract, next(item for item in contract.operations if item.name == name), given, before)


def essentials(finding: Finding) -> dict[str, str]:
    names = ("code", "severity", "message", "promise", "pointer", "direction", "status", "media_type")
    return {name: str(getattr(finding, name)) for name in names}


def test_every_check_has_its_pair():
    assert [name.replace("-", "_") for name in checks.declared()] == PAIRS


def test_every_check_says_in_its_docstring_what_is_promised_who_breaks_it_and_an_example():
    for name, declared in checks.declared().items():
        paragraphs = declared.doc.split("\n\n")
        assert len(paragraphs) == 3, name
        assert paragraphs[1].startswith("Broken by "), name
        assert paragraphs[2].startswith("Example: "), name


@pytest.mark.parametrize("name", PAIRS)
def test_a_conforming_exchange_breaks_nothing(contract, name):
    assert judge(contract, exchange(name, "conforming"), earlier(name, "conforming")).findings == ()


@pytest.mark.parametrize("name", PAIRS)
def test_a_breaking_exchange_is_found_by_the_check_meant_for_it_alone(contract, name):
    found = judge(contract, exchange(name, "breaking"), earlier(name, "breaking")).findings
    assert [essentials(finding) for finding in found] == [json.loads((HERE / name / "finding.json").read_text())]


@pytest.mark.parametrize("name", PAIRS)
def test_a_check_that_needs_to_know_what_was_meant_says_so(contract, name):
    given = exchange(name, "breaking", with_case=False)
    judgement = judge(contract, given)
    needing = {code for code, declared in checks.declared().items() if declared.value.needs_case}
    assert needing == {"authentication", "invalid-accepted", "valid-refused"}
    assert {finding.code for finding in judgement.findings}.isdisjoint(needing)
    assert {entry.what for entry in judgement.unchecked} == (needing if given.response is not None else set())


def test_a_finding_names_the_line_of_the_contract_that_promises(contract):
    findings = judge(contract, exchange("response_body", "breaking")).findings
    (finding,) = checks.with_lines(contract, findings)
    assert finding.location is not None
    assert (finding.location.pointer, finding.location.line) == ("/components/schemas/Note/properties/id/type", 99)
