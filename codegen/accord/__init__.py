"""accord holds an HTTP API to its schema."""

import importlib
from typing import Any

_PUBLIC = {
    "AccordError": ("accord.errors", "AccordError"),
    "Broken": ("accord.checks", "Broken"),
    "Check": ("accord.checks", "Check"),
    "Contract": ("accord.contract", "Contract"),
    "Format": ("accord.schemas.formats", "Format"),
    "FuzzOptions": ("accord.verbs.fuzz", "FuzzOptions"),
    "Recorder": ("accord.recorder", "Recorder"),
    "Severity": ("accord.findings", "Severity"),
    "Visit": ("accord.network.hooking", "Visit"),
    "assert_conforms": ("accord.conforming", "assert_conforms"),
    "config_from_file": ("accord.config", "from_file"),
    "documents": ("accord.config", "documents"),
    "extend": ("accord.extending", "extend"),
    "exit_code": ("accord.findings", "exit_code"),
    "from_schema": ("accord.strategies", "from_schema"),
    "fuzz": ("accord.verbs.fuzz", "fuzz"),
    "fuzz_options": ("accord.verbs.fuzz", "from_config"),
    "generate": ("accord.verbs.generate", "generate"),
    "load": ("accord.loading", "load"),
    "render": ("accord.reports", "render"),
    "running": ("accord.service", "running"),
}
"""The public names and where they live; each is imported when it is asked for (PEP 562)."""

__all__ = list(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        module, public = _PUBLIC[name]
        return getattr(importlib.import_module(module), public)
    raise AttributeError(f"module 'accord' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(_PUBLIC)
