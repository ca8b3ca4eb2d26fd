"""A history to replay: reactions judged by marker words, decided by people at the real desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.analysis import Analysis
from bot.core.cases import ActionKind, CaseKind
from bot.core.findings import Effect, RuleHit, RulesResult, Severity, ToxicityResult
from bot.core.messages import Message
from bot.core.people import Person
from bot.review.triage import Triage
from bot.store.schema import cases
from tests.builders import Services, judge_by_words
from tests.review.looking import rows

MARKS = {"alarm": "schelden", "boos": "privacy", "luid": "schreeuwen", "oud": "oude-naam"}
SHADOW = {"schreeuwen"}


def judge(message: Message) -> Analysis:
    """Judge by marker words: each fires its rule, `stil` leaves the text without scores."""
    fired = tuple(
        RuleHit(
            rule, "Titel", "2. Respect", Severity.HIGH, "schaduw" if rule in SHADOW else "actief",
            frozenset({Effect.ALERT_MODERATOR}), "",
        )
        for word, rule in MARKS.items()
        if word in message.text
    )  # fmt: skip
    toxicity = ToxicityResult("embedded", "1", {"insult": 0.25, "threat": 0.5})
    if "stil" in message.text:
        toxicity = ToxicityResult("embedded", "1", error="duurde te lang")
    return replace(judge_by_words(message), rules=RulesResult("h", fired), toxicity=toxicity)


async def judged(services: Services, *incoming: Message, history: bool = False) -> None:
    """Take reactions in and judge them."""
    await services.intake.receive_all(incoming, history=history)
    worker = Triage(services.database, services.clock, services.bulletin, judge, raid_window=timedelta(hours=1))
    while await worker.run_once():
        pass


async def decide(services: Services, person: Person, message_id: str, action: ActionKind, *, rule_id: str = "") -> int:
    """Decide the alert about a message, by its id on the platform; return the key of the decision, 0 for none."""
    for row in await rows(services, cases):
        case = await services.desk.case(row.id)
        if case is not None and case.kind is CaseKind.ALERT and case.message.ref.message_id == message_id:
            after = await services.do(action, case, person, rule_id=rule_id)
            return after.decision.id if after.decision else 0
    raise LookupError(message_id)
