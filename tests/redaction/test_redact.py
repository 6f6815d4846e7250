"""A redacted recording shows nothing that is nobody else's business, and every verdict on it is what it was."""

import gzip
import json
import runpy
from pathlib import Path

import pytest
import requests
import vcr
from hypothesis import given, settings
from hypothesis import strategies as st

from accord import loading, recordings
from accord.errors import AccordError
from accord.exchange import Case, Damaged, Exchange, Request, Response
from accord.findings import Unchecked
from accord.privacy.literals import rewritten
from accord.privacy.redaction import VARIABLE, mask_scalar
from accord.privacy.sensitive import is_name
from accord.verbs.redact import RedactOptions, redact
from accord.verbs.verify import VerifyOptions, verify

ROOT = Path(__file__).parents[2]
CASSETTES = ROOT.parent / "shared" / "recordings" / "openai"
JSON = ("Content-Type", "application/json")
PERSON = {
    "id": "3f2b8c1e-5a67-4d90-8b12-0c9d8e7f6a5b",
    "note": "ask ada@example.com, +49 151 1234567",
    "born": "1815-12-10T08:30:00.25Z",
    "kind": "robot",
    "street": "Marylebone 12",
    "code": "AB4711",
    "mail": "ada@example.com",
    "rest": {"any": "thing at all"},
}
REQUEST = Request(
    method="POST",
    url="https://people.example.com/v1/people/ada%40example.com?hint=lovelace&page=2&api_key=key-4711-abc",
    headers=(
        JSON,
        ("X-People", "people-secret-1"),
        ("Authorization", "Bearer abc.DEF-123456"),
        ("Cookie", "s=qwerty123; t=1"),
    ),
    body=b'{"password": "hunter22", "again": "people-secret-1", "count": 1.50, "phone": 4915112345}',
)
ANSWER = Response(
    status=200,
    headers=(JSON, ("Set-Cookie", "s=qwerty123; Path=/; HttpOnly"), ("X-Plain", "1")),
    body=json.dumps(PERSON).encode(),
)
SECRETS = (
    *(
        "ada@example.com",
        "ada%40example.com",
        "lovelace",
        "key-4711-abc",
        "people-secret-1",
        "abc.DEF-123456",
        "qwerty123",
    ),
    *("hunter22", "4915112345", "3f2b8c1e", "1234567", "12-10", "AB4711", "thing at all"),
)


@pytest.fixture(scope="module")
def contract():
    return loading.load(str(Path(__file__).parent / "contract.yaml"))


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv(VARIABLE, "a key")


def _written(tmp_path, contract, *exchanges, name="in.ndjson", **options):
    recordings.write(tmp_path / name, exchanges)
    report = redact((contract,), str(tmp_path / name), tmp_path / f"out-{name}", RedactOptions(**options))
    return report, tmp_path / f"out-{name}"


@pytest.mark.parametrize("name", ["a.har", "a.ndjson", "a.yaml", "a.json", "a.ndjson.gz", "a.har.zst", "a.yaml.bz2"])
def test_no_secret_is_left_in_any_format_and_the_rest_is_as_it_was(tmp_path, contract, name):
    report, path = _written(tmp_path, contract, Exchange(request=REQUEST, response=ANSWER), name=name)
    (hidden,) = recordings.read(path)
    text = repr(hidden)
    assert [secret for secret in SECRETS if secret in text] == []
    assert report.counts == {"entries": 1, "written": 1, "masked": report.counts["masked"], "retried": 0, "dropped": 0}
    body = json.loads(hidden.response.body)
    assert {key: body[key] for key in ("kind", "street")} == {"kind": "robot", "street": "Marylebone 12"}
    assert [len(str(value)) for value in body.values()] == [len(str(value)) for value in PERSON.values()]
    assert body["mail"] in body["note"]
    assert dict(hidden.response.headers)["X-Plain"] == "1"
    assert hidden.request.url.startswith("https://people.example.com/v1/people/")
    assert "page=2" in hidden.request.url
    assert type(json.loads(hidden.request.body)["phone"]) is int


def test_the_same_key_gives_the_same_bytes_and_another_key_others(tmp_path, contract, monkeypatch):
    made = []
    for key in ("one", "one", "two"):
        monkeypatch.setenv(VARIABLE, key)
        _, path = _written(tmp_path, contract, Exchange(request=REQUEST, response=ANSWER))
        made.append(path.read_bytes())
    assert made[0] == made[1] != made[2]


def test_masks_that_everybody_can_make_are_told(tmp_path, contract, monkeypatch):
    kept, _ = _written(tmp_path, contract, Exchange(request=REQUEST, response=ANSWER))
    monkeypatch.delenv(VARIABLE)
    known, _ = _written(tmp_path, contract, Exchange(request=REQUEST, response=ANSWER))
    told = "the masks are made with a key that everybody knows: keep one in ACCORD_REDACTION_KEY"
    assert (kept.notes, known.notes) == ((), (told,))


def test_another_mask_is_tried_where_one_breaks_a_promise_and_where_none_keeps_it_the_exchange_is_dropped(
    tmp_path, contract
):
    def answer(**values):
        body = {"id": PERSON["id"], "note": None, **values}
        return Exchange(
            request=Request(method="POST", url="/people/x"),
            response=Response(status=200, headers=(JSON,), body=json.dumps(body).encode()),
        )

    exchanges = [answer(score=41), answer(score=99), answer(exact="xyzzy-plugh"), answer()]
    report, path = _written(tmp_path, contract, *exchanges)
    source = tmp_path / "in.ndjson"
    assert report.ledger.unchecked == (Unchecked(what=f"{source}:3", reason="no mask of 8 keeps the verdict"),)
    scores = [json.loads(item.response.body).get("score") for item in recordings.read(path)]
    assert len(scores) == 3
    assert scores[0] <= 50 < scores[1]
    assert {41, 99} & set(scores) == set()


def test_a_case_and_the_names_of_secrets_are_kept_and_what_the_case_quotes_is_masked(tmp_path, contract):
    request = Request(
        method="POST", url="/people/x?hint=lovelace", headers=(("X-People", "$PEOPLE"),), secrets=("PEOPLE",)
    )
    case = Case(
        operation="POST /people/{email}",
        request=request,
        valid=False,
        fault="type",
        part="query",
        pointer="/hint",
        description="`hint` is lovelace",
    )
    _, path = _written(tmp_path, contract, Exchange(request=request, response=Response(status=400), case=case))
    (hidden,) = recordings.read(path)
    assert hidden.request.headers == request.headers
    assert hidden.request.secrets == ("PEOPLE",)
    assert hidden.case.description == f"`hint` is {hidden.request.url.rpartition('=')[2]}" != case.description


def test_an_event_stream_a_form_and_a_part_of_a_multipart_body_are_masked(tmp_path, contract):
    stream = b'data: {"token": "sesame-open"}\n\ndata: [DONE]\n\n'
    form = Exchange(
        request=Request(
            method="POST",
            url="/people/x",
            headers=(("Content-Type", "application/x-www-form-urlencoded"),),
            body=b"password=hunter22&a=b%20c",
        ),
        response=Response(status=200, headers=(("Content-Type", "text/event-stream"),), body=stream),
    )
    parts = b'--x\r\nContent-Disposition: form-data; name="secret"\r\n\r\nsesame-open\r\n--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
    multipart = Exchange(
        request=Request(
            method="POST", url="/people/x", headers=(("Content-Type", "multipart/form-data; boundary=x"),), body=parts
        ),
        response=None,
        failure="gave no answer",
    )
    _, path = _written(tmp_path, contract, form, multipart)
    first, second = recordings.read(path)
    assert b"hunter22" not in first.request.body
    assert first.request.body.endswith(b"&a=b%20c")
    assert (len(first.response.body), first.response.body[-16:]) == (
        len(stream),
        b"data: [DONE]\n\n"[-16:].rjust(16, b"\n")[-16:],
    )
    assert b"sesame" not in first.response.body + second.request.body
    assert len(second.request.body) == len(parts)


def test_a_broken_entry_is_left_out_and_counted(tmp_path, contract):
    path = tmp_path / "in.ndjson"
    recordings.write(path, [Exchange(request=REQUEST, response=ANSWER)])
    path.write_text(path.read_text() + '{"accord": 1, "password": "hunter22"\n')
    report = redact((contract,), str(path), tmp_path / "out.ndjson")
    assert report.ledger.unchecked == (Unchecked(what=f"{path}:2", reason="the line is no exchange (it is no JSON)"),)
    assert (report.counts["written"], report.counts["dropped"]) == (1, 1)
    assert not any(isinstance(item, Damaged) for item in recordings.read(tmp_path / "out.ndjson"))


def test_a_run_that_fails_leaves_the_file_that_was_there_whole(tmp_path, contract, monkeypatch):
    source, target = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    target.write_text("before")
    source.write_text("")
    with pytest.raises(AccordError) as empty:
        redact((contract,), str(source), target)
    assert str(empty.value) == f"`{source}` holds nothing that could be redacted; {target} is as it was."
    recordings.write(source, [Exchange(request=REQUEST, response=ANSWER)] * 2)
    monkeypatch.setattr("accord.privacy.redacting.redacted", lambda *_arguments, **_options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        redact((contract,), str(source), target)
    assert (target.read_text(), sorted(item.name for item in tmp_path.iterdir())) == (
        "before",
        ["in.ndjson", "out.ndjson"],
    )


@pytest.mark.parametrize(
    ("name", "opening"),
    [
        ("out.har", '{"log"'),
        ("out.json", '{"log"'),
        ("out.txt", '{"log"'),
        ("out.ndjson", '{"accord"'),
        ("out.yaml", "interactions:"),
    ],
)
def test_the_ending_of_the_file_that_is_written_names_its_format(tmp_path, contract, name, opening):
    recordings.write(tmp_path / "in.har", [Exchange(request=REQUEST, response=ANSWER)])
    redact((contract,), str(tmp_path / "in.har"), tmp_path / name)
    assert (tmp_path / name).read_text().startswith(opening)
    assert len(list(recordings.read(tmp_path / name))) == 1


def test_a_format_that_is_only_read_is_not_written(tmp_path, contract):
    recordings.write(tmp_path / "in.har", [Exchange(request=REQUEST, response=ANSWER)])
    with pytest.raises(AccordError) as refused:
        redact((contract,), str(tmp_path / "in.har"), tmp_path / "out.zip")
    told = "what it names is only read: name a file that ends in .har, .ndjson or .yaml."
    assert (str(refused.value), (tmp_path / "out.zip").exists()) == (f"{tmp_path}/out.zip: {told}", False)


def test_a_recording_is_not_written_over_itself(tmp_path, contract):
    source = tmp_path / "in.ndjson"
    recordings.write(source, [Exchange(request=REQUEST, response=ANSWER)])
    (tmp_path / "link.ndjson").symlink_to(source)
    before = source.read_bytes()
    with pytest.raises(AccordError) as same:
        redact((contract,), str(source), tmp_path / "link.ndjson")
    told = f"{tmp_path}/link.ndjson: is read, and would be lost: name another file to write to."
    assert (str(same.value), source.read_bytes()) == (told, before)


def test_what_stands_before_the_break_of_a_packed_file_is_redacted_and_the_break_is_told(tmp_path, contract):
    source, target = tmp_path / "in.ndjson.gz", tmp_path / "out.ndjson"
    recordings.write(source, [Exchange(request=REQUEST, response=ANSWER)] * 9)
    source.write_bytes(source.read_bytes()[:-9])
    report = redact((contract,), str(source), target)
    assert report.counts == {"entries": 10, "written": 9, "masked": report.counts["masked"], "retried": 0, "dropped": 1}
    reason = "cannot be read further: EOFError Compressed file ended before the end-of-stream marker was reached."
    assert report.ledger.unchecked == (Unchecked(what=str(source), reason=reason),)


def test_half_a_surrogate_pair_and_what_is_nested_deep_are_masked(tmp_path, contract):
    deep = b"[" * 20_000 + b'{"token": "sesame-open"}' + b"]" * 20_000
    half = b'{"token": "sesame-open\\ud800", "again": "a sesame-open\\ud800 \xc3\xa9"}'
    made = [
        Exchange(request=Request(method="POST", url="/people/x", headers=(JSON,), body=body), response=ANSWER)
        for body in (deep, half)
    ]
    _, path = _written(tmp_path, contract, *made)
    hidden = [item.request.body for item in recordings.read(path)]
    assert (len(hidden[0]), [body.count(b"sesame") for body in hidden]) == (len(deep), [0, 0])
    again = json.loads(hidden[1])
    assert [len(text) for text in again.values()] == [len(text) for text in json.loads(half).values()]
    assert again["again"] == f"a {again['token']} \u00e9"


def test_a_redacted_cassette_is_played_back_by_vcrpy(tmp_path, contract):
    answered = Response(
        status=200, reason="OK", headers=(JSON, ("Content-Encoding", "gzip")), body=json.dumps(PERSON).encode()
    )
    asked = Request(method="GET", url="https://people.example.com/v1/all")
    _, path = _written(tmp_path, contract, Exchange(request=asked, response=answered), name="a.yaml")
    with vcr.use_cassette(str(path), record_mode="none"):
        played = requests.get(asked.url, timeout=5)
    assert played.json()["kind"] == "robot"
    assert played.json()["mail"] != PERSON["mail"]


@pytest.mark.parametrize("shape", ["lines", "array", "packed"])
def test_no_verdict_and_no_length_changes_when_every_text_and_number_of_bare_bodies_is_masked(tmp_path, shape):
    contract = loading.load(str(ROOT / "schema" / "cekura_runs.openapi.yaml"))
    lines = list(runpy.run_path(str(ROOT / "tests" / "benchmarks" / "runs.py"))["lines"](40, 40.0))
    text = b"[" + b",".join(lines) + b"]" if shape == "array" else b"".join(lines)
    name = {"lines": "a.ndjson", "array": "a.json", "packed": "a.ndjson.gz"}[shape]
    source, target = tmp_path / name, tmp_path / f"out-{name}"
    source.write_bytes(gzip.compress(text) if shape == "packed" else text)
    report = redact((contract,), str(source), target, RedactOptions(everything=True, operation="improve_prompt_bg"))
    assert report.counts["written"] + report.counts["dropped"] == report.counts["entries"] == 40
    assert report.counts["dropped"] == 0
    options = VerifyOptions(operation="improve_prompt_bg")
    verdicts = [verify(contract, [str(path)], options) for path in (source, target)]
    told = [[(item.identity, item.count) for item in one.findings] for one in verdicts]
    assert told[0] == told[1] != []
    assert verdicts[0].counts == verdicts[1].counts


def test_redaction_changes_no_verdict_on_real_cassettes(tmp_path):
    if not CASSETTES.exists():
        pytest.skip("the shared recordings are not here")
    contract = loading.load(str(CASSETTES / "openapi.json"))
    for path in sorted((CASSETTES / "cassettes").iterdir())[:4]:
        target = tmp_path / path.name
        report = redact((contract,), str(path), target)
        told = [
            [(item.identity, item.count) for item in verify(contract, [str(one)]).findings] for one in (path, target)
        ]
        assert told[0] == told[1]
        assert report.counts["dropped"] == 0


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=300)
@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_a_json_text_is_found_literal_by_literal_and_left_as_it_is_where_nothing_changes(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    seen = []

    def note(_path, found):
        seen.append(found)
        return found

    assert rewritten(text, note, note, note) == text

    def leaves(here):
        if isinstance(here, dict):
            return [leaf for name, item in here.items() for leaf in (name, *leaves(item))]
        if isinstance(here, list):
            return [leaf for item in here for leaf in leaves(item)]
        return [] if here is None or isinstance(here, bool) else [here if isinstance(here, str) else json.dumps(here)]

    assert seen == leaves(value)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-29",
        "2024-02-29T23:59:60.125+05:30",
        "23:59:59Z",
        "192.168.0.17",
        "3F2b8c1e-5a67-4d90-8b12-0c9d8e7f6a5b",
    ],
)
def test_what_has_a_form_keeps_it(text):
    hidden = mask_scalar(text, b"key")
    assert hidden != text
    assert len(hidden) == len(text)
    assert [char for char in hidden if not char.isalnum()] == [char for char in text if not char.isalnum()]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("userEmail", True),
        ("API-Key", True),
        ("access_token", True),
        ("input_tokens", False),
        ("author", False),
        ("pinned", False),
        ("first_name", True),
        ("scenario_name", False),
        ("X-Session-Id", True),
    ],
)
def test_a_name_is_sensitive_or_not(name, expected):
    assert is_name(name) is expected
