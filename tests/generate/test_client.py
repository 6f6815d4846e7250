"""client.py: what it sends, what it makes of every answer, and what it never gives away."""

import http.server
import json
import pickle
import socket
import threading
import traceback
from contextlib import contextmanager

import pytest
import requests

import accord
from accord import service
from cekura_runs import client as generated
from cekura_runs import models
from cekura_runs.client import Client, MissingKeyError, NoAnswerError, UnexpectedResponse

from .conftest import answering, document
from .test_models import CONTRACT, RUN

SECRET = "s3cr3t-of-this-test"
THING = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}


@contextmanager
def telling(*answers):
    """A service that gives these answers (status, headers, body) in turn, the last again and again; yields what came."""
    came, waiting = [], list(answers)

    class Teller(http.server.BaseHTTPRequestHandler):
        def answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            came.append((self.command, self.path, dict(self.headers), self.rfile.read(length)))
            status, headers, body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            self.send_response(status)
            for name, text in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer  # noqa: N815  names of http.server

        def log_message(self, *_words):
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Teller) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", came
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def calling(*answers):
    """A client of such a service; yields it and what came."""
    with telling(*answers) as (url, came), Client(SECRET, base_url=url) as client:
        yield client, came


def said(status, value, **headers):
    return status, {"Content-Type": "application/json", **headers}, json.dumps(value).encode()


DETAIL = {"detail": "no"}
ERRORS = {
    400: ("ImprovePromptBgBadRequest", {"success": ["is no flag"]}),
    401: ("ImprovePromptBgUnauthorized", DETAIL),
    403: ("ImprovePromptBgForbidden", DETAIL),
    405: ("ImprovePromptBgMethodNotAllowed", DETAIL),
    415: ("ImprovePromptBgUnsupportedMediaType", DETAIL),
}


@pytest.mark.parametrize("status", ERRORS)
def test_each_documented_status_is_an_error_of_its_own(status):
    name, body = ERRORS[status]
    with calling(said(status, body)) as (client, _), pytest.raises(getattr(generated, name)) as refused:
        client.improve_prompt_bg({})
    value = refused.value.value
    assert (value.to_json() if isinstance(value, models.Model) else value) == body
    assert (refused.value.status, refused.value.response.status_code) == (status, status)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (said(200, {"progress_id": "7"}), "200 does not fit: agent: Field required (22 problems)"),
        (said(200, [1]), "200 does not fit: the body: Input should be a valid dictionary or instance of Run (1 problems)"),
        ((200, {}, b"<html>"), "200 is no JSON"),
        ((200, {}, b"\xff"), "200 is no JSON"),
        ((200, {}, b""), "200 is no JSON"),
        ((200, {}, b"[" * 100_000), "200 is no JSON"),
        (said(401, {"error": "x"}), "401 does not fit: detail: Field required (1 problems)"),
        (said(500, {}), "500 is no documented status"),
        (said(418, {}), "418 is no documented status"),
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), "302 is a redirect, which is not followed"),
        ((308, {"Location": "/elsewhere"}, b""), "308 is a redirect, which is not followed"),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_told_with_the_raw_one(answer, reason):
    with calling(answer) as (client, came), pytest.raises(UnexpectedResponse) as told:
        client.improve_prompt_bg({})
    assert str(told.value) == f"POST /test_framework/v1/runs/improve_prompt_bg/: {reason}"
    assert told.value.response.content == answer[2]
    assert len(came) == 1


@pytest.mark.parametrize(
    ("media_type", "body", "kind", "written"),
    [
        ("application/json", {"feedback": 'é"\n'}, "application/json", '{"feedback": "é\\"\\n"}'),
        ("application/json", {}, "application/json", "{}"),
        ("application/x-www-form-urlencoded", {"success": True, "feedback": "a&b"}, "application/x-www-form-urlencoded", "success=true&feedback=a%26b"),
        ("application/x-www-form-urlencoded", {}, "application/x-www-form-urlencoded", ""),
        ("multipart/form-data", {}, "multipart/form-data; boundary=empty", "--empty--\r\n"),
    ],
)  # fmt: skip
def test_a_body_is_written_in_the_media_type_that_is_asked_for(media_type, body, kind, written):
    with calling(said(401, DETAIL)) as (client, came), pytest.raises(generated.ImprovePromptBgUnauthorized):
        client.improve_prompt_bg(body, media_type=media_type)
    ((method, path, headers, sent),) = came
    assert (method, path) == ("POST", "/test_framework/v1/runs/improve_prompt_bg/")
    assert (headers["Content-Type"], sent.decode()) == (kind, written)
    assert headers["X-CEKURA-API-KEY"] == SECRET


def test_an_empty_form_is_taken_for_one():
    with service.running(CONTRACT) as running, Client("accord", base_url=running) as client:
        for media_type in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data"):
            assert client.improve_prompt_bg({}, media_type=media_type).has("id")


def test_a_model_writes_what_was_set_and_nothing_else():
    body = models.RunRequest(success=False, feedback=None)
    with calling(said(401, DETAIL)) as (client, came), pytest.raises(generated.ImprovePromptBgUnauthorized):
        client.improve_prompt_bg(body)
    assert json.loads(came[0][3]) == {"success": False, "feedback": None}


def test_a_busy_service_is_asked_again_when_it_says_when():
    busy = said(503, DETAIL, **{"Retry-After": "0"})
    with calling(busy, busy, said(401, DETAIL)) as (client, came), pytest.raises(generated.ImprovePromptBgUnauthorized):
        client.improve_prompt_bg({})
    assert len(came) == 3


def test_what_may_have_been_done_is_not_sent_twice():
    with (
        calling(said(503, DETAIL)) as (client, came),
        pytest.raises(UnexpectedResponse, match="503 is no documented status"),
    ):
        client.improve_prompt_bg({})
    assert len(came) == 1


def test_what_is_idempotent_is_sent_again(made):
    package = made(document({"Thing": THING}, {"/t": {"get": answering({"$ref": "#/components/schemas/Thing"}, operationId="look")}}))  # fmt: skip
    with telling(said(503, {}), said(429, {}), said(200, {"id": 7})) as (url, came):
        assert package.client.Client(base_url=url).look().id == 7
    assert len(came) == 3


def exposed(problem):
    """All that a log, a tracker of errors or another process could be shown of `problem`."""
    seen = [str(problem), repr(problem), "".join(traceback.format_exception(problem)), str(vars(problem))]
    for inner in (problem.__cause__, problem.__context__):
        seen += [] if inner is None else [*exposed(inner), str(vars(getattr(inner, "request", object())))]
    return seen


def test_no_exception_and_no_representation_holds_the_key():
    client = Client(SECRET, base_url="http://127.0.0.1:1", retries=0)
    with pytest.raises(NoAnswerError) as none:
        client.improve_prompt_bg({})
    assert str(none.value) == "POST /test_framework/v1/runs/improve_prompt_bg/: no answer: NewConnectionError"
    assert (none.value.response, none.value.__context__) == (None, None)
    with (
        telling(said(500, {})) as (url, _),
        Client(SECRET, base_url=url) as other,
        pytest.raises(UnexpectedResponse) as told,
    ):
        other.improve_prompt_bg({})
    for text in (*exposed(none.value), *exposed(told.value), repr(client), str(client)):
        assert SECRET not in text
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        pickle.dumps(client)


@pytest.mark.parametrize("key", ["line\nbreak", "ключ", "tail\n"])
def test_a_key_that_no_header_can_carry_is_refused_and_not_told(key, monkeypatch):
    monkeypatch.setenv("CEKURA_API_KEY", key)
    for attempt in (lambda: Client(key), lambda: Client().improve_prompt_bg({})):
        with pytest.raises(
            ValueError, match="the key for api_key holds characters that no header can carry"
        ) as refused:
            attempt()
        assert not isinstance(refused.value, UnicodeError)
        assert refused.value.__context__ is None


def test_a_key_comes_from_the_environment_under_any_name(monkeypatch):
    monkeypatch.delenv("CEKURA_API_KEY", raising=False)
    with telling(said(401, DETAIL)) as (url, came):
        with pytest.raises(MissingKeyError) as missing:
            Client(base_url=url).improve_prompt_bg({})
        asked = "POST /test_framework/v1/runs/improve_prompt_bg/"
        assert str(missing.value) == f"{asked} wants a key: pass it, or export CEKURA_API_KEY=…"
        assert came == []
        monkeypatch.setenv("CEKURA_API_KEY", "usual")
        monkeypatch.setenv("MINE", "other")
        for client in (Client(base_url=url), Client(base_url=url, variables={"api_key": "MINE"})):
            with pytest.raises(generated.ImprovePromptBgUnauthorized):
                client.improve_prompt_bg({})
    assert [headers["X-CEKURA-API-KEY"] for _, _, headers, _ in came] == ["usual", "other"]


def test_proxies_and_netrc_of_the_environment_are_left_alone(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    with calling(said(401, DETAIL)) as (client, _), pytest.raises(generated.ImprovePromptBgUnauthorized):
        client.improve_prompt_bg({})
    with Client(SECRET, trust_env=True) as trusting:
        assert trusting.session.trust_env


def test_a_service_that_is_silent_is_left_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = Client(SECRET, base_url=url, timeout=(1, 0.05), retries=0)
        with pytest.raises(NoAnswerError, match=r"no answer: ReadTimeoutError$"):
            client.improve_prompt_bg({})


def test_a_session_that_is_passed_in_writes_a_recording_and_stays_open(tmp_path, monkeypatch):
    monkeypatch.setenv("CEKURA_API_KEY", SECRET)
    path = tmp_path / "runs.har"
    closed = []
    with requests.Session() as session, accord.Recorder(path, secrets=("CEKURA_API_KEY",)) as recorder:
        recorder.attach(session)
        session.close = lambda: closed.append(True)
        with telling(said(401, DETAIL)) as (url, _):
            client = Client(base_url=url, session=session)
            with pytest.raises(generated.ImprovePromptBgUnauthorized):
                client.improve_prompt_bg({"success": True})
        client.close()
        assert (client.session, closed) == (session, [])
    (entry,) = json.loads(path.read_text())["log"]["entries"]
    assert (entry["request"]["postData"]["text"], entry["response"]["status"]) == ('{"success": true}', 401)
    assert SECRET not in path.read_text()


def test_every_answer_of_the_service_is_read_into_a_model():
    with service.running(CONTRACT) as running, Client("accord", base_url=running) as client:
        run = client.improve_prompt_bg({"feedback": "fine"})
        assert type(run) is models.Run
        assert run.feedback == "fine"
        assert client.last_response.json() == run.to_json()
        assert set(RUN["required"]) <= run.to_json().keys()


@pytest.mark.parametrize("value", ["..", ".", ""])
def test_a_value_that_would_name_another_path_is_not_sent(made, value):
    package = made(document(paths={"/t/{id}": {"delete": {"operationId": "drop", "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}], "responses": {"204": {"description": "Gone."}}}}}))  # fmt: skip
    with telling((204, {}, b"")) as (url, came):
        client = package.client.Client(base_url=url)
        with pytest.raises(ValueError, match=f"id is {value!r}, which no path can carry"):
            client.drop(value)
        for safe in ("a/b", "?x#y", "%2e%2e", "{id}", "é"):
            client.drop(safe)
    assert [path for _, path, *_ in came] == ["/t/a%2Fb", "/t/%3Fx%23y", "/t/%252e%252e", "/t/%7Bid%7D", "/t/%C3%A9"]


def test_a_contract_without_a_server_wants_its_address(made):
    package = made(document(paths={"/t": {"get": answering({})}}))
    with pytest.raises(
        ValueError, match="the contract names no server with its scheme and host; pass it as `base_url`"
    ):
        package.client.Client()


@pytest.mark.parametrize(
    ("scheme", "secret", "header"),
    [
        ({"type": "http", "scheme": "bearer"}, "abc", "Bearer abc"),
        ({"type": "http", "scheme": "basic"}, "me:pass:word", "Basic bWU6cGFzczp3b3Jk"),
        ({"type": "mutualTLS"}, None, None),
    ],
)
def test_each_scheme_is_written_as_it_wants(made, scheme, secret, header):
    data = document(paths={"/t": {"get": {**answering({}), "security": [{"it": []}], "operationId": "look"}}})
    data["components"]["securitySchemes"] = {"it": scheme}
    package = made(data)
    with telling(said(200, 1)) as (url, came):
        assert package.client.Client(secret, base_url=url).look() == 1
    assert came[0][2].get("Authorization") == header
