"""A town with something of everything: threads, harsh words, worries, a hostile text, verdicts with evidence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.core.analysis import Analysis
from bot.core.cases import ThreadMessage
from bot.core.findings import (
    Effect,
    FrameHit,
    FramingResult,
    RuleHit,
    RulesResult,
    Severity,
    Span,
    Tension,
    Tone,
    ToxicityResult,
)
from bot.core.messages import Author, AuthorRole, Message, MessageKind, MessageRef
from bot.review.triage import Triage
from tests.builders import NOON, RESPECT, Services, message, post, verdict

INSULT = "Jullie zijn allemaal achterlijke idioten op dat gemeentehuis!"
WORRY = (
    "Ik maak me zorgen over de wachtlijst. Komt er nog plaats voor onze kinderen, of gaat alles naar die nieuwkomers?"
)
QUESTION = "Mooi plan! Mag ik vragen wanneer het zwembad opengaat op zondag?"
REPLY = (
    "Dank u voor uw reactie. Wij begrijpen dat u zich zorgen maakt over de plaatsen. Er komen dit schooljaar "
    "veertig plaatsen bij, voor alle kinderen van onze gemeente. Hebt u een vraag over uw eigen inschrijving? "
    "Laat het ons weten, dan zoeken we het samen uit."
)
OTHER_REPLY = "Fijn dat u dit vraagt. Veel ouders zitten met dezelfde vraag. Wilt u eens langskomen op het infomoment?"
TOWN = Author("gemeente", role=AuthorRole.MUNICIPALITY)
CORPUS = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> vraag alarm",
    "{{7*7}} {% raw %} ${7*7} #{7*7} <%= 7*7 %> vraag alarm",
    "\u202eomgekeerd\u202c gewoon \u2066los\u2069 vraag alarm",
    "\x1b[31mrood\x1b[0m \x07bel\x00 vraag alarm",
    "</textarea></title></style></script>'\"--><svg/onload=alert(3)> vraag alarm",
    "@everyone @gemeente <@123> [klik](javascript:alert(4)) https://example.invalid vraag alarm",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘ vraag alarm",
    "vraag alarm " + "lang woord zonder einde " * 2200,
    "vraagalarm" + "x" * 50_000,
)


def _spans(text: str, pattern: str) -> tuple[Span, ...]:
    return tuple(match.span() for match in re.finditer(pattern, text, re.IGNORECASE))


def judge(said: Message) -> Analysis:
    """Judge by words, with evidence: spans that overlap, a frame, scores and a tone."""
    text = said.text
    insult, them = _spans(text, r"achterlijke idioten"), _spans(text, r"naar die nieuwkomers")
    asks = bool(_spans(text, r"zorgen|vraag|vragen"))
    alert = bool(insult) or "alarm" in text
    base = verdict(alert=alert, reply=asks, suggestions=(REPLY, OTHER_REPLY))
    hit = RuleHit(
        RESPECT.id, RESPECT.title, RESPECT.house_rule, Severity.HIGH, "actief",
        frozenset({Effect.ALERT_MODERATOR}), RESPECT.reason, insult,
    )  # fmt: skip
    scores = {"toxicity": 0.91, "insult": 0.88, "threat": 0.02} if insult else {"toxicity": 0.08, "insult": 0.03}
    # Part of the rule's evidence, so that marks overlap.
    narrower = {"insult": tuple((start + 12, end) for start, end in insult)}
    reasons = (
        ("Huisregel 2 (Respect): Geen persoonlijke aanvallen", "Toxiciteit: belediging van een persoon (0,88)")
        if insult
        else ("Een bewoner deelt een bezorgdheid", "Kader: vijandige indringer")
        if them
        else ("Een bewoner stelt een vraag",)
    )
    return replace(
        base,
        toxicity=ToxicityResult(
            "embedded", "1", scores, ("toxicity", "insult") if insult else (), None, narrower if insult else {}
        ),
        framing=FramingResult(
            frames=(FrameHit("vijandige_indringer", 0.74, them, flagged=True),) if them else (),
            values=("gelijkheid",) if them else (),
            tone=Tone.HOSTILE if insult else Tone.WORRY if them else Tone.QUESTION,
            tension=Tension.AFFECTIVE if insult else Tension.CONFLICT if them else Tension.NONE,
        ),
        rules=RulesResult("hash-of-rules", (hit,) if insult else ()),
        decision=replace(base.decision, reasons=reasons),
        suggestions=tuple(
            replace(suggestion, approach=approach, checks=())
            for suggestion, approach in zip(base.suggestions, ("erkennen en informeren", "uitnodigen"), strict=False)
        ),
    )


def with_evidence(services: Services) -> Services:
    """Let these services judge as `judge` does."""
    services.triage = Triage(
        services.database, services.clock, services.bulletin, judge, raid_window=timedelta(hours=1)
    )
    return services


def _said(text: str, key: str, minute: int, under: str) -> Message:
    at = NOON - timedelta(minutes=60 - minute)
    return message(
        text, id=key, author=f"u{key}", reply_to=under, post_id=under, sent_at=at, chat_name="Dorpbeke leeft"
    )


def _posted(text: str, key: str, hours_ago: int) -> Message:
    return replace(
        post(text, id=key), author=TOWN, sent_at=NOON - timedelta(hours=hours_ago), chat_name="Dorpbeke leeft"
    )


async def play(services: Services) -> None:
    """Let a morning pass in the town."""
    await services.receive(
        _posted("Dit schooljaar komen er veertig plaatsen bij in de kinderopvang van Dorpbeke.", "100", 2),
        _said(WORRY, "101", 1, "100"),
        _said("Eindelijk goed nieuws.", "102", 3, "100"),
        _said(INSULT, "103", 5, "100"),
        _posted("Het zwembad is weer open!", "200", 1),
        _said(QUESTION, "201", 9, "200"),
    )


def in_thread(number: int, *, kind: MessageKind = MessageKind.REACTION, reply_to: str | None = None) -> ThreadMessage:
    """Return a message as a thread shows it."""
    ref = MessageRef("demo", "-100", str(number))
    return ThreadMessage(ref, kind, "Bewoner", AuthorRole.RESIDENT, "tekst", NOON, reply_to=reply_to)
