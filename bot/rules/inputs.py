"""What a rule may look at: the author's own words and what is known about the message, nothing else.

Quoted text, forwarded text and display names are not here, so nobody is judged by words that are not theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.messages import NOTHING_RECENT, AuthorRole, Recent
from bot.text.language import UNKNOWN
from bot.text.normalise import Normalised, normalise
from bot.text.tokens import Tokens, tokenise


@dataclass(frozen=True, slots=True)
class RuleInput:
    """One text to judge. `scores` is None when no scorer answered: rules that need it are then not evaluated.

    `thread_id` and `post_id` say where it stands. `recent` is what was written just before, `moment` the town's local
    time at which this was written, None where nobody knows.
    """

    normalised: Normalised
    language: str = UNKNOWN
    scores: Mapping[str, float] | None = None
    role: AuthorRole = AuthorRole.RESIDENT
    channel: str = ""
    thread_id: str | None = None
    attachments: tuple[str, ...] = ()
    post_id: str | None = None
    recent: Recent = NOTHING_RECENT
    moment: datetime | None = None

    @property
    def text(self) -> str:
        """Return the text as its author wrote it."""
        return self.normalised.original

    @classmethod
    def of(
        cls,
        text: str,
        *,
        language: str = UNKNOWN,
        scores: Mapping[str, float] | None = None,
        role: AuthorRole = AuthorRole.RESIDENT,
        channel: str = "",
        thread_id: str | None = None,
        attachments: tuple[str, ...] = (),
        recent: Recent = NOTHING_RECENT,
        moment: datetime | None = None,
    ) -> RuleInput:
        """Return the input for a bare text."""
        return cls(
            normalise(text), language, scores, role, channel, thread_id, attachments, recent=recent, moment=moment
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """An input with its words, taken apart once for all rules."""

    given: RuleInput
    tokens: Tokens

    @classmethod
    def of(cls, given: RuleInput) -> Subject:
        """Return the subject for `given`."""
        return cls(given, tokenise(given.normalised))
