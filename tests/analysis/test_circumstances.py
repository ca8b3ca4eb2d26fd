"""Rules are told when a message was written, where it stands, and what was written just before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.analysis import analyse, likeness
from bot.core.messages import SAME_AUTHOR, Message, Recent
from bot.engine import Engine
from tests.analysis.conftest import message
from tests.rules.helpers import loaded, rule_text

NIGHT = "{alle: [{woorden: lawaai}, {tijd: {van: '22:00', tot: '06:00', dagen: [vr, za]}}]}"
SATURDAY_NIGHT = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # Sunday 0.30 in Brussels, an hour and a half before summer


def fired(engine: Engine, tmp_path: Path, wanneer: str, judged: Message) -> bool:
    analysis = analyse(judged, replace(engine, rules=loaded(tmp_path, rule_text(wanneer))))
    assert not analysis.rules.not_evaluated
    return bool(analysis.rules.hits)


@pytest.mark.parametrize(
    ("zone", "sent_at", "edited_at", "expected"),
    [
        ("Europe/Brussels", SATURDAY_NIGHT, None, True),
        ("UTC", SATURDAY_NIGHT, None, True),
        ("America/New_York", SATURDAY_NIGHT, None, False),  # 19.30 there
        ("Europe/Brussels", SATURDAY_NIGHT + timedelta(hours=4, minutes=29), None, True),  # 5.59, summer time by then
        ("Europe/Brussels", SATURDAY_NIGHT + timedelta(hours=4, minutes=30), None, False),  # 6.00
        ("Europe/Brussels", SATURDAY_NIGHT - timedelta(hours=9), SATURDAY_NIGHT, True),  # rewritten at night
    ],
)
def test_the_time_is_that_of_the_towns_clock_when_the_words_were_written(
    engine: Engine, tmp_path: Path, zone: str, sent_at: datetime, edited_at: datetime | None, expected: bool
) -> None:
    judged = replace(message("wat een lawaai"), sent_at=sent_at, edited_at=edited_at)
    assert fired(replace(engine, zone=ZoneInfo(zone)), tmp_path, NIGHT, judged) is expected


@pytest.mark.parametrize(
    ("wanneer", "recent", "expected"),
    [
        ("{herhaling: {keer: 2, binnen: 1 uur}}", Recent(alike=((SAME_AUTHOR, timedelta(minutes=1)),)), True),
        ("{overval: {auteurs: 2, binnen: 1 uur}}", Recent(alike=(("k7qf", timedelta(minutes=1)),)), True),
        ("{stortvloed: {berichten: 2, binnen: 1 uur}}", Recent(own=(timedelta(minutes=1),)), True),
        ("{alle: [{woorden: lawaai}, {eerste_bericht: ja}]}", Recent(first=True), True),
        ("{herhaling: {keer: 2, binnen: 1 uur}}", Recent(), False),
        ("{overval: {auteurs: 2, binnen: 1 uur}}", Recent(), False),
        ("{stortvloed: {berichten: 2, binnen: 1 uur}}", Recent(), False),
        ("{alle: [{woorden: lawaai}, {eerste_bericht: nee}]}", Recent(), False),
    ],
)
def test_what_was_written_before_is_known_to_the_rules(
    engine: Engine, tmp_path: Path, wanneer: str, recent: Recent, expected: bool
) -> None:
    judged = replace(message("altijd weer wat lawaai"), recent=recent)
    assert fired(engine, tmp_path, wanneer, judged) is expected


@pytest.mark.parametrize(("thread_id", "post_id"), [("12", None), (None, "12")])
def test_the_thread_and_the_post_are_known_to_the_rules(
    engine: Engine, tmp_path: Path, thread_id: str | None, post_id: str | None
) -> None:
    judged = replace(message("lawaai"), thread_id=thread_id, post_id=post_id)
    assert fired(engine, tmp_path, "{alle: [{woorden: lawaai}, {draad: 12}]}", judged)


def test_an_analysis_keeps_the_likeness_that_like_messages_share(engine: Engine) -> None:
    first, second = message("Kom naar de markt!"), message("KOM  NAAR DE MÁRKT 😀")
    assert analyse(first, engine).fingerprint == likeness(first) == likeness(second) != ""
    assert likeness(message("x" * 20_000 + "a")) == likeness(message("x" * 20_000 + "b")), "only what is judged"
