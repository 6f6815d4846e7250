"""However the work is spread, over processes or a cluster of which a worker dies, the report is that of one process."""

import contextlib
import json
import os
import re
import runpy
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from accord import engines, recordings
from accord.engines import Spread
from accord.errors import AccordError, ConfigError
from accord.exchange import Exchange, Request, Response
from accord.files import sources
from accord.files.sources import Source
from accord.recordings import Piece

ROOT = Path(__file__).parents[2]
CONTRACT = str(ROOT / "schema" / "cekura_runs.openapi.yaml")
URL = "https://api.cekura.ai/test_framework/v1/runs/improve_prompt_bg/"
JSON = (("Content-Type", "application/json"),)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """A folder of HAR, cassette, lines of exchanges and of bare bodies, packed lines and Parquet, each with broken entries."""
    folder = tmp_path_factory.mktemp("mixed")
    bodies = list(runpy.run_path(str(ROOT / "tests" / "benchmarks" / "runs.py"))["lines"](300, 5.0))
    asked = Request(method="POST", url=URL, headers=JSON, body=b"{}")
    exchanges = [
        Exchange(request=asked, response=Response(status=200, headers=JSON, body=body)) for body in bodies[:40]
    ]
    for name, some in (
        ("a.har", exchanges[:10]),
        ("b.yaml", exchanges[10:20]),
        ("c.ndjson", exchanges[20:30]),
        ("d.ndjson.zst", exchanges[30:]),
    ):
        recordings.write(folder / name, some)
    with (folder / "c.ndjson").open("ab") as file:
        file.write(b'{"accord": 1, "request"\n[]\n')
    broken = (folder / "a.har").read_text().replace("\n]}}", ',\n{"request": {}}\n]}}')
    (folder / "a.har").write_text(broken)
    (folder / "e.ndjson").write_bytes(b"".join([*bodies[40:200], b"{broken\n", *bodies[200:]]))
    return folder


def _verify(*arguments, **environment):
    command = [
        sys.executable,
        "-m",
        "accord",
        "verify",
        "--contract",
        CONTRACT,
        "--operation",
        "improve_prompt_bg",
        "--format",
        "json",
    ]
    return subprocess.Popen(
        [*command, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


def _report(process):
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    return out


@pytest.fixture(scope="module")
def serial(mixed):
    return _report(_verify(mixed, "--workers", "1"))


def test_a_har_a_cassette_and_lines_with_broken_entries_give_one_report_whose_counts_add_up(mixed, serial):
    report = json.loads(serial)
    counts = report["counts"]
    assert counts["files"] == 5
    assert counts["entries"] == counts["matched"] + counts["unmatched"] + counts["damaged"] == 304
    assert (counts["damaged"], counts["unmatched"]) == (3, 0)
    located = {entry["what"]: entry["reason"] for entry in report["ledger"] if entry["what"].startswith(str(mixed))}
    assert located == {
        f"{mixed}/a.har:11": "the entry is no exchange of HAR 1.2 (it has no `method`)",
        f"{mixed}/c.ndjson:11": "the line is no exchange (it is no JSON)",
        f"{mixed}/c.ndjson:12": "the line is no exchange (a part of it is not what it should be)",
    }
    assert [item["count"] for item in report["findings"] if item["code"] == "strict-json"] == [1]
    assert counts["conform"] > 200


@pytest.mark.parametrize("least", ["20000", "400000"])
def test_two_processes_give_the_report_of_one(mixed, serial, least):
    assert _report(_verify(mixed, "--workers", "2", "--part", least)) == serial


def test_two_workers_of_a_cluster_give_the_report_of_one_process(mixed, serial):
    program = f"""
import distributed, sys
from accord.cli import main
cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None)
main([*{["verify", "--contract", CONTRACT, "--operation", "improve_prompt_bg", "--format", "json", str(mixed)]},
      "--engine", "dask", "--part", "100000", "--cluster", cluster.scheduler_address])
"""
    running = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (running.returncode, running.stdout) == (1, serial), running.stderr


@pytest.mark.slow
def test_a_cluster_of_which_a_worker_dies_gives_the_report_of_one_process(mixed, tmp_path):
    """A scheduler and two workers started from the command line; the one that has begun to read a pipe is killed."""
    waiting = tmp_path / "pipe.ndjson"
    lines = b"".join((mixed / "e.ndjson").read_bytes().splitlines(keepends=True)[:50])
    waiting.write_bytes(lines)
    serial = _report(_verify(mixed, waiting, "--workers", "1"))
    started = []
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "False", "TMPDIR": str(tmp_path)}

    def start(*words, log):
        with (tmp_path / log).open("w") as file:
            command = [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]]
            started.append(subprocess.Popen(command, stdout=file, stderr=file, env=environment, start_new_session=True))
        return started[-1]

    try:
        start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", log="scheduler")
        url = _waited(lambda: re.search(r"tcp://127\.0\.0\.1:\d+", (tmp_path / "scheduler").read_text()))[0]
        options = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory", str(tmp_path))
        workers = [start("dask_worker", url, *options, log=f"worker{number}") for number in (1, 2)]
        for number in (1, 2):
            _waited(lambda number=number: "Registered to" in (tmp_path / f"worker{number}").read_text())
        waiting.unlink()
        os.mkfifo(waiting)
        running = _verify(mixed, waiting, "--engine", "dask", "--cluster", url, "--part", "20000")
        writer = _waited(lambda: _writer(waiting))
        busy = _waited(lambda: next((one for one in workers if _has_open(one.pid, waiting)), None))
        os.killpg(busy.pid, signal.SIGKILL)
        assert busy.wait(timeout=5) == -signal.SIGKILL
        (other,) = [one for one in workers if one is not busy]
        _waited(lambda: _has_open(other.pid, waiting))
        with os.fdopen(writer, "wb") as file:
            os.set_blocking(writer, True)
            file.write(lines)
        assert _report(running) == serial
        assert other.poll() is None
    finally:
        for process in started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=5)


def _has_open(pid, path):
    """Whether a process waits at, or reads, a pipe."""
    with contextlib.suppress(OSError):
        return any(link.readlink() == path for link in Path(f"/proc/{pid}/fd").iterdir())
    return False


def _writer(path):
    """The end of a pipe to write into, once a process has opened the other."""
    with contextlib.suppress(OSError):
        return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    return None


def _waited(condition):
    until = time.monotonic() + 60
    while not (found := condition()):
        assert time.monotonic() < until, "nothing came of it in a minute"
        time.sleep(0.02)
    return found


def test_parts_are_few_cut_at_line_ends_and_small_recordings_go_together(tmp_path):
    path = tmp_path / "a.ndjson"
    text = b"".join(b"%d %s\n" % (number, b"x" * (number % 97)) for number in range(2000))
    path.write_bytes(text)
    small = [tmp_path / f"s{number}.ndjson" for number in range(5)]
    for one in small:
        one.write_bytes(b"{}\n")
    parts = list(engines.divided(list(sources.found([str(path), *map(str, small)])), 2, 4000))
    (*ranges, together) = parts
    assert [piece.name for piece in together] == [str(one) for one in small]
    assert len(ranges) == 3
    cut = [text[piece.start : piece.end] for (piece,) in ranges]
    assert b"".join(cut) == text
    assert all(one.endswith(b"\n") for one in cut)
    assert list(engines.divided([Source(str(path), len(text))], 1, 4000)) == [(Piece(str(path)),)]


def test_a_range_is_numbered_from_its_start_and_tells_how_many_lines_it_has(tmp_path):
    path = tmp_path / "a.ndjson"
    path.write_bytes(b"11\n22\n33\n44")
    piece = Piece(str(path), 3, 9)
    with recordings.opened(piece) as found:
        assert list(found.bodies()) == [(1, b"22\n"), (2, b"33\n")]
    assert piece.lines == 2


def test_an_engine_that_there_is_not_is_an_error_that_names_the_nearest():
    with pytest.raises(ConfigError, match=r"^There is no engine `dusk`; did you mean `dask`\?$"):
        list(engines.run("dusk", list, [], Spread()))


def test_a_scheduler_that_does_not_answer_is_an_error(tmp_path):
    (tmp_path / "a.ndjson").write_bytes(b"{}\n")
    running = _verify(tmp_path / "a.ndjson", "--engine", "dask", "--cluster", "tpc://nowhere:1")
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (2, "")
    assert (
        err
        == "accord: `tpc://nowhere:1` is no scheduler that answers: unknown address scheme 'tpc' (known schemes: ['inproc', 'tcp', 'tls', 'ucx', 'ws', 'wss']).\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="processes are told apart by /proc")
def test_a_process_that_dies_is_an_error_with_a_remedy():
    with pytest.raises(
        AccordError, match=r"^A worker process died, perhaps for want of memory: name fewer with --workers\.$"
    ):
        list(engines.declared()["local"].value.run(_die, [(Piece("a"),), (Piece("b"),)], Spread(workers=2)))


def _die(_part):
    os.kill(os.getpid(), signal.SIGKILL)
