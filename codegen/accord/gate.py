"""Several verbs in one run: `accord check`, every gate that is configured."""

from collections.abc import Callable, Iterator

from accord import config, loading
from accord.asking import Progress
from accord.config import Config
from accord.contract import Contract
from accord.findings import Report, together
from accord.verbs.fuzz import from_config, fuzz
from accord.verbs.verify import verify


def check(known: Config, *, progress: Callable[[Progress], None] | None = None) -> Report:
    """Run every gate of `[tool.accord]` on every contract: `fuzz`, and `verify` where there are recordings.

    The report has a part for each gate. Raises AccordError where a gate cannot begin.
    """
    contracts = tuple(map(loading.load, config.documents(known)))
    return together("check", _gates(known, contracts, progress))


def _gates(
    known: Config, contracts: tuple[Contract, ...], progress: Callable[[Progress], None] | None
) -> Iterator[Report]:
    options = from_config(known)
    yield together("fuzz", (fuzz(contract, options, progress=progress) for contract in contracts))
    sources = [str(known.root / source) for source in known.recordings]
    if sources:
        yield together("verify", (verify(contract, sources) for contract in contracts))
