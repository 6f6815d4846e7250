"""Each rule has the smallest pair that shows it; every pair is told whole, is silent on itself, and mirrors."""

from pathlib import Path

import pytest
import yaml

from accord import fetching, loading, rules
from accord.changes import comparing
from accord.contract import Direction
from accord.findings import ABSENT
from accord.revisions import sites
from accord.rules import BREAKS, Effect, Schemas
from accord.verbs.diff import diff

PAIRS = sorted(path for path in Path(__file__).parent.iterdir() if (path / "baseline.yaml").exists())


def fetched(pair):
    return tuple(fetching.fetch(str(pair / f"{name}.yaml")) for name in ("baseline", "current"))


def told(report):
    return [
        {
            "code": finding.code,
            "direction": str(finding.direction),
            "verdict": finding.verdict,
            "message": finding.message,
            **({"witness": finding.witness.value} if finding.witness and finding.witness.value is not ABSENT else {}),
        }
        for finding in report.findings
    ]


def test_every_rule_has_a_pair_of_its_name_and_every_pair_a_rule():
    assert [pair.name.replace("_", "-") for pair in PAIRS] == sorted(rules.declared())


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_the_pair_is_told_as_expected_and_by_its_own_rule_first(pair):
    found = told(diff(*fetched(pair)))
    assert found == yaml.safe_load((pair / "expected.yaml").read_text())
    assert pair.name.replace("_", "-") in {finding["code"] for finding in found}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_document_differs_from_itself_in_nothing(pair):
    for document in fetched(pair):
        report = diff(document, document)
        assert (report.findings, report.verdict) == ((), "compatible")


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_what_narrows_one_way_widens_the_other(pair):
    contracts = [loading.load(document) for document in fetched(pair)]
    mirrored = {Effect.NARROWS: Effect.WIDENS, Effect.WIDENS: Effect.NARROWS, Effect.NEITHER: Effect.NEITHER}
    forth, back = (
        [
            (name, change.effect)
            for site in sites.sites(one.operations[0], other.operations[0])
            for name, change in comparing.explain(site.before, site.after)
        ]
        for one, other in (contracts, contracts[::-1])
    )
    assert sorted(forth) == sorted((name, mirrored[effect]) for name, effect in back)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_every_break_is_explained_by_a_change_that_moves_against_the_reader(pair):
    before, after = (loading.load(document) for document in fetched(pair))
    compared = comparing.comparison(before, after)
    for site in sites.sites(before.operations[0], after.operations[0]):
        verdict = comparing.judge(compared, site.direction, site.before, site.after)
        effects = {change.effect for _, change in comparing.explain(site.before, site.after)}
        if type(verdict).__name__ == "Refuted":
            assert BREAKS[site.direction] in effects


def test_a_rule_says_nothing_of_equal_schemas():
    schema = {
        "type": "object",
        "properties": {"a": {"enum": [1]}},
        "required": ["a"],
        "anyOf": [{}],
        "not": {"const": 1},
    }
    assert list(rules.schema_changes(Schemas(before=schema, after=dict(schema)))) == []


def test_the_direction_decides_who_breaks():
    assert dict(BREAKS) == {Direction.REQUEST: Effect.NARROWS, Direction.RESPONSE: Effect.WIDENS}
