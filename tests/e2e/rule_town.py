"""A village on a stand-in for Telegram, with a rule file of its own, and ways to see what judged a reaction."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path

from tests.e2e.service import command, until
from tests.standins.botapi import BotApiServer


class Town:
    """A village on a stand-in for Telegram, with a rule file that the test edits as an administrator would."""

    def __init__(self, home: Path, api: BotApiServer) -> None:
        self.home = home
        self.api = api
        self.group = api.add_group("Dorpsplein")
        api.set_bot(self.group, "administrator")
        self.resident = api.add_user("Ann Peeters")
        self.rules = home / "huisregels.yaml"
        self.settings = {
            "RULES": str(self.rules),
            "TELEGRAM__TOKEN": api.token,
            "TELEGRAM__API_BASE": api.url,
            "TELEGRAM__CHATS": str(self.group),
        }
        self._said = 0

    def ask(self, query: str, *values: object) -> list[tuple[object, ...]]:
        path = f"file:{self.home / 'data' / 'verbinder.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(path, uri=True, timeout=10)) as database:
            return database.execute(query, values).fetchall()

    async def fired(self, text: str) -> set[object]:
        """Let a resident write `text`; return the rules that fired on it."""
        self._said += 1
        said = f"{text} nummer {self._said}"
        self.api.post(self.group, self.resident, said)
        judged = "SELECT id FROM revisions WHERE text = ? AND state = 'done'"
        await until(lambda: self.ask(judged, said), f"a verdict on “{said}”")
        ((revision,),) = self.ask(judged, said)
        return {row[0] for row in self.ask("SELECT rule_id FROM rule_hits WHERE revision_pk = ?", revision)}

    def applied(self) -> str:
        """Return the hash that the service says it applies."""
        status = command(self.home, "rules", "status", **self.settings)
        found = re.search(r"Toegepast: hash ([0-9a-f]{64})", status.stdout)
        assert found is not None, status
        return found[1]

    def notices(self) -> list[str]:
        return [str(row[0]) for row in self.ask("SELECT text FROM notices WHERE settled_at IS NULL")]

    async def noted(self, event: str, number: int) -> None:
        """Wait until the log of decisions holds an event so many times."""
        count = "SELECT count(*) FROM events WHERE name = ?"
        await until(lambda: self.ask(count, event) == [(number,)], f"{event} {number}")
