"""The same faults in a service that accord did not write: caught by the same checks, and nothing else is."""

import ast
import sys
from pathlib import Path

import pytest
import requests

from accord import service
from accord.verbs.fuzz import FuzzOptions, fuzz

SERVICE = Path(__file__).with_name("service.py")
FAULTS = next(
    ast.literal_eval(node.value)
    for node in ast.parse(SERVICE.read_text()).body
    if isinstance(node, ast.Assign) and node.targets[0].id == "FAULTS"
)
OPTIONS = {"headers": (("X-CEKURA-API-KEY", "accord"),), "examples": 100}


def test_the_service_imports_the_standard_library_alone():
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(SERVICE.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_found_where_nothing_is_wrong(seed, start, runs):
    report = fuzz(runs, FuzzOptions(url=start(), seed=seed, **OPTIONS))
    assert (report.findings, report.unreachable, report.ledger.nothing_checked) == ((), "", False)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_caught_by_the_check_that_catches_it_in_the_embedded_service(fault, start, runs):
    report = fuzz(runs, FuzzOptions(url=start(fault), **OPTIONS))
    assert {finding.code for finding in report.findings} == {service.faults()[fault].check}


def test_all_properties_of_the_page_are_answered(handmade, runs):
    assert handmade.RUN.keys() == runs.definitions["Run"]["properties"].keys()


ROW = [
    ("POST", {}, b"{}"),
    ("POST", {"X-CEKURA-API-KEY": "wrong"}, b"{}"),
    ("GET", {"X-CEKURA-API-KEY": "accord"}, b""),
    ("POST", {"X-CEKURA-API-KEY": "accord", "Content-Type": "text/plain"}, b"{}"),
    ("POST", {"X-CEKURA-API-KEY": "accord", "Content-Type": "application/json"}, b'{"id": 1}'),
    ("POST", {"X-CEKURA-API-KEY": "accord", "Content-Type": "application/json"}, b'{"evaluation_status": "done"}'),
    ("POST", {"X-CEKURA-API-KEY": "accord", "Content-Type": "application/json"}, b'{"success": true, "feedback": "x"}'),
    ("POST", {"X-CEKURA-API-KEY": "accord", "Content-Type": "application/x-www-form-urlencoded"}, b"success=true"),
    ("POST", {"X-CEKURA-API-KEY": "accord", "Content-Type": "application/x-www-form-urlencoded"}, b"success=1"),
]


def test_both_services_refuse_and_take_the_same(start, runs, handmade, monkeypatch):
    monkeypatch.delenv("CEKURA_API_KEY", raising=False)
    with service.running(runs) as embedded:
        statuses = [
            [
                requests.request(method, url + handmade.PATH, headers=headers, data=body, timeout=5).status_code
                for method, headers, body in ROW
            ]
            for url in (embedded, start())
        ]
    assert statuses == [[401, 401, 405, 415, 400, 400, 200, 200, 400]] * 2
