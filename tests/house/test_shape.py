"""The shape of the house: sizes, names, declarations, and where imports may hide."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "codegen" / "accord"
MODULES = sorted(SOURCE.rglob("*.py"))
FORBIDDEN = {"utils", "helpers", "base", "common", "manager", "handler"}
HEAVY = frozenset(
    (
        *("dask", "datamodel_code_generator", "distributed", "fsspec", "hypothesis", "idna", "jinja2", "jsonschema_rs"),
        *(
            "msgspec",
            "numpy",
            "pyarrow",
            "pydantic",
            "python_multipart",
            "requests",
            "rich",
            "ruamel",
            "ruff",
            "starlette",
        ),
        *("urllib3", "uvicorn", "yaml", "zstandard"),
    )
)
BRINGS_HEAVY = {"accord.strategies"}  # all of it is Hypothesis
DOTFILES = {".ci", ".github", ".gitignore", ".pre-commit-config.yaml", ".pre-commit-hooks.yaml"}
ROOT_FILES = {
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "action.yml",
    "codegen",
    "generated",
    "pyproject.toml",
    "schema",
    "tests",
}


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path):
    return str(path.relative_to(SOURCE))


def test_nothing_but_the_agreed_files_stands_at_the_root():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    tops = {line.split("/")[0] for line in listed}
    assert {top for top in tops if not top.startswith(".")} <= ROOT_FILES
    assert {top for top in tops if top.startswith(".")} <= DOTFILES


def test_no_module_is_longer_than_300_lines():
    assert {name(path): count for path in MODULES if (count := len(path.read_text().splitlines())) > 300} == {}


def test_no_function_is_longer_than_40_lines():
    long = {}
    for path in MODULES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                documented = node.body[0] if ast.get_docstring(node) is not None else None
                count = node.end_lineno - node.lineno + 1
                if documented is not None:
                    count -= documented.end_lineno - documented.lineno + 1
                if count > 40:
                    long[f"{name(path)}:{node.name}"] = count
    assert long == {}


def test_no_module_has_a_name_that_says_nothing():
    assert [name(path) for path in MODULES if path.stem in FORBIDDEN] == []


def test_every_module_has_a_docstring():
    assert [name(path) for path in MODULES if not ast.get_docstring(parsed(path))] == []


def test_only_heavy_third_party_packages_are_imported_inside_functions():
    hidden = []
    for path in MODULES:
        for node in ast.walk(parsed(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for inner in ast.walk(node):
                if isinstance(inner, ast.ImportFrom):
                    names = [inner.module or ""]
                elif isinstance(inner, ast.Import):
                    names = [alias.name for alias in inner.names]
                else:
                    continue
                hidden += [
                    f"{name(path)}: {each}"
                    for each in names
                    if each.partition(".")[0] not in HEAVY and each not in BRINGS_HEAVY
                ]
    assert hidden == []


def test_no_import_hides_behind_type_checking():
    assert [name(path) for path in MODULES if "TYPE_CHECKING" in path.read_text()] == []


@pytest.mark.parametrize(
    ("room", "constant"),
    [
        ("checks", "CHECK"),
        ("commands", "COMMAND"),
        ("emitters", "EMITTER"),
        ("engines", "ENGINE"),
        ("faults", "FAULT"),
        ("readers", "READER"),
        ("recordings", "RECORDING"),
        ("reports", "FORMAT"),
        ("rules", "RULE"),
    ],
)
def test_every_file_of_a_collection_declares_one_constant_and_documents_it(room, constant):
    package = importlib.import_module(f"accord.{room}")
    modules = [importlib.import_module(f"accord.{room}.{info.name}") for info in pkgutil.iter_modules(package.__path__)]
    assert modules
    assert [module.__name__ for module in modules if not hasattr(module, constant)] == []
    assert [module.__name__ for module in modules if not (module.__doc__ or "").strip()] == []


@pytest.mark.parametrize("name", ["hypothesis", "datamodel_code_generator", "jsonschema", "starlette", "pydantic"])
def test_asking_for_help_imports_nothing_heavy(name):
    code = f"import sys; from accord import cli; sys.exit(cli._run(['--version']) or ({name!r} in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_every_public_name_can_be_had():
    import accord

    assert {each: getattr(accord, each) is not None for each in accord.__all__} == dict.fromkeys(accord.__all__, True)
