"""The embedded service of two contracts, on loopback."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from accord import service
from accord.contract import Contract
from accord.loading import load

HERE = Path(__file__).parent
RUNS = "/test_framework/v1/runs/improve_prompt_bg/"


@pytest.fixture(scope="session")
def runs() -> Contract:
    return load(str(HERE.parents[1] / "schema" / "cekura_runs.openapi.yaml"))


@pytest.fixture(scope="session")
def things() -> Contract:
    return load(str(HERE / "things.yaml"))


@pytest.fixture(scope="session")
def path() -> str:
    """The one path of the first contract."""
    return RUNS


@pytest.fixture(autouse=True, scope="session")
def keyless() -> Iterator[None]:
    """No key is in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CEKURA_API_KEY", "LOGIN_BASIC", "TOKEN"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture
def start() -> Iterator[Callable[..., str]]:
    """Start a service; the base URL comes back."""
    with ExitStack() as stack:
        yield lambda contract, **options: stack.enter_context(service.running(contract, **options))


@pytest.fixture(scope="session")
def runs_url(runs) -> Iterator[str]:
    """One honest service of the first contract, for tests that leave no trace."""
    with service.running(runs) as url:
        yield url


@pytest.fixture(scope="session")
def things_url(things) -> Iterator[str]:
    """One honest service of the things, for tests that leave no trace."""
    with service.running(things) as url:
        yield url


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as opened:
        opened.trust_env = False
        yield opened
