"""What comes back otherwise than it was sent: the same thing in other words, a tidied value, one that the contract excuses."""

import pytest

from accord import checks, keeping
from accord.contract import Body, Contract, MediaType, Operation, Response
from accord.document import Document
from accord.exchange import Case, Exchange, Request
from accord.exchange import Response as Answer
from accord.messages import encoding
from accord.messages.sameness import is_same_text, tidied

HEADERS = (("Content-Type", "application/json"),)


@pytest.mark.parametrize(
    ("given", "got"),
    [
        ("6F1C1B3E-8F0A-4C59-9D52-0F4F7F5B2A11", "6f1c1b3e-8f0a-4c59-9d52-0f4f7f5b2a11"),
        ("Ann@Example.COM", "Ann@example.com"),
        ("HTTP://Example.com", "http://example.com/"),
        ("http://[::1]:80/a%20b?c=d#e", "http://[::1]/a%20b?c=d#e"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("PT60S", "PT1M"),
        ("PT24H", "P1D"),
        ("2024-02-29T23:59:59+05:30", "2024-02-29T18:29:59Z"),
    ],
)
def test_two_texts_that_name_the_same_thing_are_the_same(given, got):
    assert is_same_text(given, got)
    assert is_same_text(got, given)


@pytest.mark.parametrize(
    ("given", "got"),
    [
        ("Text", "text"),
        ("http://a.example/A", "http://a.example/a"),
        ("http://a.example/b?", "http://a.example/b"),
        ("http://a.example:81/", "http://a.example/"),
        ("urn:a:b", "urn:A:b"),
        ("P1M", "PT1M"),
        ("a@b.example", "a@c.example"),
        ("Ann@example.com", "ann@example.com"),
        ("2001:db8::1", "2001:db8::2"),
    ],
)
def test_two_texts_that_name_different_things_are_not(given, got):
    assert not is_same_text(given, got)


@pytest.mark.parametrize(
    ("given", "got", "told"),
    [
        ("  text ", "text", "without the white space around it"),
        ("First.Last", "first.last", "in lower case"),
        ("Ann@example.com", "ann@example.com", "in lower case"),
        (0.125, 0.12, "rounded"),
        (["b", "a", "b"], ["a", "b"], "in order, and each item once"),
        ("2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59Z", "with fewer digits of its second"),
        ({"a": " x ", "b": 1}, {"a": "x", "b": 1}, "without the white space around it"),
        ({"a": " x ", "b": 1}, {"a": "x", "b": 2}, ""),
        ("text", "tex", ""),
        ("a", "A", ""),
        ("e\u0301", "\u00e9", ""),
        (1.5, 2, ""),
        (["b", "a"], ["a"], ""),
        ("text", "text", ""),
    ],
)
def test_what_a_service_tidies_is_named_and_what_it_loses_is_not(given, got, told):
    assert tidied(given, got) == told


def echoed(asked: object, answered: object, given: object, got: object) -> checks.Judgement:
    def medium(rule: object) -> MediaType:
        return MediaType(name="application/json", schema={"type": "object", "properties": {"name": rule}})

    operation = Operation(
        method="POST",
        path="/things",
        body=Body(content=(medium(asked),)),
        responses=(Response(status="200", content=(medium(answered),)),),
    )
    request = Request(method="POST", url="/things", headers=HEADERS, body=encoding.to_json({"name": given}))
    answer = Answer(status=200, headers=HEADERS, body=encoding.to_json({"name": got}))
    exchange = Exchange(
        request=request, response=answer, case=Case(operation=operation.name, request=request, valid=True)
    )
    contract = Contract(document=Document(uri="c", data={}, text="{}"), operations=(operation,))
    return checks.run(contract, operation, exchange)


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("asked", "answered", "given", "got", "found"),
    [
        (TEXT, TEXT, "abc", "abd", ["error"]),
        (TEXT, TEXT, " abc", "abc", ["warning"]),
        (TEXT, {**TEXT, "pattern": "^[a-z]+$"}, "A b", "a-b"[:1], []),
        ({**TEXT, "description": "Stored in lower case."}, TEXT, "ABC", "abc", []),
        (TEXT, {**TEXT, "description": "The name, normalised to digits."}, "(0) 1", "01", []),
        ({**TEXT, "description": "What it is called."}, TEXT, "(0) 1", "01", ["error"]),
    ],
)
def test_echo_weighs_what_is_tidied_less_and_excuses_what_the_contract_does(asked, answered, given, got, found):
    assert [item.severity for item in echoed(asked, answered, given, got).findings] == found


def test_what_a_description_excuses_is_named_as_not_checked():
    told = echoed({**TEXT, "description": "Trimmed."}, TEXT, " a", "a")
    assert [(item.what, item.reason) for item in told.unchecked] == [
        ("echo", "`name` comes back in another form, as its description says")
    ]
    assert keeping.excuse("name", None, None) == ""
