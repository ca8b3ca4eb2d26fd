"""`verbinder doctor` on Discord: says what is wrong and what to do, in Dutch, without posting anything."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from bot.channels.discord.doctor import examine
from bot.core.health import Check, Verdict
from tests.channels.discord.conftest import Town
from tests.standins.discord import world


def failing(checks: tuple[Check, ...]) -> list[Check]:
    return [check for check in checks if check.verdict is not Verdict.GOOD]


async def test_a_town_in_order_is_good_and_nothing_is_posted(town: Town) -> None:
    checks = await examine(town.settings())
    assert failing(checks) == []
    assert len(checks) == 5  # token, intent, two channels, the staff channel
    assert town.discord.posted == ()


async def test_without_a_token_discord_is_skipped(town: Town) -> None:
    (check,) = await examine(town.settings(token=None))
    assert check.verdict is Verdict.SKIPPED


async def test_a_wrong_token_is_the_only_thing_that_is_said(town: Town) -> None:
    (check,) = await examine(town.settings(token=SecretStr("verkeerd")))
    assert (check.name, check.verdict) == ("Discord: token", Verdict.BAD)
    assert "Reset Token" in check.remedy
    assert "verkeerd" not in repr(check)


async def test_the_switch_for_message_content_is_named(town: Town) -> None:
    town.discord.state.gateway.content_allowed = False
    (check,) = failing(await examine(town.settings()))
    assert "Privileged Gateway Intents" in check.remedy


@pytest.mark.parametrize(
    ("denied", "named"),
    [
        (world.VIEW_CHANNEL, "Kanaal bekijken"),
        (world.READ_MESSAGE_HISTORY, "Berichtgeschiedenis lezen"),
        (world.SEND_MESSAGES, "Berichten verzenden"),
        (world.MANAGE_MESSAGES, "Berichten beheren"),
    ],
)
async def test_a_permission_that_is_missing_in_a_channel_is_named(town: Town, denied: int, named: str) -> None:
    town.square.deny_bot = denied
    (check,) = failing(await examine(town.settings()))
    assert str(town.square.id) in check.name
    assert f"‘{named}’" in check.detail
    assert "Permissies" in check.remedy


async def test_the_staff_channel_needs_cards(town: Town) -> None:
    town.staff.deny_bot = world.EMBED_LINKS
    (check,) = failing(await examine(town.settings()))
    assert "Links insluiten" in check.detail


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"channels": ("1",)}, "bestaat niet"),
        ({"channels": ("dorpsplein",)}, "geen id"),
        ({"channels": ()}, "geen enkel kanaal"),
        ({"staff_channel": None}, "geen teamkanaal"),
    ],
)
async def test_a_setting_that_points_nowhere_is_explained(town: Town, settings: dict[str, object], said: str) -> None:
    (check,) = failing(await examine(town.settings(**settings)))
    assert said in check.detail
    assert check.remedy


async def test_a_staff_channel_that_residents_are_watched_in_is_refused(town: Town) -> None:
    (check,) = failing(await examine(town.settings(staff_channel=str(town.square.id))))
    assert "bewoners zouden de kaarten zien" in check.detail


async def test_discord_that_cannot_be_reached_is_said(town: Town) -> None:
    town.discord.go_offline()
    (check,) = await examine(town.settings())
    assert (check.name, check.verdict) == ("Discord: verbinding", Verdict.BAD)
