"""What a database, a card or a log could stumble over goes in, is judged, and comes back as text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.cases import ActionKind, CaseKind
from bot.core.messages import Author, Deleted, Unreadable
from bot.review.card import card_of
from bot.store.schema import unreadable
from bot.store.types import storable
from tests.builders import NOON, Services, message
from tests.review.looking import rows

NUL, LONE = "nul \x00 teken", "half \ud83d paar \udc00"
LONG = "alles is lang " * 3600  # 50 kB
RTL = "\u202egnalrad\u202c en \u200fمرحبا\u200f"
MARKUP = "<script>alert(1)</script> @everyone [x](javascript:1) {{ 7*7 }} %s \\u0000 ' OR 1=1 --"
HOSTILE = [NUL, LONE, LONG, RTL, MARKUP, "🏳️‍🌈" * 50, "a" + "\u0301" * 500]

TRULY_STORED = [text for text in HOSTILE if text not in (NUL, LONE)]


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_hostile_text_is_stored_judged_and_shown(services: Services, text: str) -> None:
    await services.receive(message(f"alarm {text}", quoted=text, forwarded=text, chat_name=text[:60]))
    case = await services.one(CaseKind.ALERT)
    expected = storable(text)
    assert case.message.text == f"alarm {expected}"
    assert (case.quoted, case.forwarded) == (expected, expected)
    assert len(case.message.text) == len(f"alarm {text}"), "offsets into the text stay right"
    card = card_of(case, now=NOON, console_url="http://x")
    assert card.reaction == case.message.text


@pytest.mark.parametrize("text", TRULY_STORED)
def test_what_a_database_can_hold_is_not_touched(text: str) -> None:
    assert storable(text) == text


@pytest.mark.parametrize("text", [NUL, LONE])
async def test_a_redelivered_hostile_text_is_recognised(services: Services, text: str) -> None:
    await services.intake.receive(message(text))
    assert await services.intake.receive_all([message(text)]) == 0


@pytest.mark.parametrize("name", [NUL, LONE, RTL])
async def test_a_hostile_attachment_or_author_stops_nothing(services: Services, name: str) -> None:
    await services.receive(replace(message("alarm"), attachments=(name,), author=Author(name, name)))
    await services.intake.receive(Deleted(message().ref, NOON))
    assert await services.desk.queue() == ()


@pytest.mark.parametrize("text", [NUL, LONE, LONG])
async def test_an_update_that_cannot_be_read_is_kept_whatever_is_in_it(services: Services, text: str) -> None:
    await services.intake.receive(Unreadable("telegram", text, text))
    (kept,) = await rows(services, unreadable)
    assert (kept.payload, kept.error) == (storable(text), storable(text))


@pytest.mark.parametrize("text", [NUL, LONE, RTL, MARKUP])
async def test_a_colleague_may_paste_anything_in_a_reply(services: Services, text: str) -> None:
    an = await services.person()
    await services.receive(message("vraag"))
    case = await services.do(ActionKind.EDIT, await services.one(CaseKind.REPLY), an, text=text)
    assert case.decision is not None
    assert case.decision.text == storable(text)
    await services.dispatch()
    assert [effect.text for effect in services.sender.sent] == [storable(text)]


@pytest.mark.parametrize("text", [NUL, LONE, RTL, MARKUP])
async def test_a_colleague_may_paste_anything_in_a_reason(services: Services, text: str) -> None:
    an = await services.person()
    await services.receive(message("alarm"))
    alert = await services.one(CaseKind.ALERT)
    case = await services.do(ActionKind.PASS_ON, alert, an, reason=text)
    assert case.decision is not None
    assert case.decision.reason == storable(text)
    assert storable(text) in (await services.one(CaseKind.REPLY)).reasons[0]
