"""Runs that checked nothing: every request was refused for its key, or went past the API."""

from urllib.parse import urlsplit

from accord.contract import Operation, variable
from accord.exchange import SUCCESS
from accord.findings import Unchecked
from accord.fuzzing.asking import Search
from accord.network import callers
from accord.weighing.sightings import Seen

NOT_FOUND = 404


def futile(state: Search, chosen: tuple[Operation, ...]) -> tuple[Unchecked | None, list[Seen]]:
    """Why nothing was checked, None where something was, and what was seen that is worth telling all the same."""
    seen = list(state.sightings.seen)
    refused = sum(keys.refused for keys in state.keys.values())
    if refused and not any(keys.taken for keys in state.keys.values()):
        names = " or ".join(f"${variable(item)}" for item in callers.schemes(state.contract)) or "its credentials"
        reason = f"every conforming request was refused for its key: check {names}"
        told = [item for item in seen if item.finding.code != "authentication"]
        return Unchecked(what="everything", reason=reason, count=refused), told
    if url := _other_url(state, chosen):
        reason = (
            f"every conforming request was answered {NOT_FOUND}, and the contract's server has a path that the URL "
            f"lacks: try --url {url}"
        )
        count = sum(map(len, state.valid.values()))
        return Unchecked(what="everything", reason=reason, count=count), [item for item in seen if not _is_beside(item)]
    return None, seen


def _other_url(state: Search, chosen: tuple[Operation, ...]) -> str:
    """The URL that was meant, where the one that was asked is not it; `""` where it is, or nobody can tell.

    It is not where every conforming request was answered 404, nothing was ever taken, and the servers that the contract
    names have a path which the URL lacks.
    """
    statuses = {status for answers in state.valid.values() for status in answers.values()}
    every = {status for touched in state.coverage.operations.values() for status in touched.statuses}
    if statuses != {NOT_FOUND} or not every.isdisjoint(SUCCESS):
        return ""
    url = state.transport.settings.base_url.rstrip("/")
    paths = (urlsplit(server).path.rstrip("/") for item in chosen for server in item.servers)
    lacking = (path for path in paths if path and "{" not in path and not urlsplit(url).path.endswith(path))
    found = next(lacking, "")
    return url + found if found else ""


def _is_beside(seen: Seen) -> bool:
    """Whether a finding is about an answer of nothing being there."""
    response = seen.exchange.response
    return response is not None and response.status == NOT_FOUND
