"""Processes of this machine, each on a range of lines of a large recording, or on some small recordings."""

import contextlib
import gc
import multiprocessing
import pickle
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from accord import engines
from accord.engines import Engine, Part, Spread, Work
from accord.errors import AccordError

_WORK: dict[str, Work] = {}
"""What this worker process does, once it was told."""


def _run(work: Work, parts: Sequence[Part], spread: Spread) -> Iterator[Any]:
    workers = min(spread.workers or engines.cores(), len(parts))
    if workers <= 1:
        yield from map(work, parts)
        return
    forked = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if forked else "spawn")
    told = work if forked else pickle.dumps(work)
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_tell, initargs=(told,))
    try:
        yield from pool.map(_do, parts)
    except BrokenProcessPool:
        raise AccordError("A worker process died, perhaps for want of memory: name fewer with --workers.") from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _tell(told: Work | bytes) -> None:
    gc.freeze()  # what the parent has made is never looked through again
    _WORK["work"] = pickle.loads(told) if isinstance(told, bytes) else told  # noqa: S301  our own parent's


def _do(part: Part) -> Any:
    with contextlib.suppress(KeyboardInterrupt):  # the parent is interrupted too, and tells
        return _WORK["work"](part)


def _workers(spread: Spread, size: int) -> int:
    return spread.workers or engines.paying(size)


ENGINE = Engine(run=_run, workers=_workers)
