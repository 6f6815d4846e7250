"""What the embedded service remembers: resources by path, in SQLite."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from accord.document import Json
from accord.errors import AccordError
from accord.findings import ABSENT

_GONE = "gone"


def open_store(path: str | Path) -> sqlite3.Connection:
    """The store at `path`, made if it is not there. Raises AccordError when it is no database or cannot be written."""
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS resource"
            " (path TEXT PRIMARY KEY, parent TEXT NOT NULL, number INTEGER NOT NULL, value TEXT NOT NULL)"
        )
        connection.execute("CREATE INDEX IF NOT EXISTS by_parent ON resource (parent, number)")
        connection.execute("CREATE INDEX IF NOT EXISTS by_number ON resource (number)")
    except sqlite3.Error as error:
        raise AccordError(f"{path}: is no database accord can use ({error}); name another with --database.") from None
    return connection


def read(store: sqlite3.Connection, path: str) -> Json:
    """What is at `path`: ABSENT when nothing was written there, None when it was removed."""
    with closing(store.execute("SELECT value FROM resource WHERE path = ?", (path,))) as rows:
        row = rows.fetchone()
    return ABSENT if row is None else None if row[0] == _GONE else json.loads(row[0])


def write(store: sqlite3.Connection, path: str, value: Json) -> None:
    """Keep `value` at `path`; None removes what is there."""
    parent = path.rpartition("/")[0]
    text = _GONE if value is None else json.dumps(value)
    store.execute(
        "INSERT INTO resource VALUES (?, ?, (SELECT coalesce(max(number), 0) + 1 FROM resource), ?)"
        " ON CONFLICT (path) DO UPDATE SET value = excluded.value",
        (path, parent, text),
    )


def children(store: sqlite3.Connection, parent: str) -> list[Json]:
    """What was written directly below `parent` and not removed, oldest first."""
    query = "SELECT value FROM resource WHERE parent = ? AND value != ? ORDER BY number"
    with closing(store.execute(query, (parent, _GONE))) as rows:
        return [json.loads(row[0]) for row in rows]


def count(store: sqlite3.Connection) -> int:
    """How many resources were ever written."""
    with closing(store.execute("SELECT coalesce(max(number), 0) FROM resource")) as rows:
        return int(rows.fetchone()[0])
