"""A report as Markdown, for release notes."""

from dataclasses import replace

from accord.document import Document
from accord.findings import Finding, Report, Severity, Witness
from accord.reports import render
from accord.verbs.diff import diff

HOSTILE = Finding(
    code="bounds",
    severity=Severity.ERROR,
    message="`a|b` <script>\n[x](http://a) @all",
    operation="GET /a_b",
    status="200",
    witness=Witness(value={"a": "|"}),
    verdict="breaking",
)


def test_nothing_of_a_document_formats_or_links_anything():
    assert render("markdown", Report(verb="diff", findings=(HOSTILE,), verdict="breaking")) == (
        "# accord diff: breaking\n"
        "\n"
        "## Breaking (1)\n"
        "\n"
        "| what | rule | where | witness |\n"
        "|---|---|---|---|\n"
        "| 'a&#124;b' &#60;script&#62; &#91;x&#93;(http&#58;//a) &#64;all | bounds | GET /a&#95;b 200 "
        '| {"a": "&#124;"} |\n'
    )


def test_no_change_is_said_in_words():
    same = Document(
        uri="d.yaml", data={"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}, text=""
    )
    assert render("markdown", diff(same, same)) == "# accord diff: compatible\n\nNothing changed for anybody.\n"


def test_what_is_accepted_is_told_apart_and_what_has_no_verdict_comes_first():
    findings = (
        replace(HOSTILE, message="m", verdict="accepted", severity=Severity.NOTE, witness=None),
        Finding(code="one-cause", severity=Severity.NOTE, message="One switch."),
    )
    assert render("markdown", Report(verb="diff", findings=findings, verdict="compatible")) == (
        "# accord diff: compatible\n"
        "\n"
        "## Findings (1)\n"
        "\n"
        "| what | rule | where | witness |\n"
        "|---|---|---|---|\n"
        "| One switch. | one-cause |  |  |\n"
        "\n"
        "## Accepted (1)\n"
        "\n"
        "| what | rule | where | witness |\n"
        "|---|---|---|---|\n"
        "| m | bounds | GET /a&#95;b 200 |  |\n"
    )
