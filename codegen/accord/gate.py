"""Several verbs in one run: `accord check`, every gate that is configured."""

from collections.abc import Callable, Iterator

from accord import config, loading
from accord.config import Config
from accord.contract import Contract
from accord.findings import Report, together
from accord.fuzzing.asking import Progress
from accord.verbs.fuzz import from_config, fuzz
from accord.verbs.generate import generate
from accord.verbs.verify import verify


def check(known: Config, *, progress: Callable[[Progress], None] | None = None) -> Report:
    """Run every gate of `[tool.accord]` on every contract, and report on each as a part.

    `generate --check` where there is a folder of generated packages, `fuzz`, and `verify` where there are recordings.
    Raises AccordError where a gate cannot begin.
    """
    contracts = tuple(map(loading.load, config.documents(known)))
    return together("check", _gates(known, contracts, progress))


def _gates(
    known: Config, contracts: tuple[Contract, ...], progress: Callable[[Progress], None] | None
) -> Iterator[Report]:
    folder = config.shown(known.root / known.generated)
    if folder.exists():
        yield together("generate", (generate(each.document, folder, check=True) for each in contracts))
    options = from_config(known)
    yield together("fuzz", (fuzz(contract, options, progress=progress) for contract in contracts))
    sources = [str(known.root / source) for source in known.recordings]
    if sources:
        yield together("verify", (verify(contract, sources) for contract in contracts))
