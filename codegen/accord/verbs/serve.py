"""serve: a faithful HTTP service of a contract, until it is interrupted."""

import time
from collections.abc import Callable
from pathlib import Path

from accord import service
from accord.contract import Contract


def serve(
    contract: Contract,
    *,
    announce: Callable[[str], None],
    fault: str | None = None,
    database: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
) -> None:
    """Serve `contract` until KeyboardInterrupt; `announce` gets the base URL once it answers.

    Raises AccordError when the port is taken, or the fault or the database is of no use.
    """
    with service.running(contract, fault=fault, database=database, host=host, port=port) as url:
        announce(url)
        while True:
            time.sleep(3600)
