"""A project's own checks and formats, from a folder that its configuration names."""

import json
import subprocess
import sys

import pytest

from accord.errors import ConfigError
from accord.extending import extend

CONTRACT = """
openapi: 3.1.0
info: {title: Codes, version: "1"}
paths:
  /codes:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Code"}
      responses:
        "200":
          description: The code.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Code"}
        "400": {description: No.}
components:
  schemas:
    Code:
      type: object
      additionalProperties: false
      required: [code]
      properties: {code: {type: string, format: house-code}}
"""
FORMAT = '''
"""Two letters and a number of the house."""

from accord import Format

FORMAT = Format(fits=lambda text: text[:2] == "HC" and text[2:].isdigit(), examples=("HC1", "HC22"))
'''
CHECK = '''
"""Every answer says how long it may be kept."""

from accord import Broken, Check, Severity


def judge(operation, exchange, earlier):
    if exchange.response is not None and not any(name.lower() == "cache-control" for name, _ in exchange.response.headers):
        yield Broken(message="The answer has no `Cache-Control`", promise="the rule of the house")


CHECK = Check(severity=Severity.WARNING, judge=judge)
'''


@pytest.fixture
def project(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (tmp_path / "codes.yaml").write_text(CONTRACT)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.accord]\ncontracts = ["codes.yaml"]\nextensions = "own"\nexamples = 20\n'
    )
    (own / "house_code.py").write_text(FORMAT)
    (own / "cache_control.py").write_text(CHECK)
    (own / "_shared.py").write_text("raise SystemError")
    return tmp_path


def accord(project, *arguments):
    words = [sys.executable, "-m", "accord", *arguments]
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=project)


def test_a_check_and_a_format_of_the_project_are_held(project):
    done = accord(project, "fuzz", "--format", "json", "--record", "codes.har")
    report = json.loads(done.stdout)
    assert {item["code"] for item in report["findings"] if item["severity"] != "note"} == {"cache-control"}
    assert [item["reason"] for item in report["ledger"] if item["what"] == "format"] == []
    entries = json.loads((project / "codes.har").read_text())["log"]["entries"]
    taken = [entry for entry in entries if entry["response"]["status"] == 200]
    assert {json.loads(entry["request"]["postData"]["text"])["code"] for entry in taken} == {"HC1", "HC22"}
    assert "house-code" not in done.stderr


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("odd", "X = 1", "declares nothing: bind `CHECK = Check(...)` or `FORMAT = Format(...)` in it."),
        ("odd", "1 / 0", "raised ZeroDivisionError when it was imported: division by zero."),
        ("status_code", CHECK, "accord has a check named `status-code`: rename the file."),
        ("uuid", FORMAT, "accord has a format named `uuid`: rename the file."),
        ("odd", FORMAT.replace('"HC1"', '"1"'), "a format needs examples that fit it, and '1' does not: mend them."),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, name, text, told):
    (tmp_path / f"{name}.py").write_text(text)
    with pytest.raises(ConfigError) as raised:
        extend(tmp_path)
    assert str(raised.value) == f"{tmp_path / name}.py: {told}"


def test_a_folder_that_is_none_is_named(project):
    (project / "pyproject.toml").write_text('[tool.accord]\ncontracts = ["codes.yaml"]\nextensions = "nowhere"\n')
    done = accord(project, "fuzz")
    told = f"accord: `{project / 'nowhere'}` is no folder: name one as `extensions` of [tool.accord].\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)
