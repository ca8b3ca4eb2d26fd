"""`verbinder import FILE`: bring an export into the store as history, in batches that each commit as a whole.

The place in the file is stored with every batch, so a run that was killed goes on where it stopped and a second run
brings in nothing. What the store knows already (a live message, another export) is recognised there by its address.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.core.errors import ImportFileError
from bot.core.messages import Incoming, Message
from bot.importing import discord, telegram
from bot.importing.chat_memory import ChatMemory
from bot.importing.reader import Damage, ExportReader, opened, start_of_json
from bot.importing.skipping import Reason, Skipped
from bot.importing.walker import Found
from bot.importing.words import damage_in_words

CURSOR_CHANNEL = "import"
_MAPPING_VERSION = "1"
"""Raise it when exported messages are mapped otherwise: files that were read before are then gone through again."""

_HEAD_BYTES = 1 << 20
_TAIL_BYTES = 64 * 1024
_LOOKED_AT_PER_MESSAGE = 20
"""At most this many exported messages are gone through for one of a batch, so that progress is seen to go on."""


class HistoryIntake(Protocol):
    """What an import asks of `bot.review.intake.Intake`."""

    async def receive_all(
        self, incoming: Sequence[Incoming], *, cursor: tuple[str, str, str] | None = None, history: bool = False
    ) -> int:
        """Store a batch and the cursor in one transaction; return how many messages or revisions were new."""

    async def cursor(self, channel: str, name: str) -> str | None:
        """Return the stored value of a cursor."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: bytes of the file, and messages gone through so far."""

    done: int
    total: int
    messages: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came to. `skipped` counts by reason, in Dutch words; `authors` counts writers, without names."""

    imported: int = 0
    known: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    authors: int = 0
    chats: tuple[str, ...] = ()


async def import_file(
    path: Path,
    intake: HistoryIntake,
    *,
    on_progress: Callable[[Progress], None],
    batch: int = 500,
    own: frozenset[str] = frozenset(),
    only: frozenset[str] | None = None,
) -> ImportReport:
    """Bring the export at `path` into the store and return what came of it.

    `own` names authors (ids, safer than names) who write for the municipality. `only` limits the import to these chat
    ids (a Discord channel with its threads); it matters for the export of a whole account, which may hold groups that
    are none of the municipality's. Raise ImportFileError for a file that is no export, and after a damaged one was
    read as far as it goes.
    """
    name = await asyncio.to_thread(_fingerprint, path, own, only)
    done_before = int(await intake.cursor(CURSOR_CHANNEL, name) or 0)
    run = _Run(path, own, only, done_before)
    try:
        while not run.finished:
            messages = await _read(run, batch)
            if messages:
                cursor = (CURSOR_CHANNEL, name, str(run.position))
                run.imported += await intake.receive_all(messages, cursor=cursor, history=True)
            on_progress(Progress(run.reader.done, run.reader.total, run.position))
    finally:
        run.close()
    report = run.report()
    if run.damage is not None:
        message, remedy = damage_in_words(path, run.damage, report)
        raise ImportFileError(message, remedy=remedy)
    return report


async def _read(run: _Run, batch: int) -> list[Message]:
    """Read a batch in a thread; when the import is stopped meanwhile, let the thread end before the file is closed."""
    reading = asyncio.ensure_future(asyncio.to_thread(run.next_batch, batch))
    try:
        return await asyncio.shield(reading)
    except asyncio.CancelledError:
        await asyncio.wait({reading})
        raise


class _Run:
    """One pass over the file: counts, and hands out what has to be stored."""

    def __init__(self, path: Path, own: frozenset[str], only: frozenset[str] | None, done_before: int) -> None:
        self.reader = ExportReader(path)
        self.position = 0
        self.imported = 0
        self.finished = False
        self.damage: Damage | None = None
        self._own = own
        self._only = only
        self._done_before = done_before
        self._found = self.reader.read()
        self._messages = 0
        self._skipped: Counter[Reason] = Counter()
        self._authors: set[str] = set()
        self._chats: dict[str, ChatMemory] = {}

    def next_batch(self, size: int) -> list[Message]:
        """Return the next messages that were not stored before, at most `size`; none at all is no end."""
        messages: list[Message] = []
        for found in self._next(size * _LOOKED_AT_PER_MESSAGE):
            self.position += 1
            result = self._parse(found)
            if isinstance(result, Skipped):
                self._skipped[result.reason] += 1
                continue
            self._messages += 1
            self._authors.add(result.author.id)
            if self.position > self._done_before:
                messages.append(result)
                if len(messages) >= size:
                    break
        return messages

    def close(self) -> None:
        """Close the file, also where the run was broken off."""
        self._found.close()

    def report(self) -> ImportReport:
        """Return the counts so far; what is no new message was known."""
        return ImportReport(
            imported=self.imported,
            known=self._messages - self.imported,
            skipped={reason.value: count for reason, count in self._skipped.items()},
            authors=len(self._authors),
            chats=tuple(self._chats),
        )

    def _next(self, limit: int) -> Iterator[Found]:
        for _ in range(limit):
            try:
                found = next(self._found, None)
            except Damage as damage:
                self.damage = damage
                found = None
            if found is None:
                self.finished = True
                return
            yield found

    def _parse(self, found: Found) -> Message | Skipped:
        chat = found.chat
        if chat.readable and self._only is not None and chat.watched_as.isdisjoint(self._only):
            return Skipped(Reason.OTHER_CHAT)
        memory = self._chats.setdefault(chat.id, ChatMemory()) if chat.readable else ChatMemory()
        if isinstance(chat, telegram.TelegramChat):
            return telegram.parse(found.value, chat, own=self._own, memory=memory)
        return discord.parse(found.value, chat, own=self._own)


def _fingerprint(path: Path, own: frozenset[str], only: frozenset[str] | None) -> str:
    """Return a name for this file read in this way: a hash of its size, its beginning and its end."""
    digest = hashlib.sha256()
    with opened(path) as file:
        start_of_json(file, path)
        size = path.stat().st_size
        choice = (_MAPPING_VERSION, size, sorted(own), None if only is None else sorted(only))
        digest.update(repr(choice).encode())
        file.seek(0)
        digest.update(file.read(_HEAD_BYTES))
        file.seek(max(0, size - _TAIL_BYTES))
        digest.update(file.read())
    return digest.hexdigest()
