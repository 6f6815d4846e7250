"""An operation is served elsewhere.

Whether the old place still answers is not told by a document.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    if pair.before is None or pair.after is None or pair.turned:
        return
    gone = [url for url in pair.before.servers if url not in pair.after.servers]
    new = [url for url in pair.after.servers if url not in pair.before.servers]
    pointer = pair.after.pointer
    if gone:
        words = f"{_listed(gone)} gone" + (f", {_listed(new)} new" if new else "")
        yield Change(
            effect=Effect.NARROWS,
            message=words,
            pointer=pointer,
            proved=False,
            reason="whether it still answers is told by no document",
        )
    elif new:
        words = f"{_listed(new)} new"
        yield Change(effect=Effect.WIDENS, message=words, pointer=pointer)


def _listed(urls: list[str]) -> str:
    several = len(urls) > 1
    return f"server{'s' if several else ''} {', '.join(f'`{url}`' for url in urls)} {'are' if several else 'is'}"


RULE = Rule(operations=_examine)
