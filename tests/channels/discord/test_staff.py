"""The staff channel on Discord: cards, buttons, windows and refusals, over a real socket with the real desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.core.cases import ActionKind, Case, CaseKind, CaseState, EffectKind
from bot.core.errors import MissingPermission, TargetGone
from bot.core.people import Face, Person, Role
from bot.review.cardkeeper import CardKeeper
from tests.builders import PRIVACY, RESPECT, Services, message, post
from tests.channels.discord.conftest import CONSOLE, Bot, MakeBot, Town, eventually
from tests.standins.discord import Interaction, Json, User, buttons, world

CALLBACK = "POST /interactions/{interaction}/{token}/callback"


@dataclass
class Desk:
    """A staff channel with a colleague at it."""

    bot: Bot
    town: Town
    an: User
    person: Person

    @property
    def services(self) -> Services:
        return self.bot.services

    async def keep(self) -> None:
        """Let the card keeper do its round on Discord."""
        surface = self.bot.channel.surface
        assert surface is not None
        services = self.services
        keeper = CardKeeper(services.database, services.clock, services.bulletin, Face.DISCORD, surface)
        await keeper.run_once()

    async def case(self, text: str = "Een vraag: hoe laat?", kind: CaseKind = CaseKind.REPLY) -> Case:
        """Open a case about `text` (`vraag` asks for a reply, `alarm` raises one) and post its card."""
        await self.services.receive(post(channel="discord"), message(text, channel="discord", reply_to="100"))
        await self.keep()
        return await self.services.one(kind)

    @property
    def card(self) -> Json:
        return self.town.discord.messages(self.town.staff)[-1]

    def press(self, label: str, user: User | None = None, card: Json | None = None) -> Interaction:
        card = card or self.card
        return self.town.discord.press(card, buttons(card)[label], user or self.an)

    async def until(self, case: Case, state: CaseState) -> Case:
        """Wait until the case is in this state."""
        return await self.when(case, lambda now: now.state is state)

    async def when(self, case: Case, holds: Callable[[Case], bool]) -> Case:
        """Wait until something holds of the case."""
        for _ in range(400):
            now = await self.services.now_is(case)
            if holds(now):
                return now
            await asyncio.sleep(0.02)
        raise AssertionError(f"the case is {now}")

    async def choose(self, label: str, rule: str) -> Interaction:
        """Press a button that asks for a house rule, choose the rule, and return the window that opens."""
        asked = self.press(label)
        await eventually(lambda: asked.ephemeral, why="no list of rules")
        (row,) = asked.ephemeral[0]["components"]
        (select,) = row["components"]
        value = next(option["value"] for option in select["options"] if option["label"] == rule)
        chosen = self.town.discord.choose(asked.ephemeral[0], select["custom_id"], [value], self.an)
        await eventually(lambda: chosen.modal, why="no window")
        return chosen


def field(shown: Interaction) -> Json:
    assert shown.modal is not None
    item: Json = shown.modal["components"][0]["components"][0]
    return item


def words(card: Json) -> str:
    parts = [part for embed in card["embeds"] for part in (embed.get("title", ""), embed.get("description", ""))]
    return "\n".join(parts + [entry["value"] for embed in card["embeds"] for entry in embed.get("fields", [])])


@pytest.fixture
async def desk(bot: Bot, town: Town) -> Desk:
    an = town.discord.add_user("An")
    person = await bot.services.person("An", accounts={Face.DISCORD: str(an.id)})
    return Desk(bot, town, an, person)


async def test_a_card_shows_what_is_needed_to_decide(desk: Desk, town: Town) -> None:
    case = await desk.case("Een vraag: hoe laat?")
    shown = words(desk.card)
    for part in ("Een vraag\\: hoe laat?", "Nieuw zwembad", "Dank u voor uw vraag.", f"{CONSOLE}/zaken/{case.id}"):
        assert part in shown
    assert list(buttons(desk.card)) == ["Goedkeuren", "Aanpassen", "Ander voorstel", "Niet antwoorden", "Doorgeven"]


async def test_approving_decides_and_the_card_loses_its_buttons(desk: Desk, town: Town) -> None:
    case = await desk.case()
    pressed = desk.press("Goedkeuren")
    decided = await desk.until(case, CaseState.DECIDED)
    assert decided.decision is not None
    assert (decided.decision.person, decided.decision.via, decided.decision.action) == (
        "An",
        Face.DISCORD,
        ActionKind.APPROVE,
    )
    assert pressed.ephemeral == []
    await desk.keep()
    assert list(buttons(desk.card)) == ["Ongedaan maken"]
    assert "An keurde dit antwoord goed" in words(desk.card)
    desk.press("Ongedaan maken")
    await desk.until(case, CaseState.OPEN)


async def test_every_press_is_answered_within_three_seconds(desk: Desk, town: Town) -> None:
    await desk.case()
    pressed = desk.press("Ander voorstel")
    await eventually(lambda: pressed.answered_after is not None)
    assert pressed.answered_after is not None
    assert pressed.answered_after < 1


async def test_a_press_that_discord_no_longer_waits_for_decides_nothing(desk: Desk, town: Town) -> None:
    case = await desk.case()
    town.discord.fail_next(CALLBACK, 404, code=10062)
    desk.press("Goedkeuren")
    await eventually(lambda: not town.discord.state.faults.pending)
    pressed = desk.press("Ander voorstel")  # is handled after it, so the first one is over
    await eventually(lambda: pressed.answered_after is not None)
    assert (await desk.services.now_is(case)).state is CaseState.OPEN


async def test_the_edit_window_holds_the_suggestion_and_places_what_was_written(desk: Desk, town: Town) -> None:
    case = await desk.case()
    shown = desk.press("Aanpassen")
    await eventually(lambda: shown.modal)
    assert field(shown)["value"] == "Dank u voor uw vraag."
    assert field(shown)["max_length"] == 2000
    town.discord.submit_modal(shown, {"tekst": "Beste Marleen, om 9 uur."})
    decided = await desk.until(case, CaseState.DECIDED)
    assert decided.decision is not None
    assert (decided.decision.text, decided.decision.original) == ("Beste Marleen, om 9 uur.", "Dank u voor uw vraag.")


async def test_trap_19_buttons_lists_and_windows_work_after_a_restart(
    desk: Desk, make_bot: MakeBot, town: Town
) -> None:
    case = await desk.case("alarm! wat een idioten", CaseKind.ALERT)
    old_card = desk.card
    asked = desk.press("Verwijderen")
    await eventually(lambda: asked.ephemeral)
    await desk.bot.stop()
    desk.bot = await make_bot().start()
    (select,) = asked.ephemeral[0]["components"][0]["components"]
    chosen = town.discord.choose(asked.ephemeral[0], select["custom_id"], [select["options"][0]["value"]], desk.an)
    await eventually(lambda: chosen.modal, why="the list does not work any more")
    await desk.bot.stop()
    desk.bot = await make_bot().start()
    town.discord.submit_modal(chosen, {})
    await desk.until(case, CaseState.DECIDED)
    await desk.bot.stop()
    desk.bot = await make_bot().start()
    late = desk.press("In orde", card=old_card)
    await eventually(lambda: late.ephemeral, why="the button does not work any more")
    assert "Hierover is al beslist: An besliste om dit te verwijderen." in late.words


async def test_a_removal_needs_a_rule_and_a_reason_that_are_filled_in_before(desk: Desk, town: Town) -> None:
    case = await desk.case("alarm! wat een idioten", CaseKind.ALERT)
    window = await desk.choose("Verwijderen", PRIVACY.title)
    assert field(window)["value"] == PRIVACY.reason
    town.discord.submit_modal(window, {"tekst": "Er staat een telefoonnummer in."})
    decided = await desk.until(case, CaseState.DECIDED)
    assert decided.decision is not None
    assert (decided.decision.rule_id, decided.decision.reason) == ("privacy", "Er staat een telefoonnummer in.")
    assert decided.decision.effects[0].kind is EffectKind.REMOVE
    source = window.source
    assert source is not None
    await eventually(lambda: "zo meteen verwijderd" in source["content"], why="the list still asks for a rule")
    assert source["components"] == []


async def test_a_proposed_removal_is_offered_first_with_its_reason(desk: Desk, town: Town) -> None:
    case = await desk.case("alarm! wat een idioten", CaseKind.ALERT)
    window = await desk.choose("Stel verwijderen voor", PRIVACY.title)
    town.discord.submit_modal(window, {"tekst": "Noemt een buur bij naam."})
    await desk.when(case, lambda now: now.proposal is not None)
    await desk.keep()
    asked = desk.press("Verwijderen")
    await eventually(lambda: asked.ephemeral)
    (select,) = asked.ephemeral[0]["components"][0]["components"]
    assert [option["label"] for option in select["options"]] == [PRIVACY.title, RESPECT.title]
    window = await desk.choose("Verwijderen", PRIVACY.title)
    assert field(window)["value"] == "Noemt een buur bij naam."


async def test_a_reminder_holds_the_text_that_will_be_placed(desk: Desk, town: Town) -> None:
    case = await desk.case("alarm! wat een idioten", CaseKind.ALERT)
    window = await desk.choose("Herinner aan de huisregels", RESPECT.title)
    assert field(window)["value"] == f"Graag aandacht voor onze huisregels. {RESPECT.reason}"
    town.discord.submit_modal(window, {})
    decided = await desk.until(case, CaseState.DECIDED)
    assert decided.decision is not None
    assert decided.decision.action is ActionKind.WARN


async def test_an_unknown_person_is_refused_privately_and_told_their_id(desk: Desk, town: Town) -> None:
    case = await desk.case()
    for label in ("Goedkeuren", "Aanpassen"):
        pressed = desk.press(label, town.karim)
        await eventually(lambda: pressed.ephemeral)  # noqa: B023 - it runs before the next turn
        assert str(town.karim.id) in pressed.words
        assert "verbinder people link" in pressed.words
        assert (pressed.modal, pressed.public) == (None, [])
    assert (await desk.services.now_is(case)).state is CaseState.OPEN


async def test_somebody_without_the_role_is_refused_privately_before_writing(desk: Desk, town: Town) -> None:
    await desk.services.person("Karim", Role.MODERATOR, accounts={Face.DISCORD: str(town.karim.id)})
    await desk.case()
    pressed = desk.press("Aanpassen", town.karim)
    await eventually(lambda: pressed.ephemeral)
    assert "Alleen een community manager of een beheerder mag dit." in pressed.words


async def test_trap_1_who_comes_second_is_told_who_decided_and_keeps_their_text(desk: Desk, town: Town) -> None:
    bea = town.discord.add_user("Bea")
    await desk.services.person("Bea", accounts={Face.DISCORD: str(bea.id)})
    case = await desk.case()
    shown = desk.press("Aanpassen", bea)
    await eventually(lambda: shown.modal)
    desk.press("Goedkeuren")
    await desk.until(case, CaseState.DECIDED)
    late = town.discord.submit_modal(shown, {"tekst": "Mijn eigen zin."})
    await eventually(lambda: late.ephemeral)
    assert "An keurde dit antwoord goed" in late.words
    assert "Mijn eigen zin." in late.words


async def test_a_button_of_an_older_version_does_nothing(desk: Desk, town: Town) -> None:
    case = await desk.case()
    old = desk.card
    desk.press("Ander voorstel")
    await desk.when(case, lambda now: now.version != case.version)
    late = desk.press("Goedkeuren", card=old)
    await eventually(lambda: late.ephemeral)
    assert "intussen veranderd" in late.words
    assert (await desk.services.now_is(case)).state is CaseState.OPEN


async def test_a_failure_inside_is_said_privately_and_without_details(
    desk: Desk, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.case()

    async def broken(*_: object) -> None:
        raise RuntimeError("geheim detail")

    monkeypatch.setattr(desk.services.desk, "execute", broken)
    pressed = desk.press("Goedkeuren")
    await eventually(lambda: pressed.ephemeral)
    assert "Er ging iets mis" in pressed.words
    assert "geheim" not in pressed.words


async def test_a_case_that_cannot_be_looked_up_in_time_is_answered_all_the_same(
    desk: Desk, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.case()

    async def slow(*_: object) -> None:
        await asyncio.sleep(30)

    monkeypatch.setattr("bot.channels.discord.controls.LOOK_UP_WITHIN_SECONDS", 0.1)
    monkeypatch.setattr(desk.services.desk, "case", slow)
    pressed = desk.press("Aanpassen")
    await eventually(lambda: pressed.ephemeral)
    assert "even druk" in pressed.words


async def test_trap_15_nothing_of_a_residents_text_fires_on_a_card(desk: Desk, town: Town) -> None:
    nasty = "alarm vraag @everyone <@1> <@&2> **vet** ||x|| [klik](https://slecht.example) https://slecht.example # kop"
    await desk.case(nasty, CaseKind.ALERT)
    assert all(posted.pings == [] for posted in town.discord.posted)
    for posted in town.discord.posted:
        assert posted.body.get("content") in (None, "")
        assert posted.body["allowed_mentions"] == {"parse": []}
    shown = "\n".join(words(card) for card in town.discord.messages(town.staff))
    for live in ("@everyone", "<@1>", "<@&2>", "**vet**", "[klik](", "https://slecht"):
        assert live.replace("@everyone", " @everyone") not in shown


async def test_trap_19_a_card_that_would_not_fit_is_shortened_with_a_link(desk: Desk, town: Town) -> None:
    case = await desk.case("alarm vraag " + "*_`" * 16_000 + "🙂" * 3000, CaseKind.ALERT)
    assert len(town.discord.messages(town.staff)) == 2
    for card in town.discord.messages(town.staff):
        assert f"{CONSOLE}/zaken/" in words(card)
    assert case.id


@pytest.mark.parametrize(
    "text", ["alarm\x00vraag", "alarm \ud800 vraag", "alarm \u202evraag", "alarm\n> citaat\nvraag"]
)
async def test_odd_text_is_shown_and_refused_by_nobody(desk: Desk, town: Town, text: str) -> None:
    await desk.case(text, CaseKind.ALERT)
    assert "alarm" in words(desk.card)


async def test_a_card_that_staff_deleted_is_gone_and_an_unknown_one_too(desk: Desk, town: Town) -> None:
    case = await desk.case()
    surface = desk.bot.channel.surface
    assert surface is not None
    ref = f"{town.staff.id}:{desk.card['id']}"
    town.discord.delete(desk.card)
    for lost in (ref, "1:2", "onzin"):
        with pytest.raises(TargetGone):
            await surface.edit(lost, case)


async def test_a_card_asked_twice_is_posted_once(desk: Desk, town: Town) -> None:
    case = await desk.case()
    surface = desk.bot.channel.surface
    assert surface is not None
    assert await surface.post(case) == f"{town.staff.id}:{desk.card['id']}"
    assert len(town.discord.messages(town.staff)) == 1


async def test_a_notice_has_no_previews_or_mentions_and_always_fits(desk: Desk, town: Town) -> None:
    surface = desk.bot.channel.surface
    assert surface is not None
    await surface.say("@everyone " + "woord " * 1000)
    said = desk.card
    assert len(said["content"]) <= 2000
    assert said["content"].endswith(CONSOLE)
    assert said["flags"] & 4
    assert town.discord.posted[-1].pings == []


async def test_a_staff_channel_without_cards_names_the_permission(desk: Desk, town: Town) -> None:
    surface = desk.bot.channel.surface
    assert surface is not None
    case = await desk.case()
    await desk.bot.stop()
    town.staff.deny_bot = world.EMBED_LINKS
    await desk.bot.start()
    with pytest.raises(MissingPermission) as caught:
        await surface.post(case)
    assert caught.value.permission == "Embed Links"


async def test_the_queue_is_shown_to_whoever_asks_and_to_nobody_else(desk: Desk, town: Town) -> None:
    await desk.case("Een vraag: hoe laat? @everyone")
    asked = town.discord.slash(town.staff, "wachtrij", desk.an)
    await eventually(lambda: asked.ephemeral)
    assert "Een vraag" in asked.words
    assert f"{CONSOLE}/zaken/" in asked.words
    assert asked.public == []
    stranger = town.discord.slash(town.staff, "wachtrij", town.karim)
    await eventually(lambda: stranger.ephemeral)
    assert str(town.karim.id) in stranger.words


async def test_a_server_where_commands_may_not_be_made_is_reported_and_nothing_else_stops(
    make_bot: MakeBot, town: Town
) -> None:
    town.discord.fail_next("PUT /applications/{app}/guilds/{guild}/commands", 403, code=50001)
    bot = await make_bot().start()
    assert any("/wachtrij" in text for text in await bot.notices())
    await bot.stop()
    await bot.start()
    assert await bot.notices() == []
