"""Ways to see a finding again: its witness as data, a shell line, a Python program, a file for pytest."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, unquote

from accord import histories
from accord.document import Json, at, join, split
from accord.exchange import Exchange, Request, as_curl, header, mentions, path_of
from accord.files.writing import write
from accord.findings import Bound, Finding, Reproduce, RequestWitness, Witness
from accord.repro.claims import BODY
from accord.repro.snippets import AT, asserted
from accord.source import literal

URL = "ACCORD_URL"
"""The environment variable that sends the programs to another service than the one of the run."""

LOCATION = "Location"
"""How the pointer of a `Bound` begins that leads into this header's path, and not into the body."""

_OLD_IDS = "the shell lines name the things of this run; the programs make their own"


def witness(exchange: Exchange, earlier: tuple[Exchange, ...] = ()) -> Witness:
    """The requests of `earlier` and `exchange` as data, with what each path takes from the answers before it."""
    steps = [_step(item, earlier[:index]) for index, item in enumerate((*earlier, exchange))]
    return Witness(request=steps[-1], before=tuple(steps[:-1]))


def _step(exchange: Exchange, earlier: tuple[Exchange, ...]) -> RequestWitness:
    request = exchange.request
    name = exchange.case.operation if exchange.case is not None else ""
    return RequestWitness(
        method=request.method,
        path=request.url,
        headers=request.headers,
        body_base64=base64.b64encode(request.body).decode(),
        operation=name,
        secrets=request.secrets,
        bound=tuple(_bound(request.url, name.partition(" ")[2], earlier)),
    )


def _bound(url: str, template: str, earlier: tuple[Exchange, ...]) -> Iterable[Bound]:
    """The segments of `url` that stand for a parameter of `template` and hold what an earlier answer had."""
    segments, named = url.partition("?")[0].split("/"), template.split("/")
    if len(segments) != len(named):
        return
    for index, (segment, name) in enumerate(zip(segments, named, strict=True)):
        if not (name.startswith("{") and name.endswith("}")):
            continue
        for number, other in enumerate(earlier):
            value = histories.value(other) if other.request.method == "POST" else None
            found = [key for key, part in value.items() if _is(part, segment)] if isinstance(value, dict) else []
            led = _led(other, segments, index) if str(histories.identity(value)) != unquote(segment) else ""
            if found or led:
                yield Bound(segment=index, answer=number, pointer=led or join("", found[0]))
                break


def _led(exchange: Exchange, segments: list[str], index: int) -> str:
    """How a `Bound` says that segment `index` is what the answer's `Location` has there, counted from the end."""
    there = _location(exchange).split("/")
    ours = exchange.request.method == "POST" and segments[1:] == there[1 - len(segments) :]
    return f"{LOCATION}/{index - len(segments)}" if ours else ""


def _location(exchange: Exchange) -> str:
    """The path that the answer's `Location` names; `""` where there is none."""
    text = header(exchange.response.headers, LOCATION) if exchange.response is not None else None
    return path_of(text).rstrip("/") if text else ""


def _taken(item: Bound, exchange: Exchange) -> str:
    """What `item` takes from its answer; KeyError or IndexError where that has it not."""
    if item.pointer.startswith(LOCATION):
        return unquote(_location(exchange).split("/")[int(item.pointer.rpartition("/")[2])])
    return str(at(histories.value(exchange), item.pointer))


def rebound(path: str, bound: tuple[Bound, ...], answers: Mapping[int, Exchange]) -> str | None:
    """`path` with what it takes from `answers`, by their number; None where they do not have it."""
    there, mark, query = path.partition("?")
    segments = there.split("/")
    for item in bound:
        try:
            segments[item.segment] = quote(_taken(item, answers[item.answer]), safe="")
        except (IndexError, KeyError, ValueError):
            return None
    return "/".join(segments) + mark + query


def _is(part: Json, segment: str) -> bool:
    return isinstance(part, str | int) and not isinstance(part, bool) and str(part) == unquote(segment)


def reproduced(finding: Finding, base_url: str, timeout: float) -> Finding:
    """`finding` with every way to see it again; the same where it has no request as its witness."""
    shown = finding.witness
    if shown is None or shown.request is None:
        return finding
    steps = (*shown.before, shown.request)
    curl = " &&\n".join(as_curl(request(step), base_url) for step in steps)
    python, pytest = (_program(finding, steps, base_url, timeout, for_pytest=kind) for kind in (False, True))
    bound = any(step.bound for step in steps)
    notes = (*finding.notes, *([_OLD_IDS] if bound and _OLD_IDS not in finding.notes else []))
    return replace(finding, notes=notes, reproduce=Reproduce(curl=curl, python=python, pytest=pytest))


def request(step: RequestWitness) -> Request:
    """The request of a witness."""
    return Request(
        method=step.method,
        url=step.path,
        headers=step.headers,
        body=base64.b64decode(step.body_base64),
        secrets=step.secrets,
    )


def save(findings: Iterable[Finding], folder: Path) -> None:
    """Write the file for pytest of each finding that has one into `folder`; AccordError when that cannot be done."""
    for finding in findings:
        if finding.reproduce is not None and finding.reproduce.pytest:
            write(folder / filename(finding), finding.reproduce.pytest)


def filename(finding: Finding) -> str:
    """The name of the file for pytest: the same between runs."""
    return f"{_function(finding)}.py"


def _function(finding: Finding) -> str:
    return f"test_{re.sub(r'[^a-z0-9]+', '_', finding.code.lower()).strip('_')}_{finding.fingerprint}"


def _program(
    finding: Finding, steps: tuple[RequestWitness, ...], base_url: str, timeout: float, *, for_pytest: bool
) -> str:
    """The source of a program that fails with an AssertionError as long as `finding` holds."""
    told = f"{finding.message}; promised: {finding.promise}" if finding.promise else finding.message
    claim = None if finding.claim is None else asserted(finding.claim, told, _compared(finding, steps))
    if claim is None and for_pytest:
        return ""
    body = [*_sent(finding, steps, timeout), *_gate(finding, for_pytest=for_pytest)]
    body += claim.lines if claim is not None else ("print(answer.status_code, answer.headers, answer.content)",)
    text = "\n".join(body)
    modules = {"os", *(name for name in ("base64",) if f"{name}." in text), *(claim.imports if claim else ())}
    plain = sorted(name for name in modules if ":" not in name)
    ours = sorted(name for name in modules if ":" in name)
    lines = [_docstring(f"{finding.code} {finding.operation}: {told}"), "", *(f"import {name}" for name in plain)]
    borrowed = [name for name in ("quote", "urlsplit") if f"{name}(" in text]
    lines += [f"from urllib.parse import {', '.join(borrowed)}"] if borrowed else []
    lines += ["", *(["import pytest"] if "pytest." in text and for_pytest else []), "import requests"]
    lines += [f"from {name.partition(':')[0]} import {name.partition(':')[2]}" for name in ours]
    lines += ["", f"URL = os.environ.get({literal(URL)}, {literal(base_url.rstrip('/'))})", ""]
    if (claim is not None and claim.needs_at) or "at(answers" in text:
        lines += [AT]
    if for_pytest:
        lines += ["", f"def {_function(finding)}():", *(f"    {line}".rstrip() for line in text.split("\n"))]
    else:
        lines += text.split("\n")
    return "\n".join(lines) + "\n"


def _compared(finding: Finding, steps: tuple[RequestWitness, ...]) -> tuple[int, ...]:
    """The answers that a claim about sameness is about: to the same request, or from the same place."""
    last = steps[-1]
    if finding.claim is not None and finding.claim.kind in {"header-fresh", "same-place"}:
        return tuple(i for i, step in enumerate(steps[:-1]) if _place(step) == _place(last))
    if finding.claim is not None and finding.claim.kind == "fresh":
        return tuple(i for i, step in enumerate(steps[:-1]) if _place(step) == _place(last) and step != last)
    if finding.claim is not None and finding.claim.kind in {"apart", "as-made"}:
        return tuple(i for i, step in enumerate(steps[:-1]) if step.method == "POST")
    return tuple(index for index, step in enumerate(steps[:-1]) if step == last)


def _place(step: RequestWitness) -> str:
    return step.path.partition("?")[0].rstrip("/")


def _gate(finding: Finding, *, for_pytest: bool) -> list[str]:
    """Lines that end the program where the answer is of another kind than the one the claim is about."""
    claim = finding.claim
    if claim is None or not claim.kind.startswith(BODY) or claim.kind == "same-status" or not finding.status.isdigit():
        return []
    told = literal("says nothing about this promise: the answer now has status ")
    ending = f"pytest.skip({told} + str(answer.status_code))"
    if not for_pytest:
        ending = "raise SystemExit(0)"
    lines = [f"if answer.status_code != {int(finding.status)}:"]
    if not for_pytest:
        lines.append(f"    print({told} + str(answer.status_code))")
    return [*lines, f"    {ending}"]


def _sent(finding: Finding, steps: tuple[RequestWitness, ...], timeout: float) -> list[str]:
    """Lines that send the requests; `answer` is the last one's, `answers` are all."""
    silent = finding.claim is not None and finding.claim.kind == "answered"
    lines: list[str] = []
    if len(steps) > 1:
        lines.append("answers = []")
    for step in steps[:-1]:
        lines += [*_call("answer", step, timeout), "answers.append(answer)"]
    last = _call("answer", steps[-1], timeout)
    if silent:
        lines += ["try:", *(f"    {line}" for line in last), "except requests.RequestException:", "    answer = None"]
    else:
        lines += last
    return lines


def _call(name: str, step: RequestWitness, timeout: float) -> list[str]:
    made, body = f"URL + {_path(step)}", base64.b64decode(step.body_base64)
    headers = ", ".join(f"{literal(key)}: {_filled(value, step.secrets)}" for key, value in step.headers)
    data = f", data={literal(body)}" if body else ""
    if _survives(step):
        sending = f"requests.request({literal(step.method)}, {made}, headers={{{headers}}}{data}, "
        return [f"{name} = {sending}timeout={timeout!r}, allow_redirects=False)"]
    return [
        f"made = requests.Request({literal(step.method)}, URL{data}).prepare()",
        f"made.url = {made}",
        f"made.headers.update({{{headers}}})",
        "with requests.Session() as session:",
        f"    {name} = session.send(made, timeout={timeout!r}, allow_redirects=False)",
    ]


def _survives(step: RequestWitness) -> bool:
    """Whether requests sends path and headers as they are, or has to be kept from mending them."""
    import requests

    try:
        made = requests.Request(step.method, f"http://a{step.path}", headers=dict(step.headers)).prepare()
    except (ValueError, requests.RequestException):
        return False
    return made.url == f"http://a{step.path}" and made.method == step.method


def _path(step: RequestWitness) -> str:
    path, mark, query = step.path.partition("?")
    bound = {item.segment: item for item in step.bound}
    pieces: list[str] = []
    text = ""
    for index, segment in enumerate(path.split("/")):
        text += "/" if index else ""
        item = bound.get(index)
        if item is None:
            text += segment
            continue
        pieces += [literal(text), _asked_of(item)]
        text = ""
    pieces.append(_filled(text + mark + query, step.secrets, url=True))
    return " + ".join(piece for piece in pieces if piece != "''") or "''"


def _asked_of(item: Bound) -> str:
    """What `item` takes from an answer, as an expression."""
    if item.pointer.startswith(LOCATION):
        number = int(item.pointer.rpartition("/")[2])
        return f"urlsplit(answers[{item.answer}].headers[{literal(LOCATION)}]).path.rstrip('/').split('/')[{number}]"
    found = f"at(answers[{item.answer}].json(), {literal(list(split(item.pointer)))})[0]"
    return f"quote(str({found}), safe='')"


def _filled(text: str, secrets: tuple[str, ...], *, url: bool = False) -> str:
    """`text` as an expression in which each `$NAME` or variant is read from the environment, as transport does."""
    names = sorted((name for name in secrets if mentions(text, name)), key=len, reverse=True)
    if not names:
        return literal(text)
    word, _, rest = text.partition(" ")
    if word.lower() == "basic" and not url:
        return f"{literal(f'{word} ')} + base64.b64encode(({_filled(rest, secrets)}).encode()).decode()"
    known, endings = ("|".join(map(re.escape, found)) for found in (names, _VARIED))
    pieces = re.split(rf"(\$\{{(?:{known})(?:{endings})\}}|\$(?:{known}))", text)
    return " + ".join(
        literal(piece) if index % 2 == 0 else _secret(piece, url=url) for index, piece in enumerate(pieces) if piece
    )


_VARIED: Mapping[str, str] = MappingProxyType({"%?": "[:-1]", "#?": "[1:]", "~~": ".swapcase()"})
"""How Python says what `exchange.VARIANTS` do."""


def _secret(place: str, *, url: bool) -> str:
    ending = next((ending for ending in _VARIED if place.endswith(f"{ending}}}")), "")
    name = place[2 : -len(ending) - 1] if ending else place[1:]
    value = f"os.environ[{literal(name)}]{_VARIED.get(ending, '')}"
    return f"quote({value}, safe='')" if url else value


def _docstring(text: str) -> str:
    return literal(text.encode(errors="replace").decode())  # compilers since 3.13 refuse half a character in it
