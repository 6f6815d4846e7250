"""Parquet: a row an exchange (columns `request` and `response`, as in accord's lines), or a row a bare body.

A column is JSON as text or bytes, or a struct. The bare body is in the column `body`, or in the only one that can hold
JSON; else the whole row is the body. A struct cannot tell a property that is absent from one that is null: null it is.
Rows are read in batches, whatever the size of the file. Needs accord[parquet].
"""

import datetime as dt
import decimal
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from accord.document import Json
from accord.errors import AccordError
from accord.exchange import Exchange
from accord.files import exchange_json
from accord.recordings import Damaged, Line, Recording

_BATCH = 256


@contextmanager
def _table(file: io.BufferedReader, name: str) -> Iterator[Any]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise AccordError(f"`{name}` is Parquet, which needs pyarrow: install accord[parquet].") from None
    try:
        yield pq.ParquetFile(file)
    except pa.ArrowException as problem:
        raise AccordError(f"`{name}` cannot be read as Parquet: {str(problem).splitlines()[0].rstrip('.')}.") from None


def _rows(file: io.BufferedReader, name: str, columns: list[str] | None = None) -> Iterator[dict[str, Json]]:
    with _table(file, name) as table:
        for batch in table.iter_batches(batch_size=_BATCH, columns=columns):
            yield from batch.to_pylist()


def _read(file: io.BufferedReader, name: str) -> Iterator[Exchange | Damaged]:
    for number, row in enumerate(_rows(file, name), start=1):
        source = f"{name}:{number}"
        try:
            entry = {key: _value(item) for key, item in row.items()}
            yield exchange_json.exchange({"accord": exchange_json.VERSION, **entry}, source)
        except exchange_json.BROKEN as problem:
            yield Damaged(source=source, reason=f"the row is no exchange ({exchange_json.why(problem)})")


def _value(item: Json) -> Json:
    return exchange_json.parsed(item) if isinstance(item, str | bytes) and item[:1] in ("{", b"{") else item


def _bodies(file: io.BufferedReader, name: str) -> Iterator[Line]:
    with _table(file, name) as table:
        column = _body_column(table.schema_arrow)
    file.seek(0)
    for number, row in enumerate(_rows(file, name, [column] if column else None), start=1):
        value = row[column] if column else row
        if isinstance(value, str | bytes):
            yield number, value if isinstance(value, bytes) else value.encode()
        else:
            yield number, json.dumps(value, default=_plain).encode()


def _body_column(schema: Any) -> str:
    """The column that holds bare bodies; `""` when each row is one."""
    import pyarrow as pa

    holding = [
        field.name
        for field in schema
        if pa.types.is_struct(field.type)
        or pa.types.is_string(field.type)
        or pa.types.is_large_string(field.type)
        or pa.types.is_binary(field.type)
        or pa.types.is_large_binary(field.type)
    ]
    if "body" in holding:
        return "body"
    return str(holding[0]) if len(holding) == 1 == len(schema) else ""


def _plain(value: Any) -> Json:
    """A value that JSON has no type for as the text that JSON documents write for it."""
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return float(value)
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _holds(file: io.BufferedReader) -> bool:
    with _table(file, getattr(file, "name", "-")) as table:
        names = set(table.schema_arrow.names)
    file.seek(0)
    return {"request", "response"} <= names


def _sniff(start: bytes) -> bool:
    return start.startswith(b"PAR1")


RECORDING = Recording(suffixes=(".parquet",), sniff=_sniff, read=_read, bodies=_bodies, holds=_holds, seeks=True)
