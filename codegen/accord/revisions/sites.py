"""Places where both revisions of an operation have a schema: parameters, bodies, responses, headers."""

from collections.abc import Iterator
from dataclasses import dataclass

from accord.contract import Direction, MediaType, Operation, Schema, media_type_for
from accord.document import join
from accord.revisions import pairing


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where both revisions have a schema: the value of a parameter, a body, a response, a header.

    `textual` says that the value is written as plain text, in which 5 and "5" are the same.
    """

    operation: str
    direction: Direction
    what: str
    before: Schema
    after: Schema
    pointer: str
    status: str = ""
    media_type: str = ""
    textual: bool = False


def sites(before: Operation | None, after: Operation | None) -> Iterator[Site]:
    """Every place where both operations have a schema."""
    if before is None or after is None:
        return
    name, sent = after.name, Direction.RESPONSE if after.turned else Direction.REQUEST
    for one, other in pairing.parameters(before, after):
        if one is not None and other is not None:
            yield Site(
                operation=name,
                direction=sent,
                what=f"{other.location} parameter `{other.name}`",
                before=one.schema,
                after=other.schema,
                pointer=join(other.pointer, "schema"),
                textual=not one.media_type and not other.media_type,
            )
    if before.body is not None and after.body is not None:
        yield from _bodies((name, sent, "the request body", ""), before.body.content, after.body.content)
    for response, now in pairing.responses(before, after):
        what = f"response {now.status}"
        yield from _bodies((name, sent.other, what, now.status), response.content, now.content)
        headers = {header.name.lower(): header for header in response.headers}
        for header in now.headers:
            was = headers.get(header.name.lower())
            if was is not None:
                yield Site(
                    operation=name,
                    direction=sent.other,
                    what=f"header `{header.name}` of {what}",
                    before=was.schema,
                    after=header.schema,
                    pointer=join(header.pointer, "schema"),
                    status=now.status,
                    textual=not was.media_type and not header.media_type,
                )


def _bodies(
    owner: tuple[str, Direction, str, str], before: tuple[MediaType, ...], after: tuple[MediaType, ...]
) -> Iterator[Site]:
    operation, direction, what, status = owner
    for item in before:
        now = media_type_for(after, item.name)
        if now is not None:
            yield Site(
                operation=operation,
                direction=direction,
                what=what,
                before=item.schema or {},
                after=now.schema or {},
                pointer=join(now.pointer, "schema"),
                status=status,
                media_type=now.name,
            )
