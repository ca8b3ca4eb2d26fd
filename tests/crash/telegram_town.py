"""A town on the stand-in of Telegram: residents who go on writing, colleagues who press the buttons of their cards."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.channels.telegram.cards import rule_code
from bot.channels.telegram.plaintext import sendable
from bot.core.cases import ActionKind
from bot.core.people import Face, Role
from bot.review.card import callback_data, parse_callback
from bot.store import people
from bot.store.database import Database
from bot.store.migrate import upgrade
from tests.crash.ledger import Store
from tests.crash.lives import Life
from tests.crash.towns import Asked, Expected, common_environ, database_of
from tests.standins.botapi import BotApiServer
from tests.standins.botapi.world import Json

PAUSE_SECONDS = 0.2  # between two reactions
BACKLOG = 6  # updates that wait; residents write no more until some were fetched
HOUSE_RULE = "persoonlijke-belediging"  # of rules/huisregels.yaml
OWN_WORDS = "Dank u. We bekijken dit met de dienst en laten hier iets weten."
QUESTIONS = (
    "Wanneer gaat het zwembad in de {} weer open?",
    "Komt er ook een fietspad in de {}?",
    "Hoeveel kost het nieuwe plein in de {}?",
    "Schandalig dat de verlichting in de {} al weken kapot is.",
)
INSULTS = ("Die burgemeester is ne vuile klootzak, in de {} ook al.", "Bende idioten daar in de {}, achterlijk volk.")


class TelegramTown:
    """Implements `tests.crash.towns.Town`."""

    channel = "telegram"
    face = "telegram"
    removes = False

    def __init__(self, api: BotApiServer, home: Path, rng: random.Random) -> None:
        self.api = api
        self.home = home
        self._rng = rng
        self._streets = _streets()
        self._texts: dict[int, list[str]] = {}
        self._presses: dict[str, Asked] = {}
        self._edits: dict[int, Asked] = {}
        self._acted: set[tuple[int, int]] = set()
        self._next_post = 0.0
        self.group = api.add_group("Velddorp praat", bot="administrator")
        api.set_bot(self.group, "administrator", can_delete_messages=True)
        self.staff = api.add_group("Team communicatie")
        self.resident = api.add_user("Ann Peeters")
        self.colleagues = {"Karim": api.add_user("Karim Haddad"), "Lies": api.add_user("Lies Maes")}
        api.set_privacy(on=False)
        asyncio.run(_add_colleagues(home, self.colleagues))

    def environ(self) -> Mapping[str, str]:
        return {
            **common_environ(self.home),
            "VERBINDER_TELEGRAM__TOKEN": self.api.token,
            "VERBINDER_TELEGRAM__API_BASE": self.api.url,
            "VERBINDER_TELEGRAM__CHATS": str(self.group),
            "VERBINDER_TELEGRAM__STAFF_CHAT": str(self.staff),
        }

    # ── residents ─────────────────────────────────────────────────────────────────────────────────────────────────

    def stir(self, life: Life) -> None:
        now = time.monotonic()
        if now >= self._next_post and len(self.api.waiting()) < BACKLOG:
            self._next_post = now + PAUSE_SECONDS
            self._write()
        self._decide()

    def between(self) -> None:
        self._write()

    def hurry(self) -> None:
        self._next_post = float("inf")

    def _write(self) -> None:
        street = next(self._streets)
        words = self._rng.choice(INSULTS if self._rng.random() < 0.25 else QUESTIONS).format(street)
        message = self.api.post(self.group, self.resident, words)
        self._texts[message] = [words]
        if self._rng.random() < 0.1:
            self._texts[message].append(f"{words} Iemand?")
            self.api.edit(self.group, message, self._texts[message][-1])

    # ── colleagues ────────────────────────────────────────────────────────────────────────────────────────────────

    def _decide(self) -> None:
        """Let somebody answer every card that shows a question nobody has answered yet."""
        with self.api.world.lock:
            cards = [card for card in self.api.world.chats[self.staff].messages.values() if "reply_markup" in card]
        for card in cards:
            buttons = [
                parse_callback(b["callback_data"]) for row in card["reply_markup"]["inline_keyboard"] for b in row
            ]
            actions = [action for action, _, _, _ in buttons]
            _, case_id, version, _ = buttons[0]
            if ActionKind.UNDO in actions or (case_id, version) in self._acted:
                continue
            self._acted.add((case_id, version))
            self._act(card, actions, case_id, version)

    def _act(self, card: Json, actions: Sequence[ActionKind], case_id: int, version: int) -> None:
        name = self._rng.choice(list(self.colleagues))
        target = next(number for number, texts in self._texts.items() if any(text in card["text"] for text in texts))
        if ActionKind.DROP in actions:
            action = self._answer_to(target, actions)
        else:
            actions = (ActionKind.FINE, ActionKind.FINE, ActionKind.REMOVE, ActionKind.WARN)
            action = ActionKind.REMOVE if self.removes else self._rng.choice(actions)
            if action is ActionKind.WARN and self._answered(target):
                action = ActionKind.FINE
        asked = Asked(case_id, action, name)
        if action is ActionKind.EDIT:
            said = self.api.post(
                self.staff, self.colleagues[name], f"{OWN_WORDS} ({case_id}.{version})", reply_to=card["message_id"]
            )
            self._edits[said] = asked
            return
        extra = ""
        if action in {ActionKind.REMOVE, ActionKind.WARN}:
            extra = rule_code(HOUSE_RULE)
        data = callback_data(action, case_id, version, extra)
        query = self.api.press(self.staff, card["message_id"], self.colleagues[name], data=data)
        self._presses[query] = asked

    def _answer_to(self, target: int, actions: Sequence[ActionKind]) -> ActionKind:
        """Decide as a person who looks first: nobody answers twice, or answers what is no longer there."""
        if self._gone(target) or self._answered(target):
            return ActionKind.DROP
        wanted = self._rng.choices(
            (ActionKind.APPROVE, ActionKind.EDIT, ActionKind.ANOTHER, ActionKind.DROP), (80, 10, 5, 5)
        )[0]
        return wanted if wanted in actions else ActionKind.DROP

    # ── what the platform has ─────────────────────────────────────────────────────────────────────────────────────

    def delivered(self, store: Store) -> bool:
        return not self.api.waiting()

    def messages(self) -> Sequence[Expected]:
        return [Expected(str(number), tuple(texts)) for number, texts in self._texts.items()]

    def asked(self) -> Sequence[Asked]:
        for query, asked in self._presses.items():
            answer = self.api.answer(query)
            asked.told = answer is not None and not answer["show_alert"]
        for message, asked in self._edits.items():
            asked.told = (self.staff, message) in self.api.world.reactions
        return [*self._presses.values(), *self._edits.values()]

    def replies(self, target: str, text: str, keys: Collection[str]) -> int:
        return sum(message["text"] == sendable(text) for message in self._from_us(target))

    def replies_in_all(self) -> int:
        return len(self.api.from_bot(self.group))

    def removals(self, target: str) -> int:
        return int(self._gone(int(target)))

    def tells_what_it_placed(self) -> bool:
        return False

    def _from_us(self, target: str) -> Iterator[Json]:
        """Yield the replies under a message. Its number is in the reply, also when the message itself is gone."""
        with self.api.world.lock:
            messages = list(self.api.world.chats[self.group].messages.values())
        for message in messages:
            ours = message["from"]["id"] == self.api.world.bot.id
            if ours and str(message.get("reply_to_message", {}).get("message_id")) == target:
                yield message

    def _answered(self, target: int) -> bool:
        return any(True for _ in self._from_us(str(target)))

    def _gone(self, target: int) -> bool:
        with self.api.world.lock:
            return target not in self.api.world.chats[self.group].messages


async def _add_colleagues(home: Path, colleagues: Mapping[str, int]) -> None:
    """Let an administrator have linked the colleagues before the service starts."""
    url = f"sqlite+aiosqlite:///{database_of(home)}"
    await asyncio.to_thread(upgrade, url)
    database = Database(url)
    async with database.write() as tx:
        for name, account in colleagues.items():
            person = await people.add(tx, name, [Role.MODERATOR, Role.COMMUNITY_MANAGER], datetime.now(UTC))
            await people.link_account(tx, person.id, Face.TELEGRAM, str(account))
    await database.close()


def _streets() -> Iterator[str]:
    """Yield names that come only once, so that no two reactions are alike."""
    first = ("", "oude ", "lange ", "korte ", "hoge ", "brede ", "kleine ", "grote ")
    middle = ("Kerk", "Molen", "Dorps", "School", "Berg", "Beek", "Linden", "Eiken", "Veld", "Wilgen", "Kasteel")
    last = ("straat", "weg", "laan", "dreef", "pad")
    return map("".join, itertools.product(first, middle, last))
