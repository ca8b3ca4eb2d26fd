"""`rol`: who wrote it, as far as the channel can tell."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from bot.core.messages import AuthorRole
from bot.rules.conditions.base import OneOrMore, Spec
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Verdict


class Rol(Spec):
    """Wie het schreef: bewoner, medewerker of gemeente."""

    short: ClassVar[str] = "rollen"

    rollen: OneOrMore = Field(description="Een of meer rollen.")

    @field_validator("rollen")
    @classmethod
    def _roles(cls, roles: tuple[str, ...]) -> tuple[str, ...]:
        for role in roles:
            if role not in list(AuthorRole):
                raise PydanticCustomError(
                    "rol", "`{role}` is geen rol; kies uit {known}", {"role": role, "known": ", ".join(AuthorRole)}
                )
        return roles

    def compile(self, lists: Lists) -> Check:
        """Return the check."""
        del lists

        def check(subject: Subject) -> Verdict:
            return Verdict(subject.given.role in self.rollen)

        return check
