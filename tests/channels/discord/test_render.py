"""A card always fits in what Discord takes, whatever it has to show (trap 19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.discord.plain import units
from bot.channels.discord.render import embeds_of, queue_embed, view_of
from bot.core.analysis import Suggestion
from bot.core.cases import (
    ActionKind,
    Case,
    CaseKind,
    CaseState,
    DecisionView,
    EffectKind,
    EffectState,
    EffectView,
    ThreadMessage,
)
from bot.core.findings import Severity
from bot.core.messages import AuthorRole, MessageKind, MessageRef
from tests.builders import NOON
from tests.channels.discord.conftest import CONSOLE
from tests.standins.discord import checks

LONG = {"plain": "woord " * 3000, "markup": "*_`@<" * 3000, "emoji": "\U0001f642" * 3000, "bidi": "\u202e\n" * 3000}


def case_of(text: str, kind: CaseKind, state: CaseState) -> Case:
    link = "https://discord.com/channels/" + "1" * 150
    message = ThreadMessage(
        MessageRef("discord", "1", "2"), MessageKind.REACTION, text, AuthorRole.RESIDENT, text, NOON, link
    )
    effect = EffectView(EffectKind.REPLY, EffectState.FAILED, NOON, link=link, error=text)
    decision = DecisionView(1, ActionKind.EDIT, text, "web", NOON, text=text, effects=(effect,))
    return Case(
        id=999_999_999_999,
        version=999_999_999,
        kind=kind,
        state=state,
        severity=Severity.CRITICAL,
        opened_at=NOON,
        message=message,
        quoted=text,
        forwarded=text,
        post=message,
        analysis=None,
        reasons=(text,) * 20,
        suggestions=(Suggestion(text), Suggestion(text)),
        decision=decision if state is CaseState.DECIDED else None,
        returned_because=text,
        chat_name=text,
    )


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("kind", list(CaseKind))
@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_trap_19_the_worst_card_is_accepted_with_its_buttons_and_link(
    text: str, kind: CaseKind, state: CaseState
) -> None:
    case = case_of(text, kind, state)
    embeds = embeds_of(case, now=NOON, console_url=CONSOLE)
    checks.embeds([dict(embed.to_dict()) for embed in embeds])
    parts = [
        p for e in embeds for p in (e.title, e.description, *(x for f in e.fields for x in (f.name, f.value))) if p
    ]
    assert sum(units(part) for part in parts) <= 6000
    assert f"{CONSOLE}/zaken/{case.id}" in (embeds[-1].fields[-1].value or "")
    view = view_of(case, now=NOON, console_url=CONSOLE)
    if view is not None:
        checks.components([dict(row) for row in view.to_components()])


def test_trap_19_the_queue_fits_too() -> None:
    cases = [replace(case_of(LONG["markup"], CaseKind.ALERT, CaseState.OPEN), id=n) for n in range(1, 101)]
    embed = queue_embed(cases, now=NOON + timedelta(hours=1), console_url=CONSOLE)
    checks.embeds([dict(embed.to_dict())])
    assert "nog 90" in (embed.footer.text or "")


def test_an_empty_queue_says_so() -> None:
    assert "niets" in (queue_embed([], now=NOON, console_url=CONSOLE).description or "")


def test_an_alert_is_veiled_and_a_question_is_not() -> None:
    alert = embeds_of(case_of("scheldwoord", CaseKind.ALERT, CaseState.OPEN), now=NOON, console_url=CONSOLE)
    reply = embeds_of(case_of("vraag", CaseKind.REPLY, CaseState.OPEN), now=NOON, console_url=CONSOLE)
    assert alert[0].description == "||scheldwoord||"
    assert reply[0].description == "vraag"


def test_trap_15_an_address_that_is_no_address_is_no_link() -> None:
    case = case_of("x", CaseKind.REPLY, CaseState.OPEN)
    odd = replace(case, message=replace(case.message, link="javascript:alert(1)"))
    shown = embeds_of(odd, now=NOON, console_url=CONSOLE)[-1].fields[-1].value or ""
    assert "javascript" not in shown
