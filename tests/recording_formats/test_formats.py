"""Arrays, bare bodies, Parquet and the reports of Schemathesis are read, from wherever they are, packed or not."""

import base64
import bz2
import gzip
import io
import json
import random
import resource
import subprocess
import sys
import types

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from accord import recordings
from accord.errors import AccordError
from accord.exchange import Damaged, Exchange, Request, Response
from accord.files import compression, sources
from accord.files.sources import Source
from accord.recordings import Piece

EXCHANGES = (
    Exchange(request=Request(method="GET", url="/a"), response=Response(status=200, body=b"\xff")),
    Exchange(
        request=Request(method="GET", url="/b"),
        response=Response(status=200, body=b"{}", lost="the recording cut the body short"),
    ),
)


def _bodies(path, start=0, end=-1):
    with recordings.opened(Piece(str(path), start, end)) as found:
        assert found.bare
        return list(found.bodies())


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.har", "a.ndjson", "a.ndjson.gz", "a.json.zst", "a.har.bz2"])
def test_what_was_written_is_read_back_equal_in_every_format(tmp_path, name):
    path = tmp_path / name
    recordings.write(path, EXCHANGES)
    assert tuple(recordings.read(path)) == EXCHANGES
    assert not list(tmp_path.glob(".*"))


def test_a_broken_element_of_an_array_is_located_and_what_stands_before_a_break_is_read(tmp_path):
    path = tmp_path / "a.json"
    recordings.write(path, EXCHANGES)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[1], '{"accord": 1},', "7,", lines[2], ", {"]))
    assert tuple(recordings.read(path)) == (
        EXCHANGES[0],
        Damaged(source=f"{path}:2", reason="the element is no exchange (it has no `request`)"),
        Damaged(source=f"{path}:3", reason="the element is no exchange (a part of it is not what it should be)"),
        EXCHANGES[1],
        Damaged(source=f"{path}:5", reason="no JSON from line 6, column 3 on"),
    )


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.ndjson", b'{"a": 1}\n\n{"b"\n', [(1, b'{"a": 1}\n'), (2, b"\n"), (3, b'{"b"\n')]),
        ("a.ndjson", b"[1]\n[2]\n", [(1, b"[1]\n"), (2, b"[2]\n")]),
        ("a.json", b'[{"a": 1.0}, 1e400, "x"]', [(1, b'{"a": 1.0}'), (2, b"1e400"), (3, b'"x"')]),
        ("a.json", b'{"a": 1}', [(1, b'{"a": 1}')]),
        (
            "a.json",
            b'[{"a": 1}, {',
            [(1, b'{"a": 1}'), Damaged(source="PATH:2", reason="no JSON from line 1, column 12 on")],
        ),
    ],
)
def test_bare_bodies_are_numbered_and_kept_byte_for_byte(tmp_path, name, text, expected):
    path = tmp_path / name
    path.write_bytes(text)
    found = [
        Damaged(source=item.source.replace(str(path), "PATH"), reason=item.reason)
        if isinstance(item, Damaged)
        else item
        for item in _bodies(path)
    ]
    assert found == expected


def test_rows_of_parquet_are_exchanges_or_bare_bodies_as_text_or_struct(tmp_path):
    rows = [json.loads(recordings.declared()["ndjson"].value.entry(item)) for item in EXCHANGES]
    asked = [{"method": row["request"]["method"], "url": row["request"]["url"]} for row in rows]
    answered = [json.dumps(row["response"]) for row in rows[:1]] + ['{"status": "x"}']
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"request": asked, "response": answered}), path)
    assert tuple(recordings.read(path)) == (
        EXCHANGES[0],
        Damaged(source=f"{path}:2", reason="the row is no exchange (a part of it is not what it should be)"),
    )
    pq.write_table(pa.table({"at": [1, 2], "body": ['{"a": 1}', b"{".decode()]}), path)
    assert _bodies(path) == [(1, b'{"a": 1}'), (2, b"{")]
    pq.write_table(pa.table({"id": [1], "inner": [{"b": [1.5, None]}]}), path)
    assert _bodies(path) == [(1, b'{"id": 1, "inner": {"b": [1.5, null]}}')]
    packed = tmp_path / "a.parquet.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert _bodies(packed) == [(1, b'{"id": 1, "inner": {"b": [1.5, null]}}')]
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(AccordError, match="cannot be read as Parquet"):
        _bodies(path)


def test_the_lines_of_schemathesis_hold_the_interactions_of_each_scenario(tmp_path):
    coded = {"$base64": base64.b64encode(b'{"a": 1}').decode()}
    answer = {"status_code": 200, "headers": {"content-type": ["application/json"]}, "content": coded, "elapsed": 0.25}
    asked = {"method": "POST", "uri": "http://h/a", "headers": {"X-Key": ["[Filtered]"]}, "body": coded}
    interactions = {
        "a": {"request": asked, "response": answer},
        "b": {"request": {**asked, "body": None}, "response": {**answer, "content_size": 99}},
        "c": {"request": asked, "response": None},
        "d": {"request": asked},
    }
    events = [
        {"Initialize": {"schemathesis_version": "4.32.5"}},
        {"ScenarioFinished": {"recorder": {"interactions": interactions}}},
    ]
    path = tmp_path / "st.ndjson"
    path.write_text("\n".join([*(json.dumps(event, separators=(",", ":")) for event in events), '{"Scenar', "7"]))
    request = Request(method="POST", url="http://h/a", headers=(("X-Key", "[Filtered]"),), body=b'{"a": 1}')
    response = Response(status=200, headers=(("content-type", "application/json"),), body=b'{"a": 1}', elapsed=0.25)
    bodiless = Request(method="POST", url="http://h/a", headers=request.headers)
    cut = Response(
        status=200, headers=response.headers, body=response.body, elapsed=0.25, lost="the recording cut the body short"
    )
    assert tuple(recordings.read(path)) == (
        Exchange(request=request, response=response),
        Exchange(request=bodiless, response=cut),
        Exchange(request=request, response=None, failure="gave no answer"),
        Damaged(source=f"{path}:4", reason="the interaction in line 2 is no exchange (it has no `response`)"),
        Damaged(source=f"{path}:5", reason="line 3 is no event of Schemathesis"),
        Damaged(source=f"{path}:6", reason="line 4 is no event of Schemathesis"),
    )


def test_a_cassette_of_schemathesis_is_read_and_what_stands_before_a_break_of_yaml(tmp_path):
    path = tmp_path / "st.yaml"
    entry = "- id: x\n  request:\n    uri: 'http://h/a'\n    method: post\n    headers:\n      A:\n      - b\n    body:\n      encoding: utf-8\n      base64_string: 'AA=='\n  response:\n    status:\n      code: '401'\n      message: \"No\"\n    elapsed: '0.5'\n    headers: {}\n    body:\n      string: \"{}\"\n    truncated_from: 9\n"
    path.write_text(f"recorded_with: 'Schemathesis 4.32.5'\nhttp_interactions:\n{entry}{entry}  [\n")
    expected = Exchange(
        request=Request(method="POST", url="http://h/a", headers=(("A", "b"),), body=b"\0"),
        response=Response(status=401, reason="No", body=b"{}", elapsed=0.5, lost="the recording cut the body short"),
    )
    first, broken = recordings.read(path)
    assert first == expected
    assert (broken.source, broken.reason[:18]) == (f"{path}:2", "no YAML from line ")


@pytest.mark.parametrize(
    ("pack", "ending"), [(gzip.compress, ".gz"), (bz2.compress, ".bz2"), (zstandard.ZstdCompressor().compress, ".zst")]
)
def test_a_packed_file_that_breaks_off_is_read_up_to_there_and_says_so(tmp_path, pack, ending):
    path, draw = tmp_path / f"a.ndjson{ending}", random.Random(1)
    lines = [
        json.dumps({"number": number, "text": draw.randbytes(200).hex()}).encode() + b"\n" for number in range(9000)
    ]
    whole = pack(b"".join(lines))
    path.write_bytes(whole + pack(b'{"last": 1}\n'))
    assert _bodies(path)[-1] == (9001, b'{"last": 1}\n')
    path.write_bytes(whole[: len(whole) * 3 // 4])
    *_, last = _bodies(path)
    assert isinstance(last, Damaged)
    assert (last.source, last.reason[:22]) == (str(path), "cannot be read further")


def test_urls_of_stores_folders_and_globs_are_found_in_order(tmp_path):
    store = fsspec.filesystem("memory")
    for name in ("b.ndjson", "a.ndjson", ".hidden", "deep/c.ndjson"):
        store.pipe(f"/calls/{name}", b'{"a": 1}\n')
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b'{"a": 1}\n')
    names = ["a.ndjson", "b.ndjson", "deep/c.ndjson"]
    for base in ("memory://calls", f"file://{tmp_path}"):
        listed = [
            item.name.rpartition("calls/" if base.startswith("m") else f"{tmp_path}/")[2]
            for item in sources.found([base])
        ]
        assert listed == names
    assert [item.name for item in sources.found(["memory://calls/*.ndjson"])] == [
        "memory:///calls/a.ndjson",
        "memory:///calls/b.ndjson",
    ]
    assert list(sources.found([str(tmp_path), "-"])) == [
        *(Source(str(tmp_path / name), 9) for name in names),
        Source("-"),
    ]
    assert _bodies("memory://calls/a.ndjson") == [(1, b'{"a": 1}\n')]
    assert _bodies(f"file://{tmp_path}/a.ndjson", 2, 9) == [(1, b'a": 1}\n')]
    store.rm("/calls", recursive=True)
    with pytest.raises(AccordError, match=r"^`memory://calls` names no recording: there is no such file\.$"):
        list(sources.found(["memory://calls"]))
    with pytest.raises(AccordError, match=r"^`nostore://x` cannot be reached: Protocol not known: nostore\.$"):
        list(sources.found(["nostore://x"]))


def test_standard_input_is_read_as_it_comes_packed_or_not(monkeypatch):
    for text in (b'{"a": 1}\n', gzip.compress(b'{"a": 1}\n')):
        monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=io.BufferedReader(io.BytesIO(text))))
        assert _bodies("-") == [(1, b'{"a": 1}\n')]


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
def test_memory_does_not_grow_with_the_length_of_lines(tmp_path, ending):
    """A hundred megabytes of lines, in no more memory than ten."""
    program = (
        "import resource, sys\nfrom accord import recordings\nfrom accord.recordings import Piece\n"
        "with recordings.opened(Piece(sys.argv[1])) as found:\n    print(sum(1 for _ in found.bodies()))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    used = []
    for count in (10_000, 100_000):
        path = tmp_path / f"{count}.ndjson{ending}"
        with path.open("wb") as plain, compression.packing(str(path), plain) as file:
            for _ in range(count // 1000):
                file.write((b'{"a": "' + b"x" * 990 + b'"}\n') * 1000)
        said = subprocess.run(
            [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
        ).stdout.split()
        assert int(said[0]) == count
        used.append(int(said[1]))
    assert used[1] < used[0] * 1.1 + resource.getpagesize()
