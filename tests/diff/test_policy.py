"""What a team wants of a change beyond proof, each switched on by name."""

import datetime as dt

import pytest

from accord.changes import policy
from accord.document import Document
from accord.errors import ConfigError
from accord.verbs.diff import diff

TODAY = dt.date(2026, 1, 1)


def document(version="1.0.0", default=1, identity="a", **marks):
    schema = {"type": "integer", "default": default}
    operation = {
        "operationId": identity,
        "parameters": [{"name": "q", "in": "query", "schema": schema}],
        "responses": {},
    }
    paths = {"/runs": {"get": {**operation, **marks}}} if marks.get("gone") is None else {}
    return Document(
        uri="d.yaml", data={"openapi": "3.1.0", "info": {"title": "t", "version": version}, "paths": paths}, text=""
    )


def told(names, before, after):
    report = diff(before, after)
    found = policy.held(report, policy.from_texts(names), (before, after), TODAY)
    return [(item.code, item.message, item.promise) for item in found]


def test_nothing_is_wanted_that_is_not_switched_on():
    assert told([], document(), document(version="0", default=2, identity="b", deprecated=True)) == []


@pytest.mark.parametrize(
    ("before", "after", "promise"),
    [
        (document(), document(version="1.1.0", default=2), None),
        (document(), document(version="1.0.1", default=2), "a compatible change raises the second number"),
        (document(), document(version="1.1.0", gone=True), "a breaking change raises the first number"),
        (document(), document(version="2.0.0", gone=True), None),
        (document(), document(version="2026-a", default=2), None),
        (document(version="x"), document(version="y", default=2), "versions are numbers, so that they can be compared"),
        (document(), document(), None),
    ],
)
def test_the_version_tells_what_changed(before, after, promise):
    assert [item[2] for item in told(["version"], before, after)] == ([promise] if promise else [])


def test_a_default_and_an_id_stay_what_they_are():
    assert told(["defaults", "ids"], document(), document(default=2, identity="b")) == [
        (
            "policy-defaults",
            "query parameter `q` of `GET /runs`: its default was 1 and is 2; no value can tell them apart.",
            "a default does not change",
        ),
        ("policy-ids", "`GET /runs`: `operationId` was `a` and is `b`.", "an `operationId` does not change"),
    ]


SUNSET = {"deprecated": True, "x-sunset": "2026-02-01"}
PAST = {"deprecated": True, "x-sunset": "2025-12-31"}


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (document(), document(gone=True), "`GET /runs` is gone and was not deprecated."),
        (document(**SUNSET), document(gone=True), "`GET /runs` is gone and had its sunset on 2026-02-01."),
        (document(deprecated=True), document(gone=True), "`GET /runs` is gone and was deprecated without a sunset."),
        (document(**PAST), document(gone=True), None),
        (document(), document(**SUNSET), None),
        (document(), document(**PAST), "`GET /runs` was deprecated and its sunset is 2025-12-31."),
        (document(), document(deprecated=True), "`GET /runs` was deprecated and no sunset (`x-sunset`) is set."),
    ],
)
def test_notice_is_given_before_an_operation_goes(before, after, message):
    assert [item[1] for item in told(["notice=30"], before, after)] == ([message] if message else [])


def test_a_policy_that_is_none_is_named():
    with pytest.raises(ConfigError) as caught:
        policy.from_texts(["notice"])
    assert str(caught.value) == "`notice` is no policy; write `version`, `defaults`, `ids` or `notice=DAYS`."
