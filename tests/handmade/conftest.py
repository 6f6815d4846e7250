"""The hand-written service as a fixture, loaded by its path: it is no part of any package."""

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

import pytest

from accord.contract import Contract
from accord.loading import load

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def handmade() -> ModuleType:
    spec = importlib.util.spec_from_file_location("handmade_service", HERE / "service.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def start(handmade) -> Iterator[Callable[..., str]]:
    """Start the hand-written service with a fault; the base URL comes back."""
    with ExitStack() as stack:
        yield lambda fault="": stack.enter_context(handmade.serving(fault))


@pytest.fixture(scope="session")
def runs() -> Contract:
    return load(str(HERE.parents[1] / "schema" / "cekura_runs.openapi.yaml"))
