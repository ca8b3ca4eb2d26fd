"""What `verbinder doctor` says about Telegram: can the bot read, write and remove where it should? Changes nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from telegram import ChatFullInfo, ChatMember, ChatMemberAdministrator, ChatMemberRestricted, User
from telegram.constants import ChatType

from bot.channels.telegram.chats import Chats
from bot.channels.telegram.client import Client, connect
from bot.channels.telegram.errors import Moved, asking
from bot.core.errors import ChannelError, ConfigError, MissingPermission, Rejected
from bot.core.health import Check, Verdict
from bot.settings import TelegramSettings

TOKEN, PRIVACY, WEBHOOK, GROUPS, STAFF = (
    "Telegram: token",
    "Telegram: privacymodus",
    "Telegram: webhook",
    "Telegram: groepen",
    "Telegram: teamgroep",
)
_ADD_BOT = "Voeg de bot toe aan de groep en controleer het nummer in de instellingen."
_MAKE_ADMIN = "Maak de bot beheerder van de groep, met het recht om berichten te verwijderen."
_PRIVACY_OFF = (
    "Maak de bot beheerder van elke groep. Of stuur @BotFather /setprivacy, kies uw bot en «Disable»; "
    "verwijder de bot daarna uit de groepen en voeg hem opnieuw toe."
)


async def examine(settings: TelegramSettings) -> tuple[Check, ...]:
    """Return one check for each thing that has to be right, in the order in which to put them right."""
    if settings.token is None:
        return (Check(TOKEN, Verdict.SKIPPED, "Telegram is niet ingesteld."),)
    try:
        client, chats = connect(settings), Chats(settings)
        me = await asking(client.get_me())
    except (ConfigError, ChannelError) as error:
        return (Check(TOKEN, Verdict.BAD, error.message, error.remedy or "Probeer het later opnieuw."),)
    checks = [Check(TOKEN, Verdict.GOOD, f"De bot heet @{me.username}."), await _webhook(client)]
    members = [(chat_id, await _look(client, chat_id, me)) for chat_id in sorted(chats.watched)]
    checks.append(_privacy(me, [seen for _, seen in members if isinstance(seen, _Seen)]))
    if not members:
        remedy = "Zet de nummers van de groepen in VERBINDER_TELEGRAM__CHATS."
        checks.append(Check(GROUPS, Verdict.BAD, "Er is geen enkele groep ingesteld.", remedy))
    for chat_id, seen in members:
        checks.append(_watched(chat_id, seen))
    checks.append(await _staff(client, chats, me))
    return tuple(checks)


class _Seen:
    """A group that the bot can look at, and its own place in it."""

    def __init__(self, chat: ChatFullInfo, member: ChatMember) -> None:
        self.chat = chat
        self.member = member

    @property
    def present(self) -> bool:
        return self.member.status not in {ChatMember.LEFT, ChatMember.BANNED}

    @property
    def administers(self) -> bool:
        return self.member.status in {ChatMember.ADMINISTRATOR, ChatMember.OWNER}

    @property
    def name(self) -> str:
        return f"{self.chat.title or 'zonder naam'} ({self.chat.id})"


async def _look(client: Client, chat_id: int, me: User) -> _Seen | ChannelError:
    try:
        chat = await asking(client.get_chat(chat_id))
        return _Seen(chat, await asking(client.get_chat_member(chat_id, me.id)))
    except ChannelError as error:
        return error


async def _webhook(client: Client) -> Check:
    try:
        info = await asking(client.get_webhook_info())
    except ChannelError as error:
        return Check(WEBHOOK, Verdict.BAD, error.message, error.remedy or "Probeer het later opnieuw.")
    if not info.url:
        return Check(WEBHOOK, Verdict.GOOD, "Er is geen webhook ingesteld.")
    host = urlsplit(info.url).hostname  # the rest of the address may be secret
    return Check(
        WEBHOOK,
        Verdict.BAD,
        f"Telegram stuurt alles naar een webhook op {host}. Verbinder ontvangt zo niets.",
        "Stop het programma dat de webhook instelde en laat het hem verwijderen (deleteWebhook), "
        "of vraag bij @BotFather een nieuw token.",
    )


def _privacy(me: User, seen: list[_Seen]) -> Check:
    if me.can_read_all_group_messages:
        return Check(PRIVACY, Verdict.GOOD, "De privacymodus staat uit: de bot leest alle reacties.")
    if seen and all(group.administers for group in seen):
        return Check(PRIVACY, Verdict.GOOD, "De bot is beheerder in elke groep en leest daar alle reacties.")
    blind = ", ".join(group.name for group in seen if not group.administers) or "gewone groepen"
    detail = f"De privacymodus staat aan: in {blind} leest de bot alleen wat tot hem gericht is."
    return Check(PRIVACY, Verdict.BAD, detail, _PRIVACY_OFF)


def _watched(chat_id: int, seen: _Seen | ChannelError) -> Check:
    name = f"{GROUPS} {chat_id}"
    if isinstance(seen, ChannelError):
        return _unseen(name, seen)
    if seen.chat.type == ChatType.CHANNEL:
        linked = f" Dat is {seen.chat.linked_chat_id}." if seen.chat.linked_chat_id else ""
        remedy = f"Zet hier het nummer van de discussiegroep van het kanaal, waar de reacties staan.{linked}"
        return Check(name, Verdict.BAD, f"{seen.name} is een kanaal, geen groep.", remedy)
    if not seen.present:
        return Check(name, Verdict.BAD, f"De bot zit niet in {seen.name}.", _ADD_BOT)
    if not seen.administers:
        detail = f"De bot zit in {seen.name}, maar mag er geen berichten verwijderen."
        return Check(name, Verdict.WARNING, detail, _MAKE_ADMIN)
    if isinstance(seen.member, ChatMemberAdministrator) and not seen.member.can_delete_messages:
        detail = f"De bot is beheerder van {seen.name}, zonder het recht om berichten te verwijderen."
        return Check(name, Verdict.WARNING, detail, _MAKE_ADMIN)
    return Check(name, Verdict.GOOD, f"De bot leest, antwoordt en verwijdert in {seen.name}.")


async def _staff(client: Client, chats: Chats, me: User) -> Check:
    if chats.staff is None:
        return Check(STAFF, Verdict.SKIPPED, "Er is geen teamgroep ingesteld: kaarten staan alleen elders.")
    if chats.staff in chats.watched:
        remedy = "Maak een aparte groep voor het team: wat er op kaarten staat, is niet voor bewoners."
        return Check(STAFF, Verdict.BAD, "De teamgroep staat ook bij de groepen van bewoners.", remedy)
    seen = await _look(client, chats.staff, me)
    if isinstance(seen, ChannelError):
        return _unseen(STAFF, seen)
    if not seen.present:
        return Check(STAFF, Verdict.BAD, f"De bot zit niet in {seen.name}.", _ADD_BOT)
    if isinstance(seen.member, ChatMemberRestricted) and not seen.member.can_send_messages:
        return Check(STAFF, Verdict.BAD, f"De bot mag niet schrijven in {seen.name}.", "Geef de bot dat recht.")
    return Check(STAFF, Verdict.GOOD, f"Kaarten verschijnen in {seen.name}.")


def _unseen(name: str, error: ChannelError) -> Check:
    if isinstance(error, Moved):
        return Check(name, Verdict.BAD, error.message, error.remedy)
    if isinstance(error, MissingPermission | Rejected):
        return Check(name, Verdict.BAD, f"De bot ziet deze groep niet. {error.message}", _ADD_BOT)
    return Check(name, Verdict.BAD, error.message, error.remedy or "Probeer het later opnieuw.")
