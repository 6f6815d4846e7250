"""What a source may be, and what a `$ref` may reach."""

import http.server
import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord import document, fetching
from accord.errors import DocumentError, UnreachableError


def sentence(call) -> str:
    with pytest.raises(DocumentError) as caught:
        call()
    return str(caught.value)


def test_json_and_yaml_are_told_by_content_not_by_suffix(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.json").write_text("openapi: 3.1.0\n")
    Path("b.yaml").write_text('{"openapi": "3.1.0"}')
    Path("c.json").write_text("{openapi: 3.1.0, a: [1, b]}")
    assert fetching.fetch("a.json").data == {"openapi": "3.1.0"}
    assert fetching.fetch("b.yaml").data == {"openapi": "3.1.0"}
    assert fetching.fetch("c.json").data == {"openapi": "3.1.0", "a": [1, "b"]}


def test_yaml_is_read_as_yaml_1_2_core():
    text = (
        "200: a\non: yes\nday: 2026-01-02\nsix: 1:30\noct: 010\nf: 1e3\ntrue: null\nb: &x {c: 1}\nd: {<<: *x, e: 2}\n"
    )
    assert fetching.parse(text.encode(), "d.yaml").data == {
        "200": "a",
        "on": "yes",
        "day": "2026-01-02",
        "six": "1:30",
        "oct": 10,
        "f": 1000.0,
        "true": None,
        "b": {"c": 1},
        "d": {"c": 1, "e": 2},
    }


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "d.yaml: is empty; name a file that holds an OpenAPI document."),
        (b"\xff\xfe", "d.yaml: is not UTF-8 at byte 0; save it as UTF-8."),
        (
            b'{"a": ',
            "d.yaml: is neither JSON nor YAML: did not find expected node content at line 2, column 1; mend its syntax.",
        ),
        (b"? [1]\n: 2\n", "d.yaml: is neither JSON nor YAML: a key is not text at line 1, column 1; mend its syntax."),
        (b"[" * 100_000, "d.yaml: is nested too deep to be read."),
    ],
)
def test_what_cannot_be_read_costs_one_sentence(raw, message):
    assert sentence(lambda: fetching.parse(raw, "d.yaml")) == message


def test_aliases_that_unfold_without_end_are_refused(monkeypatch):
    monkeypatch.setattr(fetching, "_MOST_NODES", 1000)
    bomb = "a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
    assert sentence(lambda: fetching.parse(bomb.encode(), "d.yaml")) == (
        "d.yaml: unfolds to more than 1,000 values; write its aliases out."
    )


def test_a_missing_file_names_the_nearest_one(tmp_path):
    (tmp_path / "contract.yaml").write_text("a: 1")
    path = tmp_path / "contrct.yaml"
    assert sentence(lambda: fetching.fetch(str(path))) == (
        f"{path}: there is no such file; did you mean `{tmp_path / 'contract.yaml'}`?"
    )


def git(*words: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@localhost"]
    subprocess.run(["git", *identity, *words], check=True, capture_output=True)


def test_a_git_revision_is_read_with_its_references(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    (tmp_path / "api").mkdir()
    Path("api/a.yaml").write_text("x: {$ref: 'b.yaml#/old'}")
    Path("api/b.yaml").write_text("old: 1")
    git("add", ".")
    git("commit", "-qm", "first")
    Path("api/a.yaml").write_text("changed: true")
    Path("api/b.yaml").write_text("new: 1")
    root = fetching.fetch("HEAD:api/a.yaml")
    assert root.data == {"x": {"$ref": "b.yaml#/old"}}
    target, pointer = fetching.resolve(fetching.library(root), root, "b.yaml#/old")
    assert (target.uri, pointer, target.data) == ("HEAD:api/b.yaml", "/old", {"old": 1})
    assert sentence(lambda: fetching.fetch("HEAD:api/c.yaml")) == (
        "HEAD:api/c.yaml: there is no such file, and git says: path 'api/c.yaml' does not exist in 'HEAD'; "
        "check path and revision."
    )


def test_a_revision_cannot_pass_an_option_to_git(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    with pytest.raises(DocumentError):
        fetching.fetch("--output=owned:a.yaml")
    assert not (tmp_path / "owned").exists()
    assert not list(tmp_path.glob("owned*"))


@pytest.fixture
def library(tmp_path, monkeypatch) -> fetching.Library:
    folder = tmp_path / "api"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (tmp_path / "outside.yaml").write_text("a: 1")
    (folder / "other.yaml").write_text("Runs: {type: object}\nback: {$ref: 'root.yaml#/here'}")
    (folder / "notes.txt").write_text("a: 1")
    (folder / "root.yaml").write_text("here: {a/b: [1, {c~d: 2}]}\nnamed: {$anchor: spot}\nid: {$id: 'urn:x'}\n")
    return fetching.library(fetching.fetch("root.yaml"))


def test_references_lead_across_files_and_back(library):
    other, pointer = fetching.resolve(library, library.root, "other.yaml#/back")
    assert (other.uri, pointer) == ("other.yaml", "/back")
    root, pointer = fetching.resolve(library, other, "root.yaml#/here/a~1b/1/c~0d")
    assert root is library.root
    assert document.at(root.data, pointer) == 2


def test_anchors_and_ids_are_found(library):
    assert fetching.resolve(library, library.root, "#spot") == (library.root, "/named")
    assert fetching.resolve(library, library.root, "urn:x") == (library.root, "/id")


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("other.yaml#/Run", '`$ref` "other.yaml#/Run" leads nowhere; did you mean `Runs`?'),
        ("#/zzz/q", '`$ref` "#/zzz/q" leads nowhere; define it or mend the `$ref`.'),
        ("#where", '`$ref` "#where" names no anchor.'),
        (
            "http://127.0.0.1:9/x.yaml",
            (
                '`$ref` reaches "http://127.0.0.1:9/x.yaml", and remote references are off; '
                "keep a local copy, or allow them."
            ),
        ),
        ("file:///etc/hosts.json", '`$ref` reaches "../../../../etc/hosts.json", outside'),
        (
            "../outside.yaml",
            (
                '`$ref` reaches "../outside.yaml", outside the document\'s folder and the working directory; '
                "move the file or the `$ref`."
            ),
        ),
        ("notes.txt", '`$ref` reaches "notes.txt", no .json, .yaml or .yml file; move the file or the `$ref`.'),
    ],
)
def test_a_reference_that_leads_nowhere_or_where_it_may_not_is_refused(library, ref, message):
    told = sentence(lambda: fetching.resolve(library, library.root, ref, pointer="/p"))
    if ref.startswith("file:"):
        assert "outside the document's folder" in told
    else:
        assert told == f"root.yaml#/p: {message}"


class _Remote(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path == "/api.json"
        body = json.dumps({"$ref": "file:///etc/hosts.json"}).encode() if found else b"no"
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def remote() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Remote)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_url_is_read_and_cannot_reach_a_local_file(remote):
    root = fetching.fetch(f"{remote}/api.json")
    library = fetching.library(root, remote=True)
    assert sentence(lambda: fetching.resolve(library, root, root.data["$ref"])).startswith(
        f'{remote}/api.json: `$ref` reaches "file:///etc/hosts.json", neither a file nor an http(s) URL'
    )
    assert sentence(lambda: fetching.fetch(f"{remote}/gone.json")) == (
        f"{remote}/gone.json: was answered with 404; check the address."
    )


def test_a_silent_host_is_unreachable():
    with pytest.raises(UnreachableError) as caught:
        fetching.fetch("http://127.0.0.1:9/a.yaml", timeout=2)
    assert (
        str(caught.value) == "http://127.0.0.1:9/a.yaml: the host did not answer (ConnectionError); check the address."
    )
    assert caught.value.exit_code == 3


def test_the_line_of_a_pointer_is_that_of_its_key_or_of_its_deepest_part():
    text = "a:\n  b:\n    - x\n    - c: 1\n"
    doc = fetching.parse(text.encode(), "d.yaml")
    assert document.lines(doc, ["", "/a/b", "/a/b/1/c", "/a/b/9", "/q"]) == {
        "": 1, "/a/b": 2, "/a/b/1/c": 4, "/a/b/9": 2, "/q": 1,
    }  # fmt: skip
    tabbed = fetching.parse(b'{\n\t"a": {\n\t\t"b": 1\n\t}\n}', "d.json")
    assert document.line(tabbed, "/a/b") == 3


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text('ab"\\/~\n', max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~0", max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(JSON, st.integers(0, 3))
def test_the_lines_of_json_are_those_that_its_text_shows(value, indent):
    """Each value of a marked copy is on the line where the text has its mark."""
    counted = iter(range(10**6))
    marked = [(pointer, next(counted)) for pointer, item in document.walk(value) if not isinstance(item, dict | list)]
    numbers = dict(marked)

    def mark(item, pointer=""):
        if isinstance(item, dict):
            return {key: mark(child, document.join(pointer, key)) for key, child in item.items()}
        if isinstance(item, list):
            return [mark(child, document.join(pointer, index)) for index, child in enumerate(item)]
        return f"mark {numbers[pointer]} "

    text = json.dumps(mark(value), indent=indent or None)
    shown = text.splitlines()
    found = document.lines(document.Document(uri="d.json", data=None, text=text), numbers)
    for pointer, number in marked:
        assert f'"mark {number} "' in shown[found[pointer] - 1]
