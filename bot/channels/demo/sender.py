"""The platform of the demonstration: what was placed and removed, one line each, in a file that survives a crash.

It keeps no words, only keys and addresses: the words stand in the store, where they can be erased. Like a real platform
it places whatever it is asked to place, twice if asked twice; not asking twice is the dispatcher's business.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.core.errors import TargetGone, Transient
from bot.core.messages import MessageRef
from bot.review.ports import RemoveEffect, ReplyEffect, Sent

LEDGER_NAME = "demonstratie.jsonl"

_GONE = "De reactie staat niet meer in de demonstratie."
Line = Mapping[str, str]


class DemoSender:
    """The `Sender` of the demonstration."""

    def __init__(self, ledger: Path, *, console_url: str) -> None:
        self._ledger = ledger
        self._console_url = console_url

    async def reply(self, effect: ReplyEffect) -> Sent:
        """Place the reply under its target."""
        lines = await self._lines()
        if _removed(lines, effect.target):
            raise TargetGone(_GONE)
        number = 1 + sum(line["what"] == "reply" for line in lines)
        line = {"what": "reply", "key": effect.key, "target": effect.target.message_id, "id": f"antwoord-{number}"}
        await self._write(line)
        return self._sent(effect, line)

    async def remove(self, effect: RemoveEffect) -> None:
        """Remove the target."""
        if _removed(await self._lines(), effect.target):
            raise TargetGone(_GONE)
        await self._write({"what": "removal", "key": effect.key, "target": effect.target.message_id})

    async def find(self, effect: ReplyEffect) -> Sent | None:
        """Return where this reply was placed, None when it was not."""
        for line in await self._lines():
            if line["what"] == "reply" and line["key"] == effect.key:
                return self._sent(effect, line)
        return None

    async def removed(self, target: MessageRef) -> bool:
        """Tell whether `target` was removed here."""
        return _removed(await self._lines(), target)

    async def clear(self) -> None:
        """Begin with an empty platform: the script starts anew."""
        await asyncio.to_thread(self._ledger.unlink, missing_ok=True)

    def _sent(self, effect: ReplyEffect, line: Line) -> Sent:
        chat = effect.target.chat_id
        return Sent(line["id"], f"{self._console_url}/kanalen/{effect.target.channel}#b-{chat}-{line['id']}")

    async def _lines(self) -> list[Line]:
        return await asyncio.to_thread(lambda: list(read_ledger(self._ledger)))

    async def _write(self, line: Line) -> None:
        try:
            await asyncio.to_thread(_append, self._ledger, json.dumps(line))
        except OSError as error:
            raise Transient(f"De demonstratie kan niets bewaren: {error.strerror}.", sent=True) from error


def read_ledger(path: Path) -> Iterator[Line]:
    """Yield what stands in the file; a last line that was cut off by a crash did not happen."""
    if not path.exists():
        return
    for text in path.read_text(encoding="utf-8").split("\n")[:-1]:
        if text:
            yield json.loads(text)


def _removed(lines: list[Line], target: MessageRef) -> bool:
    return any(line["what"] == "removal" and line["target"] == target.message_id for line in lines)


def _append(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # cut off by a crash
                file.truncate(_end_of_whole_lines(path))
        file.write(f"{text}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def _end_of_whole_lines(path: Path) -> int:
    return path.read_bytes().rfind(b"\n") + 1
