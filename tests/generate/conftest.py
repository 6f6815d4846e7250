import importlib
import json
import sys

import pytest

from accord.document import Document
from accord.verbs.generate import generate


def document(schemas=None, paths=None, **rest):
    """An OpenAPI document of these components and paths."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Made", "version": "1"},
        "paths": paths or {},
        "components": {"schemas": schemas or {}},
        **rest,
    }


def answering(schema, **operation):
    """An operation that answers a value of `schema` as JSON."""
    return {
        "responses": {"200": {"description": "It.", "content": {"application/json": {"schema": schema}}}},
        **operation,
    }


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Generate a document, and import the package."""
    names = []

    def make(data, name="made"):
        text = json.dumps(data)
        report = generate(Document(uri=f"{name}.json", data=data, text=text), tmp_path)
        monkeypatch.syspath_prepend(str(tmp_path))
        for known in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
            del sys.modules[known]
        importlib.invalidate_caches()
        names.append(name)
        package = importlib.import_module(name)
        package.models = importlib.import_module(f"{name}.models")
        package.client = importlib.import_module(f"{name}.client")
        package.strategies = importlib.import_module(f"{name}.strategies")
        package.report = report
        package.folder = tmp_path / name
        return package

    yield make
    for name in names:
        for known in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
            del sys.modules[known]
