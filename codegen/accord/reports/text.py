"""For a person at a terminal: each finding with its promise and a line that shows it again, then what was not checked.

Text of documents and answers is shown with control characters written out, so that it cannot steer the terminal.
"""

import io
import json
import re
import unicodedata

from accord.findings import ABSENT, Finding, Report, Severity, exit_code
from accord.reports import Format, Rendering

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that a terminal acts on, or hides, instead of showing them."""

WIDEST = 1000
"""Characters of a witness that are shown."""

BRIEF = 150
"""Characters of a line below an entry of a timeline that are shown."""

MOST_OPERATIONS = 20
"""Operations whose figures have a line of their own."""

Line = tuple[tuple[str, str], ...]
"""Pieces of a line, each with its style."""


_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")


def _render(report: Report, rendering: Rendering) -> str:
    lines: list[Line] = []
    timeline = any(finding.code == "revision" for finding in report.findings)
    for finding in report.findings:
        lines += _entry(finding) if timeline else [*_finding(finding), ()]
    lines += [()] if timeline else []
    if report.ledger.unchecked:
        lines.append((("not checked", "bold"),))
        for names, reason, count in _unchecked(report):
            times = f" ({count} times)" if count > 1 else ""
            lines.append((("  " + plain(names), ""), (f": {plain(reason)}{times}", "dim")))
        lines.append(())
    lines += _summary(report, rendering)
    return _coloured(lines) if rendering.colour else _written(lines)


def _unchecked(report: Report) -> list[tuple[str, str, int]]:
    """What could not be checked, names and places of a file together where the reason is the same as often."""
    told: dict[tuple[str, str, int], list[str]] = {}
    for entry in report.ledger.unchecked:
        path, place = _placed(entry.what)
        alone = "" if _NAME.fullmatch(entry.what) else path
        told.setdefault((alone, entry.reason, entry.count), []).append(place or entry.what)
    return [
        (f"{alone}:{_spans(names)}" if names[0].isdecimal() else ", ".join(names), reason, count)
        for (alone, reason, count), names in told.items()
    ]


def _placed(what: str) -> tuple[str, str]:
    """The file and the number of an entry in it; of what is no place, itself and nothing."""
    path, _, place = what.rpartition(":")
    return (path, place) if path and place.isdecimal() and place.isascii() else (what, "")


def _spans(places: list[str]) -> str:
    """Numbers in their order, those that follow each other as one span."""
    spans: list[tuple[int, int]] = []
    for place in map(int, places):
        if spans and place == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], place)
        else:
            spans.append((place, place))
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _entry(finding: Finding) -> list[Line]:
    """One entry of a timeline: what it is about in a line, the first of its parts below it."""
    head: Line = ((f"{finding.severity:<8}", STYLES[finding.severity]), (plain(finding.message), ""))
    told = (plain(note) for note in finding.notes)
    shown = (text if len(text) <= BRIEF else text[: BRIEF - 1] + "…" for text in told)
    return [head, *(((f"          {text}", "dim"),) for text in shown)]


def _finding(finding: Finding) -> list[Line]:
    answer = " ".join(part for part in (finding.status, finding.media_type) if part)
    head = " ".join(part for part in (plain(finding.operation), plain(answer)) if part)
    lines: list[Line] = [((finding.severity, STYLES[finding.severity]), (f" {finding.code}", "bold"), (f" {head}", ""))]
    lines.append(((f"  {plain(finding.message)}", ""),))
    told = finding.location is not None and finding.location.pointer == finding.pointer
    where = "" if told else finding.pointer
    facts = [("promised", finding.promise), ("where", where), ("contract", _location(finding))]
    if finding.verdict:
        facts.append(("verdict", finding.verdict))
    if finding.witness is not None and finding.witness.value is not ABSENT:
        facts.append(("witness", _json(finding.witness.value)))
    facts += [(name, text) if text else ("note", name) for name, _, text in map(_note, finding.notes)]
    if finding.count > 1 and not any(note.startswith("reaches: ") for note in finding.notes):
        facts.append(("seen", f"{finding.count} times"))
    lines += [((f"  {name:<9}", "dim"), (plain(text), "")) for name, text in facts if text]
    if finding.reproduce is not None and finding.reproduce.curl:
        lines += [((f"  {plain(line)}", "green"),) for line in finding.reproduce.curl.split("\n")]
    return lines


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def _note(note: str) -> tuple[str, str, str]:
    name, colon, text = note.partition(": ")
    return (name, colon, text) if colon and " " not in name else (note, "", "")


def _location(finding: Finding) -> str:
    place = finding.location
    if place is None:
        return ""
    line = f":{place.line}" if place.line is not None else ""
    return f"{place.uri}{line}" + (f" {place.pointer}" if place.pointer else "")


def _summary(report: Report, rendering: Rendering) -> list[Line]:
    """What came of it; of a run of several verbs a line or two for each first."""
    lines = [
        line for part in report.parts for line in _summary(part, Rendering(exit=exit_code(part, rendering.fail_on)))
    ]
    tally = {severity: sum(finding.severity == severity for finding in report.findings) for severity in Severity}
    found = ", ".join(f"{count} {name}{'s' if count > 1 else ''}" for name, count in tally.items() if count)
    single = {name: value for name, value in report.counts.items() if " /" in name}
    counts = " · ".join(f"{name} {plain(str(value))}" for name, value in report.counts.items() if name not in single)
    lines.append((((f"{report.verb}: "), "bold"), (_outcome(report, found), _style(rendering))))
    if counts and not report.parts:
        lines.append((("  " + counts, "dim"),))
        shown = list(single.items())[:MOST_OPERATIONS]
        lines += [((f"  {plain(name)}: {plain(str(value))}", "dim"),) for name, value in shown]
        if len(single) > len(shown):
            lines.append(((f"  and {len(single) - len(shown)} operations more, all in `--format json`", "dim"),))
    return lines


def _outcome(report: Report, found: str) -> str:
    parts = [found or "nothing broken"]
    if report.verdict:
        parts.insert(0, report.verdict)
    if report.ledger.nothing_checked:
        parts = [*([found] if found else []), "nothing was checked"]
    if report.unreachable:
        parts.append(f"unreachable: {plain(report.unreachable)}")
    if report.interrupted:
        parts.append("interrupted")
    return "; ".join(parts)


def _style(rendering: Rendering) -> str:
    return "bold red" if rendering.exit else "bold green"


def plain(text: str) -> str:
    """`text` with every character that a terminal acts on written out, as its escape in Python."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(char) if unicodedata.category(char) in HIDDEN else char for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode()


def _written(lines: list[Line]) -> str:
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)


def _coloured(lines: list[Line]) -> str:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", soft_wrap=True, highlight=False)
    with console.capture() as capture:
        for line in lines:
            console.print(Text.assemble(*(piece for piece in line if piece[0])), soft_wrap=True)
    return capture.get()


FORMAT = Format(render=_render)
