"""What a rule may look at: the author's own words and what is known about the message, nothing else.

Quoted text, forwarded text and display names are not here, so nobody is judged by words that are not theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.messages import AuthorRole
from bot.text.language import UNKNOWN
from bot.text.normalise import Normalised, normalise
from bot.text.tokens import Tokens, tokenise


@dataclass(frozen=True, slots=True)
class RuleInput:
    """One text to judge. `scores` is None when no scorer answered: rules that need it are then not evaluated.

    `hour` is the local hour (0 to 23) at which it was written, None where nobody knows.
    """

    normalised: Normalised
    language: str = UNKNOWN
    scores: Mapping[str, float] | None = None
    role: AuthorRole = AuthorRole.RESIDENT
    channel: str = ""
    thread_id: str | None = None
    attachments: tuple[str, ...] = ()
    hour: int | None = None

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
        attachments: tuple[str, ...] = (),
    ) -> RuleInput:
        """Return the input for a bare text."""
        return cls(normalise(text), language, scores, role, channel, None, attachments)


@dataclass(frozen=True, slots=True)
class Subject:
    """An input with its words, taken apart once for all rules."""

    given: RuleInput
    tokens: Tokens

    @classmethod
    def of(cls, given: RuleInput) -> Subject:
        """Return the subject for `given`."""
        return cls(given, tokenise(given.normalised))
