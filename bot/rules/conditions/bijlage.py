"""`bijlage`: an attachment, any or by its kind, media type or file ending."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bot.rules.conditions.base import OneOrMore, Spec
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Verdict


class Bijlage(Spec):
    """Een bijlage bij het bericht: `elke`, of een soort (`photo`, `image`) of een uitgang (`exe`)."""

    short: ClassVar[str] = "soorten"
    bare: ClassVar[frozenset[str]] = frozenset({"elke"})

    soorten: OneOrMore = Field(default=(), description="Soorten of uitgangen. Zonder `soorten` telt elke bijlage.")

    def compile(self, lists: Lists) -> Check:
        """Return the check."""
        del lists
        kinds = [kind.casefold().lstrip(".") for kind in self.soorten]

        def check(subject: Subject) -> Verdict:
            attachments = [attachment.casefold() for attachment in subject.given.attachments]
            if not kinds:
                return Verdict(bool(attachments))
            return Verdict(any(_is_kind(attachment, kind) for attachment in attachments for kind in kinds))

        return check


def _is_kind(attachment: str, kind: str) -> bool:
    return attachment == kind or attachment.startswith((f"{kind}/", f"{kind}:")) or attachment.endswith(f".{kind}")
