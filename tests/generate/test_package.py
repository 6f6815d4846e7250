"""A generated package: the same bytes for the same contract, and what of it is stale is told with the cause."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from accord import lock
from accord.document import Document
from accord.errors import AccordError
from accord.verbs import generate as verb
from accord.verbs.generate import generate

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "schema" / "cekura_runs.openapi.yaml"
FILES = ["__init__.py", "accord.lock", "client.py", "models.py", "py.typed", "schemas.json", "strategies.py"]


def shuffled(draw, value):
    """`value` with the keys of every object in another order."""
    if isinstance(value, dict):
        keys = list(value)
        draw.shuffle(keys)
        return {key: shuffled(draw, value[key]) for key in keys}
    return [shuffled(draw, item) for item in value] if isinstance(value, list) else value


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The package of the first contract, generated now."""
    folder = tmp_path_factory.mktemp("generated")
    generate(str(SCHEMA), folder)
    return folder / "cekura_runs"


@pytest.fixture
def package(fresh, tmp_path):
    """A copy of it that may be changed, with its document beside."""
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / SCHEMA.name).write_bytes(SCHEMA.read_bytes())
    (tmp_path / "cekura_runs").mkdir()
    for name, data in contents(fresh).items():
        (tmp_path / "cekura_runs" / name).write_bytes(data)
    return tmp_path / "cekura_runs"


def checked(package):
    report = generate(str(package.parent / "schema" / SCHEMA.name), package.parent, check=True)
    return [(finding.code, finding.message) for finding in report.findings]


def test_what_is_committed_is_what_the_contract_gives_now(fresh):
    assert contents(fresh) == {
        name: data for name, data in contents(ROOT / "generated" / "cekura_runs").items() if name in FILES
    }
    assert sorted(contents(fresh)) == FILES


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_keys_changes_no_byte(fresh, tmp_path, seed):
    data = shuffled(random.Random(seed), yaml.safe_load(SCHEMA.read_text()))
    generate(Document(uri=str(SCHEMA), data=data, text=json.dumps(data)), tmp_path)
    assert contents(tmp_path / "cekura_runs") == contents(fresh)


@pytest.mark.parametrize("seed", ["0", "17"])
def test_the_seed_of_hashes_changes_no_byte(fresh, tmp_path, seed):
    words = [sys.executable, "-m", "accord", "generate", str(SCHEMA), "--out", str(tmp_path)]
    subprocess.run(words, check=True, capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed})
    assert contents(tmp_path / "cekura_runs") == contents(fresh)


def test_nothing_is_stale_where_nothing_changed(package):
    assert checked(package) == []


def test_a_comment_in_the_contract_makes_nothing_stale(package):
    document = package.parent / "schema" / SCHEMA.name
    document.write_text("# a remark\n" + document.read_text())
    assert checked(package) == []


def test_a_changed_contract_is_told_from_an_edited_file_and_another_generator(package, monkeypatch):
    where = str(package)
    document = package.parent / "schema" / SCHEMA.name
    document.write_text(document.read_text().replace("- scaling_up\n", "- scaling_down\n"))
    contract = (
        "contract-changed",
        f"`{SCHEMA.name}` has changed since `{where}` was generated from it; run `accord generate`.",
    )
    assert checked(package) == [contract]
    (package / "models.py").write_text("# mine\n")
    (package / "client.py").unlink()
    edited = ("generated-edited", f"`{where}/models.py` was edited since it was generated; run `accord generate`.")
    missing = ("generated-edited", f"`{where}/client.py` is missing; run `accord generate`.")
    assert checked(package) == [contract, missing, edited]
    monkeypatch.setattr(lock, "version", lambda name: "9.9" if name == "ruff" else "0.89.0")
    found = dict(checked(package))
    assert found.keys() == {"contract-changed", "generated-edited", "generator-changed"}


def test_documents_of_one_name_in_two_folders_are_told_apart(tmp_path):
    operation = {
        "responses": {
            "200": {"description": "It.", "content": {"application/json": {"schema": {"$ref": "b/it.json#/B"}}}}
        }
    }
    parts = {
        "a/it.json": {"A": {"type": "string"}},
        "b/it.json": {"B": {"properties": {"a": {"$ref": "../a/it.json#/A"}}}},
    }
    root = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/t": {"get": operation}}}
    for name, data in {**parts, "it.json": root}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps(data))
    generate(str(tmp_path / "it.json"), tmp_path / "out")
    known = lock.read(tmp_path / "out" / "it" / "accord.lock")
    assert list(known.documents) == ["a/it.json", "b/it.json", "it.json"]
    (tmp_path / "a" / "it.json").write_text(json.dumps({"A": {"type": "integer"}}))
    (found,) = generate(str(tmp_path / "it.json"), tmp_path / "out", check=True).findings
    assert (found.code, found.message.partition(" since ")[0]) == ("contract-changed", "`a/it.json` has changed")


def test_a_check_writes_nothing_and_says_where_nothing_was_generated(tmp_path):
    report = generate(str(SCHEMA), tmp_path / "nowhere", check=True)
    assert [finding.code for finding in report.findings] == ["not-generated"]
    assert not (tmp_path / "nowhere").exists()


def test_a_check_never_imports_the_generator():
    code = (
        "import sys; from pathlib import Path; from accord.verbs.generate import generate;"
        f"found = generate({str(SCHEMA)!r}, Path({str(ROOT / 'generated')!r}), check=True).findings;"
        "sys.exit('datamodel_code_generator' in sys.modules or 'hypothesis' in sys.modules or bool(found))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def test_the_known_versions_are_those_of_the_emitters():
    assert verb.emitter_versions() == verb.VERSIONS


def test_only_what_changed_is_written_again(package):
    (package / "models.py").write_text("# mine\n")
    before = {path.name: path.stat().st_mtime_ns for path in package.iterdir()}
    generate(str(package.parent / "schema" / SCHEMA.name), package.parent)
    after = {path.name: path.stat().st_mtime_ns for path in package.iterdir()}
    assert [name for name in FILES if before[name] != after[name]] == ["models.py"]
    assert checked(package) == []


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"lock": 2}', '{"lock": 1, "documents": {}, "generators": [], "files": {}}']
)
def test_a_lock_that_is_none_is_named_with_the_remedy(package, text):
    (package / "accord.lock").write_text(text)
    with pytest.raises(AccordError) as refused:
        checked(package)
    assert str(refused.value) == f"{package}/accord.lock: is no lock of format 1; remove it and run `accord generate`."


def test_a_file_that_cannot_be_written_leaves_the_old_one_whole(package, monkeypatch):
    old = (package / "models.py").read_bytes()
    (package / "models.py").write_bytes(old + b"# mine\n")

    def refuse(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fdopen", refuse)
    with pytest.raises(AccordError, match="cannot be written: No space left on device"):
        generate(str(package.parent / "schema" / SCHEMA.name), package.parent)
    assert (package / "models.py").read_bytes() == old + b"# mine\n"
    assert sorted(path.name for path in package.iterdir()) == FILES


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("schema/cekura_runs.openapi.yaml", "cekura_runs"),
        ("HEAD~1:api/v2.json", "v2"),
        ("https://example.com/docs/Pet-Store.yaml", "pet_store"),
        ("118_2026.json", "api_118_2026"),
        ("class.yaml", "class_"),
        ("...", "api"),
    ],
)
def test_a_package_is_named_after_its_document(uri, name):
    assert verb.package_name(uri) == name
