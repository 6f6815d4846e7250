"""A package's modules declare one constant each, and a module that declares none fails at once."""

import sys

import pytest

from accord.collection import collect


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "made_up"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "second_one.py").write_text('"""Two."""\nTHING = 2\n')
    (folder / "first.py").write_text("THING = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "made_up"]:
        del sys.modules[name]


@pytest.mark.usefixtures("package")
def test_declarations_are_named_by_file_in_alphabetical_order():
    found = collect("made_up", "THING", int)
    assert [(name, item.name, item.doc, item.value) for name, item in found.items()] == [
        ("first", "first", "", 1),
        ("second-one", "second-one", "Two.", 2),
    ]


def test_a_module_that_declares_nothing_says_what_to_bind(package):
    (package / "third.py").write_text("THING = 'three'\n")
    with pytest.raises(TypeError) as caught:
        collect("made_up", "THING", int)
    assert str(caught.value) == "made_up.third declares nothing: bind `THING = int(...)` in it."
