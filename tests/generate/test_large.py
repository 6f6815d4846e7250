"""Whole platforms: nothing of a large document keeps the rest of it from being generated, imported and used."""

import importlib
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accord import loading
from accord.verbs.generate import generate

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
DOCUMENTS = [*sorted((SHARED / "upstream").glob("*.json")), *sorted((SHARED / "recordings").glob("*/openapi.json"))]
DAILY = "001_"
MOST_LOST = 0.01

pytestmark = pytest.mark.skipif(not DOCUMENTS, reason="the vendor's documents are not at hand")


@pytest.fixture(
    params=[pytest.param(path, id=path.parent.name + path.stem, marks=() if path.name.startswith(DAILY) else pytest.mark.slow) for path in DOCUMENTS]
)  # fmt: skip
def package(request, tmp_path, monkeypatch):
    """The generated package of a document, and what could not be written."""
    report = generate(str(request.param), tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    name = Path(report.counts["package"]).name
    yield tmp_path, name, report, loading.load(str(request.param))
    for known in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
        del sys.modules[known]


def test_a_large_document_is_generated_whole(package):
    _, name, report, contract = package
    lost = [entry for entry in report.ledger.unchecked if entry.what.startswith("model ")]
    assert len(lost) <= MOST_LOST * len(contract.definitions)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        models, client, drawn = (
            importlib.import_module(f"{name}.{each}") for each in ("models", "client", "strategies")
        )
    classes = [each for each in vars(models).values() if isinstance(each, type) and issubclass(each, models.Model)]
    assert len(classes) == report.counts["models"] + 2
    assert [each.__name__ for each in classes if each.model_rebuild() is False] == []
    methods = [each for each in vars(client.Client) if not each.startswith("_") and each not in {"servers", "schemes"}]
    assert len(methods) == len(contract.operations)
    _assert_drawn(drawn, contract)


def _assert_drawn(drawn, contract):
    """Every strategy can be built, and what some of them draw is read by the model of the same definition."""
    own = [each for name, each in vars(drawn).items() if hasattr(each, "cache_info") and not name.startswith("_")]
    built = [each() for each in own if each.__name__ not in {"schema", "body_schema"}]
    assert len(built) >= len(contract.definitions)

    @settings(
        max_examples=40, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def each_can_be_drawn(data):
        data.draw(data.draw(st.sampled_from(built)))

    each_can_be_drawn()


@pytest.mark.slow
def test_what_is_generated_of_a_large_document_is_typed(package):
    folder, name, *_ = package
    words = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder / "cache"), "-p", name]
    done = subprocess.run(words, cwd=folder, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["Success: no issues found in 4 source files"])
