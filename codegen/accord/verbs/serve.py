"""serve: a faithful HTTP service of a contract, until it is interrupted."""

import ipaddress
import time
from collections.abc import Callable
from pathlib import Path

from accord import service
from accord.answering import resources
from accord.contract import Contract


def _silent(_warning: str) -> None:
    """Take no notice."""


def serve(
    contract: Contract,
    *,
    announce: Callable[[str], None],
    warn: Callable[[str], None] = _silent,
    fault: str | None = None,
    database: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
) -> None:
    """Serve `contract` until KeyboardInterrupt; `announce` gets the base URL once it answers.

    `warn` gets a sentence for what the user should know before: a host that others can reach, an operation that no
    conforming answer was found for. Raises AccordError when the port is taken, or the fault or the database is of no
    use.
    """
    if not _is_loopback(host):
        warn(f"{host} can be reached from other machines, and the key is a known one.")
    for entry in resources.unanswerable(contract):
        warn(f"{entry.what} is answered with a 500: {entry.reason}.")
    with service.running(contract, fault=fault, database=database, host=host, port=port) as url:
        announce(url)
        while True:
            time.sleep(3600)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
