"""A decision means the same on Telegram, on Discord and in the console, and shows on all three at once."""

from __future__ import annotations

import asyncio
import itertools
import re
import time

import pytest
from playwright.async_api import expect

from bot.channels.telegram.texts import HOW_TO_EDIT
from tests.e2e.browser import needs_chromium
from tests.e2e.conftest import GRACE_SECONDS
from tests.e2e.faces import CHANNELS, FACES, Town
from tests.e2e.service import until

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module"), needs_chromium]

_STREETS = itertools.cycle(["Kerkstraat", "Molenweg", "Beukenlaan", "Dorpsstraat", "Nieuwstraat", "Veldweg"])
_THINGS = itertools.chain.from_iterable(
    zip(["bib", "sporthal", "markt", "school", "kermis", "bushalte"], itertools.repeat(thing), strict=False)
    for thing in ["verhuizen", "opengaan", "vernieuwen", "sluiten", "starten"]
)


def question() -> str:
    """Return a question that nobody asked yet."""
    place, verb = next(_THINGS)
    return f"Wanneer gaat de {place} in de {next(_STREETS)} {verb}?"


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_reaction_appears_in_all_three_places(town: Town, channel: str) -> None:
    text, page = question(), town.people["An"].page
    await page.goto("/wachtrij")
    town.react(channel, text)
    case = await town.case(text)
    await expect(page.get_by_text(text)).to_be_visible()  # without a reload
    await page.get_by_role("link", name=f"Voorstel van antwoord {case}").click()
    await expect(page.get_by_role("region", name="Tekst van de reactie")).to_contain_text(text)
    for face in CHANNELS:
        assert "Goedkeuren" in town.labels(face, text)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("channel", CHANNELS)
async def test_an_approval_shows_everywhere_and_the_reply_stands_under_the_reaction(
    town: Town, channel: str, face: str
) -> None:
    text, an, watching = question(), town.people["An"], town.people["Bram"].page
    reaction = town.react(channel, text)
    await watching.goto(f"/zaken/{await town.case(text)}")
    suggestion = await watching.get_by_label(re.compile("^Voorstel 1 van")).input_value()

    began = time.monotonic()
    await town.press(face, text, "Goedkeuren", an)
    await town.all_say(text, "An keurde dit antwoord goed.", watching)
    await until(lambda: town.replies(channel, reaction), "the reply under the reaction")
    assert time.monotonic() - began >= GRACE_SECONDS
    assert town.replies(channel, reaction) == [suggestion]
    await town.all_say(text, "uitgevoerd", watching)
    await town.buttons_are(text, lambda labels: labels == [], "nothing is left to decide")


@pytest.mark.parametrize("face", FACES)
async def test_words_of_ones_own_are_what_is_placed(town: Town, face: str) -> None:
    channel = "discord" if face == "telegram" else "telegram"
    text, an, watching = question(), town.people["An"], town.people["Bram"].page
    own_words = f"Dank u. Volgende maand, en u bent welkom om te komen kijken! ({face})"
    reaction = town.react(channel, text)
    await watching.goto(f"/zaken/{await town.case(text)}")
    await town.write(face, text, own_words, an)
    await town.all_say(text, "An paste het antwoord aan en keurde het goed.", watching)
    await until(lambda: town.replies(channel, reaction), "the reply under the reaction")
    assert town.replies(channel, reaction) == [own_words]
    await expect(watching.get_by_label("Stand van zaken")).to_contain_text("Het voorstel van het programma was anders")


async def test_the_button_to_edit_on_telegram_says_how(town: Town) -> None:
    text = question()
    town.react("telegram", text)
    await town.case(text)
    answer = await town.told_by_telegram(town.press_on_telegram(text, "Aanpassen", town.people["An"].telegram))
    assert answer == {"text": HOW_TO_EDIT, "show_alert": True}


@pytest.mark.parametrize(("decided", "undone"), [("telegram", "discord"), ("discord", "web"), ("web", "telegram")])
async def test_what_was_decided_in_one_place_is_undone_in_another(town: Town, decided: str, undone: str) -> None:
    text, an, bram = question(), town.people["An"], town.people["Bram"]
    reaction = town.react("telegram", text)
    await town.case(text)
    await town.press(decided, text, "Goedkeuren", an)
    await town.buttons_are(text, lambda labels: labels == ["Ongedaan maken"], "only undoing is left")
    await town.press(undone, text, "Ongedaan maken", bram)
    await town.buttons_are(text, lambda labels: "Goedkeuren" in labels, "it can be decided again")
    # The first decision never leaves: once the second has left, the first would long have been there.
    await town.write(undone, text, "Toch liever zo, met vriendelijke groet.", bram)
    await until(lambda: town.replies("telegram", reaction), "the second decision")
    assert town.replies("telegram", reaction) == ["Toch liever zo, met vriendelijke groet."]


# ── rights ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_moderator_may_not_answer_and_only_they_hear_so(town: Town) -> None:
    text, mia = question(), town.people["Mia"]
    reaction = town.react("telegram", text)
    case = await town.case(text)
    said = (len(town.api.messages(town.team_group)), len(town.discord.messages(town.team_channel)))

    answer = await town.told_by_telegram(town.press_on_telegram(text, "Goedkeuren", mia.telegram))
    assert answer["show_alert"] is True
    assert "Alleen een community manager" in answer["text"]

    press = town.press_on_discord(text, "Goedkeuren", mia.discord)
    await until(lambda: press.ephemeral, "a refusal on Discord")
    assert "Alleen een community manager" in press.words
    assert press.public == []

    await mia.page.goto(f"/zaken/{case}")
    await expect(mia.page.get_by_text("Hierover beslist een community manager.")).to_be_visible()
    assert await mia.page.get_by_role("button", name="Goedkeuren").count() == 0

    assert said == (len(town.api.messages(town.team_group)), len(town.discord.messages(town.team_channel)))
    assert town.replies("telegram", reaction) == []
    assert "Goedkeuren" in town.labels("telegram", text)


async def test_a_stranger_in_the_team_channel_is_told_how_to_become_known(town: Town) -> None:
    text = question()
    town.react("discord", text)
    await town.case(text)
    on_telegram, on_discord = town.api.add_user("Vreemde Eend"), town.discord.add_user("Vreemde Eend")

    answer = await town.told_by_telegram(town.press_on_telegram(text, "Goedkeuren", on_telegram))
    assert answer["show_alert"] is True
    assert str(on_telegram) in answer["text"]

    press = town.press_on_discord(text, "Aanpassen", on_discord)
    await until(lambda: press.ephemeral, "a refusal on Discord")
    assert str(on_discord.id) in press.words
    assert press.modal is None
    assert press.public == []
    assert "Goedkeuren" in town.labels("discord", text)


async def test_who_reads_along_sees_no_buttons_and_cannot_go_round_them(town: Town) -> None:
    text, leo = question(), town.people["Leo"]
    town.react("discord", text)
    case = await town.case(text)
    await leo.page.goto(f"/zaken/{case}")
    await expect(leo.page.get_by_text("U leest mee.")).to_be_visible()
    status = await leo.page.evaluate(
        "async (path) => (await fetch(path, {method: 'POST', body: new URLSearchParams({case_version: 1})})).status",
        f"/zaken/{case}/goedkeuren",
    )
    assert status == 403
    assert "Goedkeuren" in town.labels("discord", text)


# ── together ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_of_three_who_decide_at_once_one_does_and_the_others_are_told_who(town: Town) -> None:
    text, an, bram = question(), town.people["An"], town.people["Bram"]
    reaction = town.react("telegram", text)
    await bram.page.goto(f"/zaken/{await town.case(text)}")
    own_words = "Dat weten we volgende week, met groeten uit de console."
    await bram.page.get_by_label(re.compile("^Voorstel 1 van")).fill(own_words)

    query, press, _ = await asyncio.gather(
        asyncio.to_thread(town.press_on_telegram, text, "Goedkeuren", an.telegram),
        asyncio.to_thread(town.press_on_discord, text, "Niet antwoorden", an.discord),
        bram.page.get_by_role("button", name="Aanpassing goedkeuren").click(),
    )
    answer = await town.told_by_telegram(query)
    await town.buttons_are(text, lambda labels: "Goedkeuren" not in labels, "it is decided")
    await expect(bram.page.locator("main")).to_contain_text(re.compile("Uw tekst is goedgekeurd|Dit is niet gebeurd"))
    refused_on_page = await bram.page.get_by_text("Dit is niet gebeurd").count() == 1
    if answer["show_alert"] and refused_on_page:
        winner = "koos om niet te antwoorden"
    else:
        await until(lambda: press.ephemeral, "a refusal on Discord")
        assert "Hierover is al beslist" in press.words
        winner = "keurde dit antwoord goed" if refused_on_page else "paste het antwoord aan"
    assert [answer["show_alert"], refused_on_page, bool(press.ephemeral)].count(False) == 1, "one decides"
    if answer["show_alert"]:
        assert "Hierover is al beslist" in answer["text"]
    for face in CHANNELS:
        assert winner in town.status(face, text)

    # Let it leave, and look that it left once: a later reply proves that the time of the others is over.
    later = question()
    other = town.react("telegram", later)
    await town.case(later)
    await town.press("telegram", later, "Goedkeuren", an)
    await until(lambda: town.replies("telegram", other), "a later reply")
    assert len(town.replies("telegram", reaction)) == (0 if winner.startswith("koos") else 1)


# ── moderating ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_insult_on_telegram_is_removed_from_discord_with_its_rule(town: Town) -> None:
    text, an, watching = "Wat een achterlijke idioot zijt gij", town.people["An"], town.people["Bram"].page
    insult = town.react("telegram", text)
    await watching.goto(f"/zaken/{await town.case(text)}")
    asked = town.press_on_discord(text, "Verwijderen", an.discord)
    await until(lambda: asked.ephemeral, "the list of house rules")
    (select,) = asked.ephemeral[0]["components"][0]["components"]
    value = [select["options"][0]["value"]]
    chosen = town.discord.choose(asked.ephemeral[0], select["custom_id"], value, an.discord)
    await until(lambda: chosen.modal, "the window for the reason")
    began = time.monotonic()
    town.discord.submit_modal(chosen, {})
    await town.all_say(text, "An besliste om dit te verwijderen.", watching)
    await until(lambda: not town.stands("telegram", insult), "the insult is gone")
    assert time.monotonic() - began >= GRACE_SECONDS


async def test_an_insult_on_discord_is_removed_from_telegram_with_its_rule(town: Town) -> None:
    text, an, watching = "Gij zijt een vuile klootzak", town.people["An"], town.people["Bram"].page
    insult = town.react("discord", text)
    await watching.goto(f"/zaken/{await town.case(text)}")
    town.press_on_telegram(text, "Verwijderen", an.telegram)
    await until(lambda: "← Terug" in town.labels("telegram", text), "the list of house rules")
    began = time.monotonic()
    town.press_on_telegram(text, town.labels("telegram", text)[0], an.telegram)
    await town.all_say(text, "An besliste om dit te verwijderen.", watching)
    await until(lambda: not town.stands("discord", insult), "the insult is gone")
    assert time.monotonic() - began >= GRACE_SECONDS
