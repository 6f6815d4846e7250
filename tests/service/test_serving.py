"""The service starts, says why it cannot, and stops without a trace."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from accord import service
from accord.answering import resources
from accord.errors import AccordError
from accord.loading import load
from accord.verbs.serve import serve

UPSTREAM = Path(__file__).parents[3] / "shared" / "upstream"

SCRIPT = """
import sys
from accord.loading import load
from accord.verbs.serve import serve
try:
    serve(load(sys.argv[1]), announce=lambda url: print(url, flush=True))
except KeyboardInterrupt:
    print("stopped")
"""


def test_a_port_that_is_taken_is_told_with_the_remedy(runs):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(AccordError) as told, service.running(runs, port=port):
            pass
    assert str(told.value) == (
        f"port {port} of 127.0.0.1 cannot be used: Address already in use; name another with --port."
    )


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none_is_told(runs, port):
    with pytest.raises(AccordError, match=rf"^port {port} of 127\.0\.0\.1 cannot be used: .*; name another with --port\.$"):  # fmt: skip
        service.running(runs, port=port).__enter__()


def test_after_the_service_has_stopped_nothing_is_left(runs):
    threads = set(threading.enumerate())
    with service.running(runs) as url:
        port = int(url.rpartition(":")[2])
        with requests.Session() as session:  # an open keep-alive connection does not delay the end
            session.get(url)
            begun = time.monotonic()
    assert time.monotonic() - begun < 3
    assert set(threading.enumerate()) == threads
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_the_service_stops_when_its_user_fails(runs):
    with pytest.raises(ZeroDivisionError), service.running(runs) as url:
        raise ZeroDivisionError
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=1)


def test_the_logging_of_the_process_is_left_as_it_was(runs):
    handlers = list(logging.getLogger("uvicorn").handlers)
    with service.running(runs):
        pass
    assert logging.getLogger("uvicorn").handlers == handlers


def test_serve_says_beforehand_what_it_cannot_answer(things):
    said: list[str] = []

    def announce(_url: str) -> None:
        said.append("serving")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        serve(things, announce=announce, warn=said.append)
    assert said == [
        "GET /impossible is answered with a 500: no value conforming to its answer's schema was found.",
        "serving",
    ]


def test_serve_warns_of_a_host_that_others_can_reach(runs):
    said: list[str] = []
    address = "192.0.2.1"  # reserved for documentation: no machine has it, so nothing is ever opened to others here
    with pytest.raises(AccordError) as told:
        serve(runs, announce=said.append, warn=said.append, host=address, port=8080)
    reason = "Cannot assign requested address"
    assert str(told.value) == f"port 8080 of {address} cannot be used: {reason}; name another with --port."
    assert said == ["192.0.2.1 can be reached from other machines, and the key is a known one."]


def test_an_interrupt_ends_serve_at_once():
    document = Path(__file__).with_name("things.yaml")
    with subprocess.Popen([sys.executable, "-c", SCRIPT, str(document)], stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip()
        assert requests.get(f"{url}/things", timeout=5).status_code == 200
        os.kill(process.pid, signal.SIGINT)
        assert process.communicate(timeout=10)[0] == "stopped\n"
    assert process.returncode == 0


def test_a_whole_platform_is_served_within_seconds():
    documents = sorted(UPSTREAM.glob("118_*.json"))
    if not documents:
        pytest.skip("the vendor's documents are not here")
    begun = time.monotonic()
    contract = load(str(documents[0]))
    assert resources.unanswerable(contract) == ()
    with service.running(contract) as url:
        assert requests.get(f"{url}/nowhere", timeout=5).json() == {"detail": "Nothing is here."}
    assert time.monotonic() - begun < 30
