"""What happens in the staff group: buttons, replies to a card, and commands.

Decides whose press counts as which command; whether it is allowed is the desk's business, and its refusals are shown
to that person alone. `handle` returns once the decision is committed: only then is the update confirmed, so a press
that is delivered again after a crash meets a newer version of the case and is refused without harm; a text that is
delivered again was taken, and is acknowledged. Answers to Telegram travel on their own and hold nothing up.
"""

from __future__ import annotations

import re
from typing import Final

import structlog
from telegram import BotCommand, BotCommandScopeChat, CallbackQuery, InlineKeyboardMarkup, Message, Update, User
from telegram.constants import ChatType, MessageLimit

from bot.channels.telegram import texts
from bot.channels.telegram.cards import BACK, fitted, keyboard_of, rule_code, rule_keyboard
from bot.channels.telegram.chats import Chats
from bot.channels.telegram.client import Client
from bot.channels.telegram.errands import Errands
from bot.channels.telegram.errors import asking
from bot.channels.telegram.plaintext import defused, undefused
from bot.channels.telegram.surface import NO_PREVIEW, TelegramSurface, reference
from bot.core.cases import ActionKind, Case, CaseKind, Command
from bot.core.clock import Clock
from bot.core.errors import MissingPermission, Refused, Rejected
from bot.core.people import Face, Person
from bot.review import machine
from bot.review.card import card_of, parse_callback
from bot.review.desk import Desk, RemovalRule

ANSWER_LIMIT: Final = 200  # characters in the answer to a press (Bot API, answerCallbackQuery)
QUEUE_LENGTH: Final = 15
SUMMARY_LENGTH: Final = 80
COMMANDS: Final = (
    BotCommand("wachtrij", "Wat wacht op een beslissing"),
    BotCommand("help", "Hoe u hier beslist"),
)
_RULED: Final = frozenset({ActionKind.REMOVE, ActionKind.PROPOSE_REMOVAL, ActionKind.WARN})
_COMMAND = re.compile(r"/(?P<name>[a-z]+)(?:@(?P<bot>\w+))?(?:\s|$)", re.IGNORECASE)

_log = structlog.get_logger(__name__)


class StaffRoom:
    """Handles the updates of the staff group, and of people who write to the bot in private."""

    def __init__(
        self,
        client: Client,
        desk: Desk,
        chats: Chats,
        surface: TelegramSurface,
        *,
        clock: Clock,
        console_url: str,
    ) -> None:
        self._client = client
        self._desk = desk
        self._chats = chats
        self._surface = surface
        self._clock = clock
        self._console_url = console_url
        self._errands = Errands()
        self._me: User | None = None

    async def open(self, me: User) -> None:
        """Take the bot's own name, and make the commands known in the staff group."""
        self._me = me
        if self._chats.staff is not None:
            scope = BotCommandScopeChat(self._chats.staff)
            self._errands.run(asking(self._client.set_my_commands(COMMANDS, scope=scope)), "set commands")

    async def close(self) -> None:
        """Give answers on their way a moment to leave."""
        await self._errands.finish()

    def concerns(self, update: Update) -> bool:
        """Tell whether an update is for this room: a press, a message in the staff group, or a private one."""
        if update.callback_query is not None:
            return True
        message = update.message
        if message is None:
            return False
        return message.chat.id == self._chats.staff or message.chat.type == ChatType.PRIVATE

    async def handle(self, update: Update) -> None:
        """Do what a colleague asks. What fails inside is the caller's; a refusal is told to that person alone."""
        query, message = update.callback_query, update.message
        if query is not None:
            await self._pressed(query)
        elif message is not None and message.from_user is not None:
            await self._said(message, message.from_user)

    # ── buttons ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _pressed(self, query: CallbackQuery) -> None:
        try:
            done = await self._press(query)
        except Refused as refusal:
            self._answer(query, str(refusal), alert=True)
        else:
            self._answer(query, done)

    async def _press(self, query: CallbackQuery) -> str:
        """Carry out a press; return what to tell the presser, or raise Refused."""
        if query.message is None or query.message.chat.id != self._chats.staff:
            raise Refused(texts.OTHER_GROUP)
        try:
            action, case_id, version, extra = parse_callback(query.data or "")
        except ValueError:
            raise Refused(texts.OLD_BUTTON) from None
        person = await self._colleague(query.from_user)
        case = await self._desk.case(case_id)
        if case is None:
            raise Refused(texts.NO_CASE)
        if extra == BACK:
            if version != case.version:
                raise Refused(machine.moved_on(case))  # never new buttons under an old text
            card = card_of(case, now=self._clock(), console_url=self._console_url)
            self._show_buttons(query, keyboard_of(card))
            return ""
        if action is ActionKind.EDIT:
            self._check(case, version, action, person)
            raise Refused(texts.HOW_TO_EDIT)
        if action not in _RULED:
            await self._desk.execute(Command(action, case_id, version), person, Face.TELEGRAM)
            return texts.done(action)
        rules = self._desk.rules_for(case)
        if not extra:
            self._check(case, version, action, person)
            self._show_buttons(query, rule_keyboard(action, case_id, version, _proposed_first(rules, case)))
            return texts.CHOOSE_RULE
        rule = next((rule for rule in rules if rule_code(rule.id) == extra), None)
        if rule is None:
            raise Refused(texts.RULE_GONE)
        reason = rule.reason if action is not ActionKind.WARN else ""
        command = Command(action, case_id, version, rule_id=rule.id, reason=reason)
        await self._desk.execute(command, person, Face.TELEGRAM)
        return texts.done(action)

    def _check(self, case: Case, version: int, action: ActionKind, person: Person) -> None:
        """Refuse at once what the desk would refuse in the end."""
        if version != case.version:
            raise Refused(machine.moved_on(case))
        refusal = machine.why_not(case, person, action, self._clock())
        if refusal is not None:
            raise Refused(refusal)

    def _answer(self, query: CallbackQuery, text: str, *, alert: bool = False) -> None:
        short = fitted(text, ANSWER_LIMIT)
        self._errands.run(
            asking(self._client.answer_callback_query(query.id, text=short, show_alert=alert)), "answer a press"
        )

    def _show_buttons(self, query: CallbackQuery, keyboard: InlineKeyboardMarkup | None) -> None:
        assert query.message is not None
        self._errands.run(
            asking(
                self._client.edit_message_reply_markup(
                    chat_id=query.message.chat.id, message_id=query.message.message_id, reply_markup=keyboard
                )
            ),
            "show buttons",
        )

    # ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _said(self, message: Message, user: User) -> None:
        command = _COMMAND.match(message.text or "")
        if command is not None:
            if command["bot"] in (None, self._me.username if self._me else None):
                await self._commanded(message, user, command["name"].lower())
        elif message.chat.id == self._chats.staff and message.reply_to_message is not None:
            await self._edited(message, user, message.reply_to_message)

    async def _commanded(self, message: Message, user: User, name: str) -> None:
        here = message.chat.id == self._chats.staff
        if here and name == "wachtrij":
            self._reply(message, texts.queue(await self._open_cases()))
        elif name in {"help", "start"}:
            self._reply(message, texts.help_text(user.id, private=not here))

    async def _open_cases(self) -> list[str]:
        cases = await self._desk.queue(limit=QUEUE_LENGTH)
        cards = (card_of(case, now=self._clock(), console_url=self._console_url) for case in cases)
        return [
            f"{card.title}\n{fitted(' '.join(defused(card.reaction).split()), SUMMARY_LENGTH)}\n"
            f"{self._surface.link_to(card.case_id) or card.link}"
            for card in cards
        ]

    async def _edited(self, message: Message, user: User, card: Message) -> None:
        """Place the text of a reply to a card, instead of the suggestion on it."""
        case = await self._case_on(card)
        if case is None or case.kind is not CaseKind.REPLY:
            return  # said to a colleague, or about a report that asks for no answer
        if user.is_bot or not message.text:
            self._reply(message, texts.ANONYMOUS if user.is_bot else texts.ONLY_TEXT)
            return
        person: Person | None = None
        try:
            person = await self._colleague(user)
            shown = _shown_on(card)
            # The version that the colleague saw, where the card still has buttons to tell.
            version = shown[1] if shown is not None and shown[0] == case.id else case.version
            text = undefused(message.text)
            await self._desk.execute(Command(ActionKind.EDIT, case.id, version, text=text), person, Face.TELEGRAM)
        except Refused as refusal:
            self._errands.run(self._refuse(message, user, str(refusal), person), "refuse a reply")
        else:
            seen = self._client.set_message_reaction(message.chat.id, message.message_id, reaction="👍")
            self._errands.run(asking(seen), "acknowledge a reply")

    async def _case_on(self, card: Message) -> Case | None:
        """Return the case that a message of the staff group is the card of, None where it is no card.

        A process that died just after posting a card could not note which one it was; its buttons still tell.
        """
        case = await self._desk.case_of_card(Face.TELEGRAM, reference(card.chat.id, card.message_id))
        ours = self._me is not None and card.from_user is not None and card.from_user.id == self._me.id
        shown = _shown_on(card)
        return await self._desk.case(shown[0]) if case is None and ours and shown is not None else case

    async def _refuse(self, message: Message, user: User, why: str, person: Person | None) -> None:
        """Tell why in private where the person ever wrote to the bot, and in the group otherwise.

        A colleague with a role is told in full; anyone else only that it did not work, and where to read why.
        """
        try:
            await asking(self._client.send_message(user.id, texts.NOT_PLACED.format(why=why)))
        except (Rejected, MissingPermission):
            public = texts.NOT_PLACED.format(why=why) if person is not None and person.roles else texts.NOT_PLACED_HERE
            self._reply(message, public)

    def _reply(self, message: Message, text: str) -> None:
        self._errands.run(
            asking(
                self._client.send_message(
                    message.chat.id,
                    fitted(text, MessageLimit.MAX_TEXT_LENGTH),
                    reply_to_message_id=message.message_id,
                    link_preview_options=NO_PREVIEW,
                )
            ),
            "reply to a colleague",
        )

    async def _colleague(self, user: User) -> Person:
        person = await self._desk.person_for(Face.TELEGRAM, str(user.id))
        if person is None:
            raise Refused(texts.stranger(user.id))
        return person


def _proposed_first(rules: tuple[RemovalRule, ...], case: Case) -> tuple[RemovalRule, ...]:
    proposed = case.proposal.rule_id if case.proposal else ""
    return tuple(sorted(rules, key=lambda rule: rule.id != proposed)) if proposed else rules


def _shown_on(card: Message) -> tuple[int, int] | None:
    """Return (case, version) of the buttons of a card, None where it has none of ours."""
    for row in card.reply_markup.inline_keyboard if card.reply_markup else ():
        for button in row:
            try:
                _, case_id, version, _ = parse_callback(str(button.callback_data))
            except ValueError:
                continue
            return case_id, version
    return None
