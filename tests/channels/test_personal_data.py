"""What is shown in a staff channel holds no personal data, on either platform."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channels.discord.render import embeds_of, queue_embed
from bot.channels.telegram.cards import render
from bot.core.cases import ActionKind, Case, CaseKind
from bot.review.card import card_of
from tests.builders import NOON
from tests.personal import EVERYTHING, leaks
from tests.review.cases import POST, REACTION, case, decision

CONSOLE = "http://127.0.0.1:8642"


@pytest.fixture(params=list(CaseKind))
def full(request: pytest.FixtureRequest) -> Case:
    """Return a case with personal data in everything that others wrote."""
    return case(
        request.param,
        message=replace(REACTION, text=EVERYTHING),
        quoted=EVERYTHING,
        post=replace(POST, text=EVERYTHING),
        reasons=(EVERYTHING,),
        proposal=decision(ActionKind.PROPOSE_REMOVAL, reason=EVERYTHING),
    )


def test_a_card_in_telegram_tells_no_personal_data(full: Case) -> None:
    text = render(card_of(full, now=NOON, console_url=CONSOLE)).text
    assert leaks(text) == []
    assert text.count("[telefoonnummer]") >= 4


def test_a_card_in_discord_tells_no_personal_data(full: Case) -> None:
    text = repr([embed.to_dict() for embed in embeds_of(full, now=NOON, console_url=CONSOLE)])
    assert leaks(plain(text)) == []
    assert plain(text).count("[telefoonnummer]") >= 4


def test_the_queue_in_discord_tells_no_personal_data(full: Case) -> None:
    text = plain(repr(queue_embed([full], now=NOON, console_url=CONSOLE).to_dict()))
    assert leaks(text) == []
    assert "[telefoonnummer]" in text


def plain(text: str) -> str:
    """Return what Discord shows: without the backslashes that keep marks from meaning something, and what joins."""
    return "".join(character for character in text if character not in "\\\u200b\u2060")
