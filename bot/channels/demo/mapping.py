"""From the script of the demonstration town to what a channel hands over. Pure, apart from reading the file.

The script gives times between reactions; here it becomes one row of steps in the order in which they happen, each with
the pause before it. A post appears just before its first reaction, an edit or a delete so long after what it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.core.messages import Author, AuthorRole, Deleted, Message, MessageKind, MessageRef

CHANNEL = "demo"
SCRIPT = Path(__file__).with_name("town.yaml")
STANDARD_PACE = 4.0
"""Seconds between two reactions where the script says nothing, at the standard pace."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: `pause` at the standard pace, then `message` as it then reads, or its deletion."""

    pause: timedelta
    message: Message
    deletes: bool = False

    def at(self, now: datetime) -> Message | Deleted:
        """Return what the channel hands over when this step happens at `now`."""
        if self.deletes:
            return Deleted(self.message.ref, now)
        if self.message.edited_at is not None:
            return replace(self.message, edited_at=now)
        return replace(self.message, sent_at=now)


def read_script(path: Path = SCRIPT) -> tuple[Step, ...]:
    """Return the steps of the script at `path`, in order."""
    return steps_of(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


def steps_of(town: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the steps of a script."""
    chat_id, chat_name = town["kanaal"]["id"], town["kanaal"]["naam"]
    clerk = Author("gemeente", f"Gemeente {town['gemeente']}", AuthorRole.MUNICIPALITY)

    def message(key: str, author: Author, text: str, **more: Any) -> Message:
        ref = MessageRef(CHANNEL, chat_id, key)
        return Message(ref, author, text, sent_at=_LATER, chat_name=chat_name, **more)

    posts = {post["id"]: message(post["id"], clerk, post["tekst"], kind=MessageKind.POST) for post in town["berichten"]}
    moment = 0.0
    happens: list[tuple[float, Message, bool]] = []
    for row in town["reacties"]:
        moment += row.get("na", STANDARD_PACE)
        if row["bericht"] in posts:
            happens.append((moment, posts.pop(row["bericht"]), False))
        reaction = message(
            row["id"],
            Author(row["wie"], row["naam"]),
            row["tekst"],
            post_id=row["bericht"],
            reply_to=row.get("antwoord_op", row["bericht"]),
            quoted=row.get("citaat", ""),
        )
        happens.append((moment, reaction, False))
        if "bewerkt" in row:
            edited = replace(reaction, text=row["bewerkt"]["tekst"], edited_at=_LATER)
            happens.append((moment + row["bewerkt"]["na"], edited, False))
        if "verwijderd_na" in row:
            happens.append((moment + row["verwijderd_na"], reaction, True))
    happens.sort(key=lambda found: found[0])  # stable: a post stays before its first reaction
    before = [0.0, *(at for at, _, _ in happens)]
    return tuple(
        Step(timedelta(seconds=at - earlier), said, deletes)
        for earlier, (at, said, deletes) in zip(before, happens, strict=False)
    )


_LATER = datetime.fromtimestamp(0, UTC)
"""Stands in a script for a time that is not known before the step happens."""
