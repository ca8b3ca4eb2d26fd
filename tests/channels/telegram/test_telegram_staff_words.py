"""Answering a card with one's own text, and commands."""

from __future__ import annotations

import pytest

from bot.core.cases import ActionKind, CaseKind, CaseState
from bot.core.people import Face
from tests.channels.telegram.town import CONSOLE, Team, until

pytestmark = pytest.mark.e2e


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


async def test_a_card_that_nobody_could_note_before_the_process_died_can_be_answered_too(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over fietsen", CaseKind.REPLY)
    town = team.town
    unnoted = await town.surface.post(case)
    card = int(unnoted.rpartition(":")[2])
    async with town.listening():
        own = town.api.post(town.staff, town.colleague, "Wij vragen het na.", reply_to=card)
        await until(lambda: town.api.world.reactions.get((town.staff, own)) == ["👍"], "an acknowledgement")
    decided = await team.services.now_is(case)
    assert decided.decision is not None
    assert decided.decision.text == "Wij vragen het na."


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


async def test_a_decision_takes_a_name_so_an_anonymous_answer_places_nothing(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over fietsen", CaseKind.REPLY)
    town = team.town
    town.api.set_bot(town.staff, "administrator")
    async with town.listening():
        town.api.post(town.staff, None, "Namens ons", sender_chat=town.staff, reply_to=team.card["message_id"])
        await until(lambda: len(town.api.from_bot(town.staff)) > 1, "a refusal")
    assert "anoniem" in town.api.from_bot(town.staff)[-1]["text"]
    assert (await team.services.now_is(case)).state is CaseState.OPEN


async def test_a_picture_is_no_answer(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over fietsen", CaseKind.REPLY)
    town = team.town
    picture = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    async with town.listening():
        town.api.post(town.staff, town.colleague, "", reply_to=team.card["message_id"], photo=picture)
        await until(lambda: len(town.api.from_bot(town.staff)) > 1, "a refusal")
    assert "alleen tekst" in town.api.from_bot(town.staff)[-1]["text"]
    assert (await team.services.now_is(case)).state is CaseState.OPEN


async def test_talk_about_a_report_or_with_a_colleague_is_left_alone(team: Team) -> None:
    await team.join()
    case = await team.case_about("alarm: wat een idioot", CaseKind.ALERT)
    town = team.town
    town.api.set_bot(town.staff, "administrator")
    first = town.api.post(town.staff, town.colleague, "Kent iemand hem?", reply_to=team.card["message_id"])
    town.api.post(town.staff, town.colleague, "Ik niet", reply_to=first)
    town.api.post(town.staff, town.colleague, "Wie doet straks de telefoon?")
    async with town.listening():
        await town.until_confirmed()
    assert len(town.api.from_bot(town.staff)) == 1
    assert (await team.services.now_is(case)).version == case.version


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
        await town.until_confirmed()  # or the next connection is asked for help as well
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
