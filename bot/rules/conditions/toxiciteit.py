"""`toxiciteit`: a label of the scorer from a threshold on. Without scores it is not evaluated (law 3)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.rules.conditions.base import Spec
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Verdict

ToxicityLabel = Literal[
    "toxicity", "severe_toxicity", "obscene", "identity_attack", "insult", "threat", "sexual_explicit"
]


class Toxiciteit(Spec):
    """De score van de toxiciteitsmeter voor één soort, vanaf een drempel boven 0 en hoogstens 1."""

    label: ToxicityLabel = Field(description="Welke soort: bijvoorbeeld insult (belediging) of threat (bedreiging).")
    vanaf: float = Field(gt=0, le=1, allow_inf_nan=False, description="Vanaf welke score, boven 0 en hoogstens 1.")

    def compile(self, lists: Lists) -> Check:
        """Return the check."""
        del lists

        def check(subject: Subject) -> Verdict:
            scores = subject.given.scores
            if scores is None:
                return Verdict(None, why="er zijn geen toxiciteitsscores")
            if self.label not in scores:
                return Verdict(None, why=f"de toxiciteitsmeter gaf geen score voor `{self.label}`")
            return Verdict(scores[self.label] >= self.vanaf)

        return check
