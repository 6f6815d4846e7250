"""The hand-written shop stands on its own, and each of its faults is one that it has."""

import ast
import sys
from pathlib import Path

import pytest

from accord import checks

SHOP = Path(__file__).parent / "shop"
SOURCES = {path.name: path.read_text() for path in sorted(SHOP.glob("*.py"))}


def literal(name: str) -> object:
    """The table of faults is computed: it is read by running it."""
    sys.path.insert(0, str(SHOP.parent))
    try:
        import shop

        return getattr(shop, name)
    finally:
        sys.path.remove(str(SHOP.parent))


FAULTS = literal("FAULTS")


def test_the_shop_imports_the_standard_library_and_itself_alone():
    imported = set()
    for text in SOURCES.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(node.module.partition(".")[0])
    assert imported <= sys.stdlib_module_names


def test_there_are_at_least_sixty_faults_and_each_names_a_check_that_there_is():
    assert len(FAULTS) >= 60
    assert set(FAULTS.values()) <= checks.declared().keys()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_asked_for_by_name_where_it_shows(name):
    assert sum(text.count(f'"{name}"') for text in SOURCES.values()) >= 1
