"""The services with planted faults that the sweep runs `fuzz` against, and what each fault should be caught by."""

import functools
import importlib.util
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import yaml
from lax import lax

from accord import service
from accord.contract import Contract
from accord.loading import load

TESTS = Path(__file__).parents[1]
RUNS = TESTS.parent / "schema" / "cekura_runs.openapi.yaml"
SHOP = TESTS / "shop" / "shop.yaml"
KEY = "accord"

FAMILIES = {
    "authentication": "authentication",
    "content-type": "response shape",
    "echo": "state",
    "headers": "headers",
    "invalid-accepted": "accepts wrong",
    "list-filter": "lists",
    "list-limit": "lists",
    "list-page": "lists",
    "list-scope": "lists",
    "list-count": "lists",
    "next-page": "lists",
    "list-default": "lists",
    "list-deleted": "lists",
    "list-made": "lists",
    "list-order": "lists",
    "list-range": "lists",
    "thing-scope": "lists",
    "location": "headers",
    "no-answer": "crash",
    "resembles-nothing": "response shape",
    "response-body": "response shape",
    "server-error": "crash",
    "status-code": "status",
    "strict-json": "response shape",
    "undocumented-property": "undocumented",
    "valid-refused": "refuses right",
}
"""The class of a fault, by the check that is meant to catch it; a check not named here is about state."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A service: the document it keeps, the keys in its caller's environment and as headers, its faults with the check meant for each, and how it starts."""

    document: Path
    keys: Mapping[str, str]
    headers: Mapping[str, str]
    faults: Mapping[str, str]
    start: Callable[[str], AbstractContextManager[str]]


@functools.cache
def _module(name: str, path: Path) -> ModuleType:
    folders = [str(path.parent)] if path.name == "__init__.py" else None
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=folders)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@functools.cache
def strict(document: Path) -> Contract:
    return load(str(document))


@functools.cache
def laxer(document: Path) -> Contract:
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / document.name
        written.write_text(yaml.safe_dump(lax(yaml.safe_load(document.read_text())), sort_keys=False))
        return load(str(written))


def _shop_headers(keys: Mapping[str, str]) -> dict[str, str]:
    return {
        "X-Shop-Key": keys["SHOP_KEY"],
        "Authorization": f"Bearer {keys['STAFF_TOKEN']}",
        "Cookie": f"session={keys['SESSION']}",
    }


def _embedded(document: Path, but: Mapping[str, str], keys: Mapping[str, str], headers: Mapping[str, str]) -> Subject:
    """The embedded service of `document` with the faults that fit it, those in `but` left out."""
    operations = strict(document).operations
    fitting = {
        name: fault.check
        for name, fault in service.faults().items()
        if name not in but and any(map(fault.fits, operations))
    }
    return Subject(
        document=document,
        keys=keys,
        headers=headers,
        faults=fitting,
        start=lambda fault: service.running(strict(document), fault=fault or None),
    )


def _embedded_runs() -> Subject:
    return _embedded(RUNS, {}, {"CEKURA_API_KEY": KEY}, {"X-CEKURA-API-KEY": KEY})


def _embedded_shop() -> Subject:
    keys = dict.fromkeys(("SHOP_KEY", "STAFF_TOKEN", "SESSION"), KEY)
    return _embedded(SHOP, subject("embedded").faults, keys, _shop_headers(keys))


def _handmade() -> Subject:
    module, meant = _module("handmade_service", TESTS / "handmade" / "service.py"), service.faults()
    return Subject(
        document=RUNS,
        keys={"CEKURA_API_KEY": KEY},
        headers={"X-CEKURA-API-KEY": KEY},
        faults={name: meant[name].check for name in module.FAULTS},
        start=module.serving,
    )


def _shop() -> Subject:
    module = _module("shop", TESTS / "shop" / "shop" / "__init__.py")
    return Subject(
        document=SHOP,
        keys=module.ENVIRONMENT,
        headers=_shop_headers(module.ENVIRONMENT),
        faults=module.FAULTS,
        start=module.serving,
    )


SUBJECTS: Mapping[str, Callable[[], Subject]] = {
    "embedded": _embedded_runs,
    "embedded-shop": _embedded_shop,
    "handmade": _handmade,
    "shop": _shop,
}


@functools.cache
def subject(name: str) -> Subject:
    return SUBJECTS[name]()
