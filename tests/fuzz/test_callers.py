"""Who calls: which key is taken, and what stands for it."""

import sys
from dataclasses import replace

import pytest

from accord.contract import Contract, Operation, SecurityScheme
from accord.document import Document
from accord.errors import AccordError, ConfigError
from accord.exchange import Case, Request
from accord.network import callers

KEY = SecurityScheme(name="key", type="apiKey", location="header", parameter="X-Run-Key")
TOKEN = SecurityScheme(name="login", type="http", scheme="bearer")
BASIC = SecurityScheme(name="old", type="http", scheme="basic")
OPERATION = Operation(method="GET", path="/runs", security=((KEY,), (TOKEN,)))


def contract(*operations: Operation) -> Contract:
    return Contract(document=Document(uri="c.yaml", data={}, text=""), operations=operations or (OPERATION,))


def caller(
    *headers: tuple[str, str], token: str = "", embedded: bool = False, of: Operation = OPERATION
) -> callers.Caller:
    return callers.from_options(contract(of), headers, token, embedded=embedded)


def case(part: str = "") -> Case:
    headers = (("X-Run-Key", "${RUN_KEY~~}" if part else "$RUN_KEY"), ("X-A", "1"))
    request = Request(method="GET", url="/runs", headers=headers, secrets=("RUN_KEY",))
    return Case(operation="GET /runs", request=request, valid=not part, part=part)


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch):
    for name in ("RUN_KEY", "LOGIN_TOKEN", "OLD_BASIC"):
        monkeypatch.delenv(name, raising=False)


def test_the_alternatives_with_known_keys_alone_are_taken(monkeypatch):
    monkeypatch.setenv("LOGIN_TOKEN", "x")
    assert callers.keyed(caller(), OPERATION).security == ((TOKEN,),)
    monkeypatch.setenv("RUN_KEY", "x")
    assert callers.keyed(caller(), OPERATION).security == ((KEY,), (TOKEN,))


def test_an_alternative_without_a_key_is_named_with_the_variable_that_would_hold_it(monkeypatch):
    monkeypatch.setenv("RUN_KEY", "x")
    both = replace(OPERATION, security=((KEY,), (TOKEN, BASIC), ()))
    (told,) = callers.unkeyed(both, callers.keyed(caller(of=both), both))
    assert (told.what, told.reason) == (
        "security `login` with `old`",
        "is an alternative for which no key is configured: export LOGIN_TOKEN=… OLD_BASIC=…",
    )
    monkeypatch.setenv("LOGIN_TOKEN", "x")
    monkeypatch.setenv("OLD_BASIC", "x:y")
    assert list(callers.unkeyed(both, callers.keyed(caller(of=both), both))) == []


def test_without_any_key_the_variables_are_named():
    with pytest.raises(AccordError, match=r"export RUN_KEY=… or LOGIN_TOKEN=…\.$"):
        callers.keyed(caller(), OPERATION)


def test_where_no_key_is_an_alternative_it_is_taken_for_want_of_one():
    optional = replace(OPERATION, security=((KEY,), ()))
    assert callers.keyed(caller(), optional).security == ((),)


def test_an_operation_that_wants_no_key_stays_as_it_is():
    anonymous = replace(OPERATION, security=())
    assert callers.keyed(caller(), anonymous) is anonymous


def test_a_header_of_the_caller_takes_the_place_of_the_same_name_and_a_wrong_key_is_made_of_it():
    who = caller(("x-run-key", "${OTHER}"), ("X-Trace", "7"))
    assert callers.present(who, OPERATION, case()).request == Request(
        method="GET",
        url="/runs",
        headers=(("X-A", "1"), ("x-run-key", "$OTHER"), ("X-Trace", "7")),
        secrets=("OTHER",),
    )
    assert callers.present(who, OPERATION, case("security")).request == Request(
        method="GET",
        url="/runs",
        headers=(("X-Run-Key", "${OTHER~~}"), ("X-A", "1"), ("X-Trace", "7")),
        secrets=("OTHER",),
    )


def test_an_operation_that_wants_no_key_gets_one_only_where_the_case_is_about_that():
    who = caller(("X-Run-Key", "$OTHER"), ("X-Trace", "7"))
    public = replace(OPERATION, path="/health", security=())
    request = Request(method="GET", url="/health")
    plain = Case(operation="GET /health", request=request, valid=True)
    assert callers.present(who, public, plain).request == replace(request, headers=(("X-Trace", "7"),))
    assert callers.present(who, public, replace(plain, part="security")).request == replace(
        request, headers=(("X-Run-Key", "$OTHER"), ("X-Trace", "7")), secrets=("OTHER",)
    )
    spoilt = replace(plain, part="security", request=replace(request, headers=(("X-Run-Key", "wrong"),)))
    assert dict(callers.present(who, public, spoilt).request.headers) == {"X-Run-Key": "wrong", "X-Trace": "7"}


def test_a_literal_secret_stands_as_its_name_and_is_warned_of():
    who = caller(("Authorization", "Bearer abc"), ("X-Run-Key", "def"), ("X-Trace", "7"))
    assert who.headers == (("Authorization", "Bearer $AUTHORIZATION"), ("X-Run-Key", "$RUN_KEY"), ("X-Trace", "7"))
    assert who.secrets == {"AUTHORIZATION": "abc", "RUN_KEY": "def"}
    assert who.warnings == (
        "`--header Authorization` holds a secret, which the shell remembers: export AUTHORIZATION=… and write $AUTHORIZATION",
        "`--header X-Run-Key` holds a secret, which the shell remembers: export RUN_KEY=… and write $RUN_KEY",
    )


def test_a_token_command_gives_the_token_of_schemes_that_are_no_api_key():
    who = caller(token=f"{sys.executable} -c 'print(\"t0\")'")
    assert who.secrets == {"LOGIN_TOKEN": "t0"}


@pytest.mark.parametrize("code", ["print()", "print(1); print(2)", "raise SystemExit(1)"])
def test_a_token_command_that_prints_no_token_is_an_error_of_the_run(code):
    with pytest.raises(ConfigError, match=r"^The token command "):
        caller(token=f"{sys.executable} -c '{code}'")


def test_the_embedded_service_takes_a_key_that_everybody_knows(monkeypatch):
    both = replace(OPERATION, security=((KEY,), (BASIC,)))
    who = caller(embedded=True, of=both)
    assert (who.secrets, who.public) == ({"RUN_KEY": "accord", "OLD_BASIC": "accord:accord"}, {"RUN_KEY", "OLD_BASIC"})
    monkeypatch.setenv("RUN_KEY", "mine")
    assert caller(embedded=True, of=both).public == {"OLD_BASIC"}
