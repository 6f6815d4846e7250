"""dask.distributed: the workers of a cluster, or of one that is started here for the run. Needs accord[dask].

`--cluster tcp://HOST:PORT` names its scheduler. Every worker needs accord, and has to see the recordings under the same
names: URLs of an object store, or a shared file system. A worker that dies costs the parts it had in hand, which others
do again.

What 10 TB cost, by figures measured on one core of a busy machine with Runs of 5 KB, 0.5 % of them broken: a GB takes
4.3 s of processor time for verdicts and 7.3 s with a profile, so 10,000 GB take 12 and 20 worker-hours; on 100 workers
7 and 12 minutes, if the store gives each 230 and 140 MB a second. A part costs the scheduler and the client together
2.1 ms and the merging of what it shows (34 to 46 KB) up to 0.9 ms: 3 ms, whatever its size. With four parts a worker
that is 1.2 s of the whole run for 100 workers. Scheduler and client do their share one after the other, so they become
the limit where 4 * 3 ms * workers exceeds 43,000 s / workers: at about 1,900 workers (2,500 with a profile), a run of
less than half a minute. Were the parts of 8 MiB, there would be 1.2 million, an hour for the scheduler alone: hence
few, large ranges.
"""

import functools
import pickle
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from accord import engines
from accord.engines import Engine, Part, Spread, Work
from accord.errors import AccordError


def _run(work: Work, parts: Sequence[Part], spread: Spread) -> Iterator[Any]:
    if not parts:
        return
    try:
        import distributed
    except ImportError:
        raise AccordError("The engine `dask` needs dask.distributed: install accord[dask].") from None
    told = zlib.compress(pickle.dumps(work))
    with _client(distributed, spread) as client:
        yield from _ordered(distributed, client, told, parts)


def _ordered(distributed: Any, client: Any, told: bytes, parts: Sequence[Part]) -> Iterator[Any]:
    waiting = [client.submit(_do, told, part, pure=False, retries=2) for part in parts]
    while waiting:
        try:
            yield waiting.pop(0).result()
        except distributed.KilledWorker:
            raise AccordError("Workers died again and again over one part of the recordings.") from None
        except OSError as problem:
            raise AccordError(f"The cluster was lost: {problem}.") from None


def _do(told: bytes, part: Part) -> Any:
    return _work(told)(part)


@functools.lru_cache(maxsize=4)
def _work(told: bytes) -> Work:
    """What was told, unpacked once a process, so that whatever was compiled for it is kept."""
    found: Work = pickle.loads(zlib.decompress(told))  # noqa: S301  our own client's
    return found


@contextmanager
def _client(distributed: Any, spread: Spread) -> Iterator[Any]:
    if spread.cluster:
        try:
            client = distributed.Client(spread.cluster, timeout="10s")
        except (OSError, ValueError) as problem:
            raise AccordError(f"`{spread.cluster}` is no scheduler that answers: {problem}.") from None
        with client:
            yield client
        return
    workers = spread.workers or engines.cores()
    with (
        distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def _workers(spread: Spread, _size: int) -> int:
    if spread.workers or not spread.cluster:
        return spread.workers or engines.cores()
    import distributed

    with _client(distributed, spread) as client:
        return max(1, len(client.scheduler_info()["workers"]))


ENGINE = Engine(run=_run, workers=_workers)
