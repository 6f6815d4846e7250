"""assert_conforms: one answer held to the contract, wherever a test has one."""

import functools
from typing import Any

from accord import checks, config, loading, recorder, reports
from accord.contract import Contract, Operation
from accord.exchange import Exchange
from accord.findings import Ledger, Report, exit_code, tally
from accord.messages.matching import matched


def assert_conforms(answer: Any, contract: Contract | str | None = None, *, fail_on: str = "error") -> None:
    """Hold `answer`, a `requests.Response` or an Exchange, to the operation that its request called.

    `contract` is a document or a loaded one; without it, those of `[tool.accord]`. `fail_on` is the least severity that
    fails. Raises AssertionError with the findings, or with the reason why no promise could be held against the answer;
    AccordError when there is no contract.

    Example:
        accord.assert_conforms(requests.post(url, json={"feedback": "Greets twice."}))
    """
    __tracebackhide__ = True
    exchange = answer if isinstance(answer, Exchange) else recorder.from_requests(answer)
    known = _contracts(contract)
    tried = [(each, matched(each, exchange.request)) for each in known]
    called = [(each, found) for each, found in tried if isinstance(found, Operation)]
    if not called:
        reasons = "; ".join(dict.fromkeys(f"{each.document.uri}: {reason}" for each, reason in tried))
        raise AssertionError(f"{exchange.request.method} {exchange.request.url} calls no operation: {reasons}.")
    for each, operation in called:
        judgement = checks.run(each, operation, exchange)
        report = Report(
            verb="assert_conforms",
            findings=checks.with_lines(each, judgement.findings),
            ledger=Ledger(checked=dict.fromkeys(judgement.checked, 1), unchecked=tally(judgement.unchecked)),
        )
        if exit_code(report, (fail_on,)):
            raise AssertionError("\n" + reports.render("text", report, fail_on=(fail_on,)))


def _contracts(contract: Contract | str | None) -> tuple[Contract, ...]:
    if isinstance(contract, Contract):
        return (contract,)
    if contract is not None:
        return (_loaded(contract),)
    return tuple(map(_loaded, config.documents(config.from_file())))


@functools.cache
def _loaded(source: str) -> Contract:
    return loading.load(source)
