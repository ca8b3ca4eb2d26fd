"""What doctor says of a bot that is not quite right."""

from __future__ import annotations

import pytest

from bot.channels.telegram.doctor import GROUPS, PRIVACY, STAFF, TOKEN, WEBHOOK, examine
from bot.core.health import Check, Verdict
from bot.settings import TelegramSettings
from tests.channels.telegram.town import Town

pytestmark = pytest.mark.e2e


async def checks_of(town: Town, **changes: object) -> dict[str, Check]:
    return {check.name: check for check in await examine(town.settings(**changes))}


async def test_a_bot_that_is_all_right_gets_no_remark(town: Town) -> None:
    checks = await checks_of(town)
    assert [check.verdict for check in checks.values()] == [Verdict.GOOD] * 5
    assert "@verbinder_bot" in checks[TOKEN].detail


async def test_without_a_token_telegram_is_skipped() -> None:
    (check,) = await examine(TelegramSettings())
    assert check.verdict is Verdict.SKIPPED


@pytest.mark.parametrize("token", ["not-a-token", "7000000001:ATokenThatTelegramDoesNotKnow00000000"])
async def test_a_token_that_is_none_or_not_accepted_says_where_to_get_one(town: Town, token: str) -> None:
    (check,) = (await checks_of(town, token=token)).values()
    assert check.verdict is Verdict.BAD
    assert "BotFather" in check.remedy
    assert token not in check.detail + check.remedy


async def test_a_server_that_is_not_there_is_told_apart_from_a_bad_token(town: Town) -> None:
    town.api.stop()
    (check,) = (await checks_of(town)).values()
    assert check.verdict is Verdict.BAD
    assert "niet bereikbaar" in check.detail


async def test_trap_30_privacy_mode_is_wrong_unless_the_bot_administers_every_group(town: Town) -> None:
    town.api.set_bot(town.group, "member")
    check = (await checks_of(town))[PRIVACY]
    assert check.verdict is Verdict.BAD
    assert "Velddorp praat" in check.detail
    assert "/setprivacy" in check.remedy
    town.api.set_privacy(on=False)
    assert (await checks_of(town))[PRIVACY].verdict is Verdict.GOOD


async def test_a_webhook_is_named_without_its_secret_path(town: Town) -> None:
    town.api.set_webhook("https://hooks.example/secret-path")
    check = (await checks_of(town))[WEBHOOK]
    assert check.verdict is Verdict.BAD
    assert "hooks.example" in check.detail
    assert "secret-path" not in check.detail + check.remedy


@pytest.mark.parametrize(
    ("status", "verdict"),
    [("kicked", Verdict.BAD), ("left", Verdict.BAD), ("member", Verdict.WARNING), ("administrator", Verdict.WARNING)],
)
async def test_a_group_where_the_bot_cannot_do_its_work_comes_with_a_remedy(
    town: Town, status: str, verdict: Verdict
) -> None:
    town.api.set_bot(town.group, status)
    check = (await checks_of(town))[f"{GROUPS} {town.group}"]
    assert check.verdict is verdict
    assert check.remedy


async def test_a_channel_is_not_its_discussion_group(town: Town) -> None:
    news = town.api.add_group("Gemeente Velddorp", kind="channel", bot="administrator")
    town.api.link(news, town.group)
    check = (await checks_of(town, chats=(str(news),)))[f"{GROUPS} {news}"]
    assert check.verdict is Verdict.BAD
    assert str(town.group) in check.remedy


async def test_a_group_that_moved_says_where_it_went(town: Town) -> None:
    old = town.api.add_group("Klein dorp", kind="group", bot="administrator")
    new = town.api.migrate(old)
    check = (await checks_of(town, chats=(str(old),)))[f"{GROUPS} {old}"]
    assert check.verdict is Verdict.BAD
    assert str(new) in check.detail


async def test_no_group_at_all_is_wrong(town: Town) -> None:
    assert (await checks_of(town, chats=()))[GROUPS].verdict is Verdict.BAD


async def test_the_staff_group_is_another_group_that_the_bot_is_in(town: Town) -> None:
    assert (await checks_of(town, staff_chat=None))[STAFF].verdict is Verdict.SKIPPED
    assert (await checks_of(town, staff_chat=str(town.group)))[STAFF].verdict is Verdict.BAD
    town.api.set_bot(town.staff, "left")
    check = (await checks_of(town))[STAFF]
    assert check.verdict is Verdict.BAD
    assert check.remedy


async def test_a_group_that_is_no_number_is_a_setting_to_correct(town: Town) -> None:
    (check,) = (await checks_of(town, chats=("@velddorp",))).values()
    assert check.verdict is Verdict.BAD
    assert "VERBINDER_TELEGRAM__CHATS" in check.detail


async def test_examining_changes_nothing(town: Town) -> None:
    town.api.post(town.group, town.ann, "Dag")
    waiting = town.api.waiting()
    await checks_of(town)
    assert town.api.waiting() == waiting
    assert town.api.from_bot(town.group) == town.api.from_bot(town.staff) == []
