"""Deciding in the staff group: buttons, the choice of a house rule, replies to a card, commands."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import event

from bot.core.cases import ActionKind, Case, CaseKind, CaseState
from bot.core.errors import TargetGone
from bot.core.people import Face, Role
from bot.review.cardkeeper import CardKeeper
from bot.review.dispatch import Dispatcher
from tests.builders import GRACE, RESPECT
from tests.channels.telegram.conftest import CONSOLE, Town, until
from tests.standins.botapi.world import Json

pytestmark = pytest.mark.e2e


class Team:
    """The staff side of a town: cards kept up to date, a linked colleague, effects sent."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.services = town.services
        services = town.services
        self.keeper = CardKeeper(services.database, services.clock, services.bulletin, Face.TELEGRAM, town.surface)
        senders = {"telegram": town.channel.sender}
        self.dispatcher = Dispatcher(services.database, services.clock, services.bulletin, senders)

    async def join(self, *roles: Role) -> None:
        await self.services.person("Karim", *roles, accounts={Face.TELEGRAM: str(self.town.colleague)})

    async def case_about(self, text: str, kind: CaseKind) -> Case:
        """Let a resident write, judge it, show the card; return the case."""
        self.town.api.post(self.town.group, self.town.ann, text)
        async with self.town.listening():
            await self.town.until_texts(text)
        while await self.services.triage.run_once():
            pass
        await self.keep()
        return await self.services.one(kind)

    async def keep(self) -> None:
        while await self.keeper.run_once():
            pass

    @property
    def card(self) -> Json:
        """Return the newest card."""
        return [message for message in self.town.api.from_bot(self.town.staff) if "Reactie:" in message["text"]][-1]

    @property
    def labels(self) -> list[str]:
        return [button["text"] for button in self.town.api.buttons(self.town.staff, self.card["message_id"])]

    def press(self, label: str, user: int | None = None) -> str:
        return self.town.api.press(self.town.staff, self.card["message_id"], user or self.town.colleague, label)

    async def answer(self, query: str) -> Json:
        """Return how the bot answered a press."""
        await until(lambda: self.town.api.answer(query), "an answer to the press")
        found = self.town.api.answer(query)
        assert found is not None
        return found

    async def send(self) -> None:
        self.services.clock.advance(GRACE)
        while not await self.dispatcher.step("telegram"):
            pass


@pytest.fixture
def team(town: Town) -> Team:
    return Team(town)


async def test_an_approved_reply_is_posted_under_the_reaction(team: Team) -> None:
    await team.join()
    await team.case_about("Een vraag: wanneer gaat het zwembad open?", CaseKind.REPLY)
    assert "Dank u voor uw vraag." in team.card["text"]
    async with team.town.listening():
        answer = await team.answer(team.press("Goedkeuren"))
    assert answer == {"text": "U keurde dit antwoord goed.", "show_alert": False}
    await team.keep()
    assert team.labels == ["Ongedaan maken"]
    await team.send()
    (posted,) = team.town.api.from_bot(team.town.group)
    assert posted["text"] == "Dank u voor uw vraag."
    assert posted["reply_to_message"]["text"].startswith("Een vraag")
    await team.keep()
    assert "Karim keurde dit antwoord goed" in team.card["text"]
    assert team.labels == []


async def test_another_suggestion_changes_the_card_in_place(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over de speeltuin", CaseKind.REPLY)
    before = team.card["message_id"]
    async with team.town.listening():
        await team.answer(team.press("Ander voorstel"))
    await team.keep()
    assert team.card["message_id"] == before
    assert "Fijn dat u dit vraagt." in team.card["text"]
    assert (await team.services.now_is(case)).version > case.version


async def test_a_decision_can_be_undone_from_the_card(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over afval", CaseKind.REPLY)
    async with team.town.listening():
        await team.answer(team.press("Goedkeuren"))
        await team.keep()
        answer = await team.answer(team.press("Ongedaan maken"))
    assert answer["text"] == "Ongedaan gemaakt."
    await team.send()
    assert team.town.api.from_bot(team.town.group) == []
    assert (await team.services.now_is(case)).state is CaseState.OPEN


async def test_removing_asks_for_the_house_rule_and_removes_with_its_reason(team: Team) -> None:
    await team.join()
    case = await team.case_about("alarm: wat een idioot", CaseKind.ALERT)
    async with team.town.listening():
        answer = await team.answer(team.press("Verwijderen"))
        assert answer["text"] == "Kies de huisregel waar het om gaat."
        await until(lambda: RESPECT.title in team.labels, "the house rules on the keyboard")
        await team.answer(team.press(RESPECT.title))
    decided = await team.services.now_is(case)
    assert decided.decision is not None
    assert (decided.decision.action, decided.decision.rule_id, decided.decision.reason) == (
        ActionKind.REMOVE,
        RESPECT.id,
        RESPECT.reason,
    )
    await team.send()
    assert team.town.api.messages(team.town.group) == []


async def test_the_choice_of_a_house_rule_can_be_left(team: Team) -> None:
    await team.join()
    case = await team.case_about("alarm: wat een idioot", CaseKind.ALERT)
    shown = team.labels
    async with team.town.listening():
        await team.answer(team.press("Herinner"))
        await until(lambda: RESPECT.title in team.labels, "the house rules on the keyboard")
        await team.answer(team.press("Terug"))
        await until(lambda: team.labels == shown, "the buttons of before")
    assert (await team.services.now_is(case)).version == case.version


async def test_trap_30_only_who_has_the_role_decides_and_others_hear_why_alone(
    team: Team,
) -> None:
    await team.join(Role.COMMUNITY_MANAGER)
    case = await team.case_about("alarm: wat een idioot", CaseKind.ALERT)
    stranger = team.town.api.add_user("Onbekend Iemand")
    async with team.town.listening():
        refusal = await team.answer(team.press("In orde", stranger))
        assert refusal["show_alert"] is True
        assert str(stranger) in refusal["text"]
        assert "verbinder people link" in refusal["text"]
        refusal = await team.answer(team.press("In orde"))
        assert refusal == {"text": "Alleen een moderator of een beheerder mag dit.", "show_alert": True}
    assert (await team.services.now_is(case)).state is CaseState.OPEN
    assert len(team.town.api.from_bot(team.town.staff)) == 1  # nobody else read of it


async def test_trap_1_the_second_of_two_presses_hears_who_decided(team: Team) -> None:
    await team.join()
    await team.services.person("An", accounts={Face.TELEGRAM: str(team.town.ann)})
    await team.case_about("Een vraag over parkeren", CaseKind.REPLY)
    async with team.town.listening():
        first, second = team.press("Goedkeuren"), team.press("Goedkeuren", team.town.ann)
        assert (await team.answer(first))["show_alert"] is False
        refusal = await team.answer(second)
    assert refusal == {"text": "Hierover is al beslist: Karim keurde dit antwoord goed.", "show_alert": True}
    await team.send()
    assert len(team.town.api.from_bot(team.town.group)) == 1


async def test_trap_26_a_press_that_is_delivered_again_after_a_crash_decides_once(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over het park", CaseKind.REPLY)
    team.press("Goedkeuren")
    update = dict(team.town.api.world.queue[-1])
    commits = 0

    def crash(*_: object) -> None:
        nonlocal commits
        commits += 1
        if commits == 2:  # the decision, and then the offset after it
            raise SystemExit("the process dies after the decision, before the offset")

    engine = team.services.database.engine.sync_engine
    event.listen(engine, "commit", crash)
    with pytest.raises(SystemExit):
        await team.town.channel.run()
    event.remove(engine, "commit", crash)
    decided = await team.services.now_is(case)
    assert decided.state is CaseState.DECIDED
    assert team.town.api.waiting() == [update["update_id"]]
    async with team.town.listening(team.town.connect()):
        await team.town.until_confirmed()
    assert (await team.services.now_is(case)).version == decided.version
    await team.send()
    assert len(team.town.api.from_bot(team.town.group)) == 1


async def test_trap_19_buttons_work_after_a_restart_and_foreign_ones_are_refused(team: Team) -> None:
    await team.join()
    await team.case_about("Een vraag over bomen", CaseKind.REPLY)
    async with team.town.listening(team.town.connect()):
        assert (await team.answer(team.press("Niet antwoorden")))["show_alert"] is False
        query = team.town.api.press(team.town.staff, team.card["message_id"], team.town.colleague, data="v0:old")
        assert "werkt niet meer" in (await team.answer(query))["text"]


async def test_a_card_outside_the_staff_group_decides_nothing(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over honden", CaseKind.REPLY)
    card = team.card["message_id"]
    elsewhere = team.town.connect(staff_chat=str(team.town.api.add_group("Nieuw team")))
    async with team.town.listening(elsewhere):
        query = team.town.api.press(team.town.staff, card, team.town.colleague, "Goedkeuren")
        assert (await team.answer(query))["show_alert"] is True
    assert (await team.services.now_is(case)).state is CaseState.OPEN


async def test_answering_the_card_places_ones_own_text(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over @burgemeester", CaseKind.REPLY)
    town = team.town
    async with town.listening():
        how = await team.answer(team.press("Aanpassen"))
        assert how["show_alert"] is True
        # Copied from the card, with the invisible character that defused the mention.
        own = town.api.post(
            town.staff, town.colleague, "Wij vragen het aan @\u2060burgemeester.", reply_to=team.card["message_id"]
        )
        await until(lambda: town.api.world.reactions.get((town.staff, own)) == ["👍"], "an acknowledgement")
    decided = await team.services.now_is(case)
    assert decided.decision is not None
    assert decided.decision.text == "Wij vragen het aan @burgemeester."
    assert decided.decision.original == "Dank u voor uw vraag."
    assert decided.decision.person == "Karim"
    await team.send()
    assert town.api.from_bot(town.group)[0]["text"] == "Wij vragen het aan @burgemeester."


async def test_an_answer_to_a_card_by_someone_without_the_role_is_refused_in_private(team: Team) -> None:
    case = await team.case_about("Een vraag over fietsen", CaseKind.REPLY)
    town = team.town
    town.api.add_private(town.colleague)
    async with town.listening():
        town.api.post(town.staff, town.colleague, "Zomaar", reply_to=team.card["message_id"])
        await until(lambda: town.api.from_bot(town.colleague), "a private refusal")
    assert "verbinder people link" in town.api.from_bot(town.colleague)[0]["text"]
    assert (await team.services.now_is(case)).state is CaseState.OPEN
    assert len(town.api.from_bot(town.staff)) == 1


async def test_where_the_bot_cannot_write_in_private_the_group_does_not_read_why(team: Team) -> None:
    await team.case_about("Een vraag over fietsen", CaseKind.REPLY)
    town = team.town
    async with town.listening():
        town.api.post(town.staff, town.colleague, "Zomaar", reply_to=team.card["message_id"])
        await until(lambda: len(town.api.from_bot(town.staff)) > 1, "a refusal")
    assert str(town.colleague) not in town.api.from_bot(town.staff)[-1]["text"]
    assert "Aanpassen" in town.api.from_bot(town.staff)[-1]["text"]


async def test_an_answer_that_is_too_long_is_refused_with_the_reason(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over fietsen", CaseKind.REPLY)
    town = team.town
    async with town.listening():
        town.api.post(town.staff, town.colleague, "a" * 4097, reply_to=team.card["message_id"])
        await until(lambda: len(town.api.from_bot(town.staff)) > 1, "a refusal")
    assert "te lang" in town.api.from_bot(town.staff)[-1]["text"]
    assert (await team.services.now_is(case)).state is CaseState.OPEN


async def test_an_answer_to_an_older_version_of_the_card_is_refused(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over fietsen", CaseKind.REPLY)
    town = team.town
    person = await team.services.desk.person_for(Face.TELEGRAM, str(town.colleague))
    assert person is not None
    town.api.post(town.staff, town.colleague, "Mijn tekst", reply_to=team.card["message_id"])
    await team.services.do(ActionKind.ANOTHER, case, person)
    async with town.listening():
        await until(lambda: len(town.api.from_bot(town.staff)) > 1, "a refusal")
    assert (await team.services.now_is(case)).state is CaseState.OPEN


async def test_the_queue_and_the_help_are_given_in_the_staff_group(team: Team) -> None:
    case = await team.case_about("Een vraag voor @burgemeester", CaseKind.REPLY)
    town = team.town
    async with town.listening():
        town.api.post(town.staff, town.colleague, "/wachtrij@verbinder_bot")
        await until(lambda: len(town.api.from_bot(town.staff)) == 2, "the queue")
        town.api.post(town.staff, town.colleague, "/help")
        await until(lambda: len(town.api.from_bot(town.staff)) == 3, "the help")
        await until(lambda: town.api.world.commands, "the commands are made known")
    _, queue, help_ = town.api.from_bot(town.staff)
    assert f"https://t.me/c/{str(town.staff)[4:]}/{team.card['message_id']}" in queue["text"]
    assert "mention" not in {entity["type"] for entity in queue["entities"]}
    assert not town.api.has_preview(town.staff, queue["message_id"])
    assert str(town.colleague) in help_["text"]
    assert [command["command"] for command in town.api.world.commands] == ["wachtrij", "help"]
    other = town.connect()
    async with town.listening(other):
        town.api.post(town.staff, town.colleague, "/wachtrij")
        await until(lambda: len(town.api.from_bot(town.staff)) == 4, "the queue after a restart")
    assert f"{CONSOLE}/zaken/{case.id}" in town.api.from_bot(town.staff)[-1]["text"]


async def test_commands_elsewhere_or_of_another_bot_are_not_ours(team: Team) -> None:
    town = team.town
    town.api.post(town.staff, town.colleague, "/help@another_bot")
    town.api.post(town.group, town.ann, "/wachtrij")
    async with town.listening():
        await town.until_confirmed()
        await town.until_texts("/wachtrij")
    assert town.api.from_bot(town.staff) == []
    assert town.api.from_bot(town.group) == []


async def test_in_private_the_bot_tells_ones_number(team: Team) -> None:
    town = team.town
    town.api.add_private(town.ann)
    town.api.post(town.ann, town.ann, "/start")
    async with town.listening():
        await until(lambda: town.api.from_bot(town.ann), "an answer")
    assert str(town.ann) in town.api.from_bot(town.ann)[0]["text"]
    assert await town.texts() == []


async def test_a_slow_answer_to_a_press_holds_nothing_up(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over licht", CaseKind.REPLY)
    town = team.town
    town.api.fail_next("answerCallbackQuery", 502, delay=3)
    async with town.listening():
        began = time.monotonic()
        team.press("Goedkeuren")
        town.api.post(town.group, town.ann, "intussen")
        await town.until_texts("Een vraag over licht", "intussen")
        assert time.monotonic() - began < 2
    assert (await team.services.now_is(case)).state is CaseState.DECIDED


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
