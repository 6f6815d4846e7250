"""What mitmproxy, Playwright and Chromium's own tools for developers really write is read.

These tests need the tools, and are skipped without them.
"""

import http.server
import json
import shutil
import subprocess
import threading
import time
from contextlib import ExitStack, closing, suppress

import pytest
import requests

from accord import recordings
from accord.files.remains import NO_BODY

NOTE = b'{"text": "gr\\u00fc\\u00dfe", "size": 3}'


class _Notes(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/gone":
            self.close_connection = True
            return
        status, kind, body = {
            "/binary": (200, "application/octet-stream", bytes(range(256))),
            "/moved": (302, "", b""),
            "/none": (204, "", b""),
        }.get(self.path, (200, "application/json", NOTE))
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        if status == 302:
            self.send_header("Location", "/notes/1")
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

    do_POST = do_GET  # noqa: N815  the name http.server calls


@pytest.fixture
def url():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Notes) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _told(path, url):
    return [
        (
            item.request.method,
            item.request.url.removeprefix(url),
            item.request.body,
            None if item.response is None else (item.response.status, item.response.body, item.response.lost),
            item.failure,
        )
        for item in recordings.read(path)
    ]


@pytest.mark.slow
def test_what_mitmproxy_writes_is_read(tmp_path, url):
    program = shutil.which("mitmdump")
    if program is None:
        pytest.skip("mitmdump is not here")
    path, port = tmp_path / "made.har", 18766
    run = subprocess.Popen([program, "-q", "-p", str(port), "--set", f"hardump={path}"])
    proxies = {"http": f"http://127.0.0.1:{port}"}
    for _ in range(100):
        time.sleep(0.2)
        with suppress(requests.ConnectionError):
            requests.get(url + "/notes/1", proxies=proxies, timeout=5)
            break
    requests.post(url + "/notes/1", data={"a": "1 2"}, proxies=proxies, timeout=5)
    for at in ("/none", "/moved", "/gone"):
        requests.get(url + at, proxies=proxies, timeout=5, allow_redirects=False)
    run.terminate()
    run.wait(timeout=20)
    assert _told(path, url) == [
        ("GET", "/notes/1", b"", (200, NOTE, ""), ""),
        ("POST", "/notes/1", b"a=1+2", (200, NOTE, ""), ""),
        ("GET", "/none", b"", (204, b"", ""), ""),
        ("GET", "/moved", b"", (302, b"", ""), ""),
        ("GET", "/gone", b"", None, "gave no answer: server closed connection"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "mode"), [("embed", "full"), ("attach", "full"), ("omit", "full"), ("embed", "minimal")]
)
def test_what_playwright_writes_is_read(tmp_path, url, content, mode):
    playwright = pytest.importorskip("playwright.sync_api")
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("no browser is here")
    path = tmp_path / "made.har"
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        context = opened.new_context(record_har_path=path, record_har_mode=mode, record_har_content=content)
        page = context.new_page()
        page.goto(url + "/notes/1")
        for at, how in (("/notes/1", {"method": "POST", "body": "a=1"}), ("/binary", {}), ("/gone", {}), ("/none", {})):
            page.evaluate("([at, how]) => fetch(at, how).then(answer => answer.text(), () => 0)", [at, how])
        context.close()
        opened.close()
    kept = content != "omit"
    posted = b"a=1" if kept else b""
    note, binary = (
        ((200, NOTE, ""), (200, bytes(range(256)), "")) if kept else ((200, b"", NO_BODY), (200, b"", NO_BODY))
    )
    assert _told(path, url) == [
        ("GET", "/notes/1", b"", note, ""),
        ("POST", "/notes/1", posted, note, ""),
        ("GET", "/binary", b"", binary, ""),
        ("GET", "/gone", b"", None, "gave no answer: net::ERR_EMPTY_RESPONSE"),
        ("GET", "/none", b"", (204, b"", ""), ""),
    ]
    assert json.loads(path.read_text())["log"]["creator"]["name"] == "Playwright"


_SAVED = """(async sanitize => {
    const {NetworkLog} = await import("./models/logs/logs.js"), {Writer} = await import("./models/har/har.js");
    let text = "";
    const into = {write: async part => { text += part; }, close: async () => {}};
    const nothing = () => {};
    const progress = {setTotalWork: nothing, setTitle: nothing, setWorked: nothing, incrementWorked: nothing, done: nothing};
    progress.createSubProgress = () => progress;
    await Writer.Writer.write(into, NetworkLog.NetworkLog.instance().requests(), {sanitize}, progress);
    return text;
})"""
"""Saves all requests as the menu of the network panel does."""


def _evaluated(line, expression):
    """What `expression` is in the page at the other end of `line` (Chrome DevTools Protocol)."""
    told = {"expression": expression, "awaitPromise": True, "returnByValue": True}
    line.send(json.dumps({"id": 1, "method": "Runtime.evaluate", "params": told}))
    while True:
        answer = json.loads(line.recv())
        if answer.get("id") == 1:
            return answer["result"]["result"].get("value")


@pytest.mark.slow
@pytest.mark.parametrize("sanitize", ["false", "true"])
def test_what_the_tools_for_developers_save_is_read(tmp_path, url, sanitize):
    websocket = pytest.importorskip("websocket")
    browser, port = shutil.which("chromium"), 18767
    if browser is None:
        pytest.skip("no browser is here")
    there = f"http://127.0.0.1:{port}/json"
    words = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--remote-allow-origins=*",
        f"--user-data-dir={tmp_path}",
    ]
    run = subprocess.Popen([browser, *words, f"--remote-debugging-port={port}", url + "/notes/1"])
    try:
        shown = []
        for _ in range(100):
            time.sleep(0.2)
            with suppress(requests.ConnectionError):
                shown = [page for page in requests.get(there, timeout=5).json() if page["url"].startswith(url)]
            if shown:
                break
        tools = "devtools://devtools/bundled/devtools_app.html?ws="
        opened = requests.put(f"{there}/new?{tools}127.0.0.1:{port}/devtools/page/{shown[0]['id']}", timeout=5).json()
        addresses = [item["webSocketDebuggerUrl"] for item in (shown[0], opened)]
        with ExitStack() as lines:
            page, panel = (
                lines.enter_context(closing(websocket.create_connection(address, timeout=20))) for address in addresses
            )
            time.sleep(3)
            for at, how in (
                ("/notes/1", {"method": "POST", "body": "a=1"}),
                ("/binary", {}),
                ("/gone", {}),
                ("/none", {}),
            ):
                asking = f"fetch({json.dumps(at)}, {json.dumps(how)})"
                _evaluated(page, f"{asking}.then(answer => answer.text(), () => 0)")
            _evaluated(page, "fetch('/notes/2').then(answer => answer.blob())")
            time.sleep(1)
            path = tmp_path / "made.har"
            path.write_text(_evaluated(panel, f"{_SAVED}({sanitize})"))
    finally:
        run.terminate()
        run.wait(timeout=20)
    assert json.loads(path.read_text())["log"]["creator"]["name"] == "WebInspector"
    assert _told(path, url) == [
        ("POST", "/notes/1", b"a=1", (200, NOTE, ""), ""),
        ("GET", "/binary", b"", (200, bytes(range(256)), ""), ""),
        ("GET", "/gone", b"", None, "gave no answer: net::ERR_EMPTY_RESPONSE"),
        ("GET", "/none", b"", (204, b"", ""), ""),
        ("GET", "/notes/2", b"", (200, b"", NO_BODY), ""),
    ]
