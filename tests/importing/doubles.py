"""An intake on a plain SQLite file: what `import_file` asks of one, with the same transactions and nothing more."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from bot.core.messages import Incoming, Message


class FileIntake:
    """Keeps addresses and cursors; a batch and its cursor commit together.

    `fail_at` raises within that batch. `keep` holds on to what was received, for tests to look at.
    """

    def __init__(self, path: Path | str = ":memory:", *, fail_at: int | None = None, keep: bool = True) -> None:
        self.received: list[Message] = []
        self.batches = 0
        self._fail_at = fail_at
        self._keep = keep
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.execute("CREATE TABLE IF NOT EXISTS messages (address TEXT PRIMARY KEY)")
        self._db.execute("CREATE TABLE IF NOT EXISTS cursors (name TEXT PRIMARY KEY, value TEXT)")

    async def receive_all(
        self, incoming: Sequence[Incoming], *, cursor: tuple[str, str, str] | None = None, history: bool = False
    ) -> int:
        assert history
        new = 0
        with self._db:
            for item in incoming:
                assert isinstance(item, Message)
                done = self._db.execute("INSERT OR IGNORE INTO messages VALUES (?)", (str(item.ref),))
                new += done.rowcount
                if self._keep:
                    self.received.append(item)
            if self.batches == self._fail_at:
                raise ConnectionError("the database went away")
            if cursor is not None:
                self._db.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?)", ("/".join(cursor[:2]), cursor[2]))
        self.batches += 1
        return new

    async def cursor(self, channel: str, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM cursors WHERE name = ?", (f"{channel}/{name}",)).fetchone()
        return row[0] if row else None

    def count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM messages").fetchone()[0])

    def close(self) -> None:
        self._db.close()
