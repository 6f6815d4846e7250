"""Which operation a method and a path belong to."""

import functools
import re

from accord.contract import Contract, Operation


def match_path(template: str, path: str) -> dict[str, str] | None:
    """The raw texts in the places of `template` when `path` fits it, by parameter name; None when it does not."""
    match = _pattern(template).fullmatch(path)
    if match is None:
        return None
    return dict(zip(re.findall(r"\{([^{}]+)\}", template), match.groups(), strict=True))


@functools.lru_cache(maxsize=8192)
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^{}]+\}", template)
    return re.compile("([^/]+)".join(map(re.escape, parts)))


def operations_at(contract: Contract, path: str) -> tuple[tuple[Operation, dict[str, str]], ...]:
    """The operations whose path template `path` fits best, each with the texts in its places; all of one template.

    A template without parameters comes before one with them (OpenAPI 3.1 section 4.8.8), then the one with more literal
    text.
    """
    fitting = [(item, places) for item in contract.operations if (places := match_path(item.path, path)) is not None]
    if not fitting:
        return ()
    best = max(
        (item.path for item, _ in fitting), key=lambda path: (-path.count("{"), len(re.sub(r"\{[^{}]+\}", "", path)))
    )
    return tuple((item, places) for item, places in fitting if item.path == best)


def operation_for(contract: Contract, method: str, path: str) -> Operation | None:
    """The operation that `method` on `path` (without query) calls; None when there is none."""
    return next((item for item, _ in operations_at(contract, path) if item.method == method.upper()), None)
