"""Read the database of a killed service, from outside it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path


class Store:
    """Plain SQL on the file.

    Only read while the service lives or after the last run: whoever opens the file of a killed service, and closes it
    as the last one, would do the service's recovery for it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        with contextlib.closing(sqlite3.connect(self._path, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(query, values).fetchall()

    def number(self, query: str, *values: object) -> int:
        return int(self.rows(query, *values)[0][0])
