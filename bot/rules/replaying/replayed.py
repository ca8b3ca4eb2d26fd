"""A reaction of long ago as the rules look at it now, with what people decided about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.messages import NOTHING_RECENT, AuthorRole, Recent


@dataclass(frozen=True, slots=True)
class Replayed:
    """One stored reaction.

    `language` is the stored one, None where none is stored. `scores` are the stored ones, None where none are:
    rules that need them are then not evaluated. `moment` is the town's local time at which it was written.

    `upheld` is what people made of it: True where it was removed or answered with a reminder of the house rules,
    False where it was found to be fine, None where nobody decided. `decision` is the key of that decision, which like
    reactions may share; `ground` the house rule that it rests on.
    """

    revision_pk: int
    text: str
    language: str | None = None
    role: AuthorRole = AuthorRole.RESIDENT
    channel: str = ""
    thread_id: str | None = None
    post_id: str | None = None
    attachments: tuple[str, ...] = ()
    scores: Mapping[str, float] | None = None
    moment: datetime | None = None
    recent: Recent = NOTHING_RECENT
    upheld: bool | None = None
    decision: int | None = None
    ground: str = ""

    @property
    def decision_key(self) -> int:
        """Return a number that reactions share when one decision was about all of them."""
        return -1 - self.revision_pk if self.decision is None else self.decision
