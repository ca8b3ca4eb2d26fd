"""A town with a Telegram group, a Discord server and a team that works on both and in the console.

The service is one real process; Telegram and Discord are stand-ins that it reaches over real sockets. Everything here
does what people do, or looks at what people would see.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.async_api import Page, expect

from tests.e2e.service import Service, until
from tests.standins.botapi import BotApiServer
from tests.standins.discord import Channel, DiscordStandIn, Interaction, Json, User, buttons

CHANNELS = ("telegram", "discord")
FACES = ("telegram", "discord", "web")
WITHIN = 10.0
"""Seconds in which a decision shows everywhere. It takes one or two; a busy machine takes longer."""


@dataclass
class Colleague:
    """Somebody of the team, on each face."""

    name: str
    telegram: int
    discord: User
    page: Page


@dataclass
class Town:
    """The outside world, and the service in the middle of it."""

    api: BotApiServer
    discord: DiscordStandIn
    service: Service
    group: int
    team_group: int
    ann: int
    square: Channel
    team_channel: Channel
    marleen: User
    people: dict[str, Colleague] = field(default_factory=dict)

    # ── residents ─────────────────────────────────────────────────────────────────────────────────────────────────

    def react(self, channel: str, text: str) -> str:
        """Let a resident write; return the message's id."""
        if channel == "telegram":
            return str(self.api.post(self.group, self.ann, text))
        return str(self.discord.post(self.square, self.marleen, text)["id"])

    def replies(self, channel: str, message_id: str) -> list[str]:
        """Return the texts that stand under a message in the municipality's name."""
        if channel == "telegram":
            own = self.api.from_bot(self.group)
            return [m["text"] for m in own if str(m.get("reply_to_message", {}).get("message_id")) == message_id]
        answers = [(m, m.get("message_reference") or {}) for m in self.discord.messages(self.square)]
        return [m["content"] for m, reference in answers if reference.get("message_id") == message_id]

    def stands(self, channel: str, message_id: str) -> bool:
        """Tell whether a message is still there."""
        if channel == "telegram":
            return any(str(m["message_id"]) == message_id for m in self.api.messages(self.group))
        return any(m["id"] == message_id for m in self.discord.messages(self.square))

    # ── cards ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def telegram_card(self, text: str) -> Json | None:
        """Return the card about `text` in the Telegram group of the team."""
        return next((m for m in self.api.from_bot(self.team_group) if text in m["text"]), None)

    def discord_card(self, text: str) -> Json | None:
        """Return the card about `text` in the Discord channel of the team."""
        found = (m for m in self.discord.messages(self.team_channel) if m["embeds"])
        return next((m for m in found if text in m["embeds"][0]["description"]), None)

    async def case(self, text: str) -> int:
        """Wait until both cards about `text` are there; return the number of the case, the same on each."""
        await until(lambda: self.telegram_card(text) and self.discord_card(text), f"cards about {text}")
        on_telegram, on_discord = self.telegram_card(text), self.discord_card(text)
        assert on_telegram is not None
        assert on_discord is not None
        number = re.search(r"\d+", on_telegram["text"])
        assert number is not None
        assert f" {number[0]}" in on_discord["embeds"][0]["title"]
        return int(number[0])

    def status(self, face: str, text: str) -> str:
        """Return everything that a card says, in one text."""
        if face == "telegram":
            card = self.telegram_card(text)
            return card["text"] if card else ""
        card = self.discord_card(text)
        fields = [entry for embed in (card["embeds"] if card else ()) for entry in embed.get("fields", ())]
        return "\n".join(f"{entry['name']}: {entry['value']}" for entry in fields)

    def labels(self, face: str, text: str) -> list[str]:
        """Return the buttons of a card."""
        if face == "telegram":
            card = self.telegram_card(text)
            return [b["text"] for b in self.api.buttons(self.team_group, card["message_id"])] if card else []
        card = self.discord_card(text)
        return list(buttons(card)) if card else []

    # ── the team ──────────────────────────────────────────────────────────────────────────────────────────────────

    def press_on_telegram(self, text: str, label: str, user: int) -> str:
        card = self.telegram_card(text)
        assert card is not None
        return self.api.press(self.team_group, card["message_id"], user, label)

    def press_on_discord(self, text: str, label: str, user: User) -> Interaction:
        card = self.discord_card(text)
        assert card is not None
        return self.discord.press(card, buttons(card)[label], user)

    async def press(self, face: str, text: str, label: str, who: Colleague) -> None:
        """Press the button called `label` on the card about `text`, or on the page about it."""
        if face == "telegram":
            self.press_on_telegram(text, label, who.telegram)
        elif face == "discord":
            self.press_on_discord(text, label, who.discord)
        else:
            await who.page.goto(f"/zaken/{await self.case(text)}")
            await who.page.get_by_role("button", name=label, exact=True).click()

    async def write(self, face: str, text: str, own_words: str, who: Colleague) -> None:
        """Answer the reaction with words of one's own."""
        if face == "telegram":
            card = self.telegram_card(text)
            assert card is not None
            self.api.post(self.team_group, who.telegram, own_words, reply_to=card["message_id"])
        elif face == "discord":
            opened = self.press_on_discord(text, "Aanpassen", who.discord)
            await until(lambda: opened.modal, "a window to write in")
            self.discord.submit_modal(opened, {"tekst": own_words})
        else:
            await who.page.goto(f"/zaken/{await self.case(text)}")
            await who.page.get_by_label(re.compile("^Voorstel 1 van")).fill(own_words)
            await who.page.get_by_role("button", name="Aanpassing goedkeuren").click()
            await expect(who.page.get_by_text("Uw tekst is goedgekeurd.")).to_be_visible()

    async def told_by_telegram(self, query: str) -> Json:
        """Return how a press on Telegram was answered: to the presser alone."""
        await until(lambda: self.api.answer(query), "an answer to the press")
        answer = self.api.answer(query)
        assert answer is not None
        return answer

    # ── everywhere ────────────────────────────────────────────────────────────────────────────────────────────────

    async def all_say(self, text: str, words: str, page: Page) -> float:
        """Wait until both cards and an open page say `words`; return the seconds that the slowest took."""
        on_cards = await until(lambda: all(words in self.status(face, text) for face in CHANNELS), words, within=WITHIN)
        await expect(page.get_by_label("Stand van zaken")).to_contain_text(words, timeout=WITHIN * 1000)
        return on_cards

    async def buttons_are(self, text: str, holds: Callable[[list[str]], bool], what: str) -> None:
        """Wait until the buttons of both cards are as they should be."""
        await until(lambda: all(holds(self.labels(face, text)) for face in CHANNELS), what, within=WITHIN)
