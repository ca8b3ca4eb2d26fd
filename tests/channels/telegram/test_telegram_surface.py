"""The staff group as a surface for cards and notices."""

from __future__ import annotations

import pytest

from bot.core.cases import CaseKind
from bot.core.errors import TargetGone
from tests.channels.telegram.town import Team

pytestmark = pytest.mark.e2e


async def test_a_card_that_was_deleted_is_reported_so_that_a_new_one_is_posted(team: Team) -> None:
    case = await team.case_about("Een vraag over licht", CaseKind.REPLY)
    message = team.card["message_id"]
    await team.town.surface.edit(f"{team.town.staff}:{message}", case)  # nothing changed: no error
    team.town.api.remove(team.town.staff, message)
    with pytest.raises(TargetGone):
        await team.town.surface.edit(f"{team.town.staff}:{message}", case)


async def test_cards_follow_a_staff_group_that_becomes_a_supergroup(team: Team) -> None:
    town = team.town
    town.staff = town.api.add_group("Klein team", kind="group")
    town.channel = town.connect()
    team = Team(town)
    case = await team.case_about("Een vraag over licht", CaseKind.REPLY)
    old, card = town.staff, team.card["message_id"]
    town.staff = town.api.migrate(old)
    with pytest.raises(TargetGone):
        await town.surface.edit(f"{old}:{card}", case)
    ref = await town.surface.post(case)
    assert ref == f"{town.staff}:{team.card['message_id']}"


async def test_a_long_notice_is_said_in_parts(team: Team) -> None:
    await team.town.surface.say("\n".join(f"regel {number}" for number in range(900)))
    said = team.town.api.from_bot(team.town.staff)
    assert len(said) == 3
    assert "\n".join(message["text"] for message in said).splitlines() == [f"regel {number}" for number in range(900)]
