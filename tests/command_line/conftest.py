import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
NOTES = """\
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    post:
      operationId: addNote
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              additionalProperties: false
              required: [text]
              properties:
                text: {type: string, maxLength: 20, examples: [buy milk]}
                done: {type: boolean}
      responses:
        '200':
          description: The note.
          content:
            application/json:
              schema:
                type: object
                required: [text]
                properties:
                  text: {type: string, examples: [buy milk]}
                  done: {type: boolean}
        '400': &plain
          description: Refused.
          content: {application/json: {schema: {type: object, required: [detail]}}}
        '405': *plain
        '415': *plain
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of its own with one small contract, and `run`, which runs accord in it."""
    (tmp_path / "notes.yaml").write_text(NOTES)
    (tmp_path / "pyproject.toml").write_text('[tool.accord]\ncontracts = ["notes.yaml"]\nexamples = 20\n')
    monkeypatch.chdir(tmp_path)
    absolute = os.pathsep.join(
        str(ROOT / part) if part and not Path(part).is_absolute() else part
        for part in os.environ.get("PYTHONPATH", "").split(os.pathsep)
    )

    inherited = {**os.environ, "PYTHONPATH": absolute}

    def run(*words, **environment):
        ended = subprocess.run(
            [sys.executable, "-m", "accord", *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**inherited, **environment},
            timeout=120,
        )
        assert "Traceback" not in ended.stderr, ended.stderr
        return SimpleNamespace(code=ended.returncode, out=ended.stdout, err=ended.stderr)

    return SimpleNamespace(folder=tmp_path, run=run, environment=inherited)
