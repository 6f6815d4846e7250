"""The first contract, held against a service: an example of what a team's own contract tests look like.

The embedded service answers, unless `--accord-url` or `ACCORD_URL` names another.
"""

import os

import pytest
from hypothesis import HealthCheck, given, settings

import accord
from cekura_runs import strategies
from cekura_runs.client import Client, ImprovePromptBgBadRequest

relaxed = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def client(accord_url):
    with Client(os.environ.get("CEKURA_API_KEY", "accord"), base_url=accord_url) as client:
        yield client


@relaxed
@given(strategies.improve_prompt_bg_request())
def test_a_conforming_request_is_answered_with_a_run(client, request_):
    run = client.improve_prompt_bg(**request_)
    accord.assert_conforms(client.last_response)
    sent = request_.get("body") or {}
    answered = run.to_json()
    assert {name: answered[name] for name in sent} == sent


@relaxed
@given(strategies.improve_prompt_bg_invalid_request())
def test_a_request_with_one_fault_is_refused_and_says_which_property(client, request_):
    with pytest.raises(ImprovePromptBgBadRequest) as refused:
        client.improve_prompt_bg(**request_)
    accord.assert_conforms(refused.value.response)
    assert refused.value.value


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
@relaxed
@given(request_=strategies.improve_prompt_bg_request())
def test_a_form_says_the_same_as_json(client, media_type, request_):
    body = {name: value for name, value in (request_.get("body") or {}).items() if "\x00" not in str(value)}
    run = client.improve_prompt_bg(body or {"success": True}, media_type=media_type)
    accord.assert_conforms(client.last_response)
    answered = run.to_json()
    assert {name: answered[name] for name in body} == body


def test_nobody_gets_in_without_the_right_key(accord_url):
    from cekura_runs.client import ImprovePromptBgUnauthorized

    with Client("wrong", base_url=accord_url) as stranger, pytest.raises(ImprovePromptBgUnauthorized) as refused:
        stranger.improve_prompt_bg({"success": True})
    accord.assert_conforms(refused.value.response)
    assert "wrong" not in str(refused.value)
