"""accord holds an HTTP API to its schema."""

import importlib
from typing import Any

_PUBLIC = {
    "AccordError": "accord.errors",
    "Contract": "accord.contract",
    "FuzzOptions": "accord.verbs.fuzz",
    "Recorder": "accord.recorder",
    "assert_conforms": "accord.pytest_plugin",
    "from_schema": "accord.strategies",
    "fuzz": "accord.verbs.fuzz",
    "generate": "accord.verbs.generate",
    "load": "accord.loading",
    "running": "accord.service",
}
"""The public names and where they live; each is imported when it is asked for (PEP 562)."""

__all__ = list(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'accord' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(_PUBLIC)
