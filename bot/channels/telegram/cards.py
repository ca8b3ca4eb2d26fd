"""A card as a Telegram message: plain text, entities with offsets, and an inline keyboard. Pure.

Nothing is parsed as markup by Telegram: bold and quotations are entities that we compute, in UTF-16 units. Residents'
words are defused first, so that no mention or command fires in the staff group (trap 15). A card always fits
(trap 19): long parts are cut, and the link to the console is always there.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.constants import MessageEntityType, MessageLimit

from bot.channels.telegram.plaintext import defused, sendable, units
from bot.core.cases import ActionKind
from bot.core.findings import Severity
from bot.review.card import Button, Card, callback_data, shorten
from bot.review.desk import RemovalRule

BACK: Final = "terug"
ROW_CHARACTERS: Final = 30  # a row of buttons that is wider is cut off on a phone
LABEL_CHARACTERS: Final = 60

# Room for each part, in UTF-16 units, at full size. Together with our own words they fit with room to spare.
_POST, _QUOTED, _REACTION, _REASONS, _SUGGESTION, _STATUS, _TITLE = 250, 250, 900, 700, 1200, 400, 200
_SCALES = (1.0, 0.6, 0.3)
_MARKS = {Severity.LOW: "🟡", Severity.MODERATE: "🟠", Severity.HIGH: "🔴", Severity.CRITICAL: "🚨"}
_REPLY_MARK = "💬"

Kind = MessageEntityType


@dataclass(frozen=True, slots=True)
class Rendered:
    """What `sendMessage` and `editMessageText` take."""

    text: str
    entities: tuple[MessageEntity, ...]
    keyboard: InlineKeyboardMarkup | None


def render(card: Card) -> Rendered:
    """Return the message for a card."""
    for scale in _SCALES:
        page = _page(card, scale)
        if units(page.text) <= MessageLimit.MAX_TEXT_LENGTH:
            break
    return Rendered(page.text, tuple(page.entities), keyboard_of(card))


def keyboard_of(card: Card) -> InlineKeyboardMarkup | None:
    """Return the buttons of a card, in rows that fit on a phone."""
    rows: list[list[InlineKeyboardButton]] = []
    width = ROW_CHARACTERS
    for button in card.buttons:
        if width + len(button.label) > ROW_CHARACTERS:
            rows.append([])
            width = 0
        rows[-1].append(_button(button, card))
        width += len(button.label)
    return InlineKeyboardMarkup(rows) if rows else None


def rule_keyboard(
    action: ActionKind, case_id: int, version: int, rules: tuple[RemovalRule, ...]
) -> InlineKeyboardMarkup:
    """Return the house rules to choose from, and a way back."""
    rows = [
        InlineKeyboardButton(
            shorten(rule.title or rule.reason or rule.id, LABEL_CHARACTERS),
            callback_data=callback_data(action, case_id, version, rule_code(rule.id)),
        )
        for rule in rules
    ]
    back = InlineKeyboardButton("← Terug", callback_data=callback_data(action, case_id, version, BACK))
    return InlineKeyboardMarkup.from_column([*rows, back])


def rule_code(rule_id: str) -> str:
    """Return a short code of a rule that stays the same when the rules are reordered: an id may not fit in a button."""
    return sha256(rule_id.encode()).hexdigest()[:10]


def fitted(text: str, limit: int) -> str:
    """Return `text` in at most `limit` UTF-16 units."""
    room = limit
    while units(short := shorten(text, room)) > limit:
        room -= max(1, (units(short) - limit) // 2)
    return short


class _Page:
    """A text that grows, with the entities that go with it."""

    def __init__(self) -> None:
        self.text = ""
        self.entities: list[MessageEntity] = []

    def add(self, text: str, *kinds: str, before: str = "\n") -> None:
        """Append `text`, marked as `kinds`. Telegram refuses an entity without a character in it."""
        if not text:
            return
        self.text += before if self.text else ""
        start = units(self.text)
        self.text += text
        self.entities += [MessageEntity(kind, start, units(text)) for kind in kinds]


def _page(card: Card, scale: float) -> _Page:
    def part(text: str, room: int) -> str:
        return fitted(defused(text), int(room * scale))

    page = _Page()
    mark = _MARKS[card.severity] if card.severity else _REPLY_MARK
    page.add(f"{mark} {part(card.title, _TITLE)}", Kind.BOLD)
    page.add(part(f"{card.where} · {card.author}" if card.author else card.where, _TITLE))
    if post := part(card.post, _POST):
        page.add("Bij het bericht:", Kind.ITALIC, before="\n\n")
        page.add(post, Kind.BLOCKQUOTE)
    page.add("Reactie:", Kind.ITALIC, before="\n\n")
    veil = [Kind.SPOILER] if card.harsh else []
    page.add(part(card.reaction, _REACTION) or "(geen tekst)", Kind.BLOCKQUOTE, *veil)
    if quoted := part(card.quoted, _QUOTED):
        page.add("Aangehaald of doorgestuurd, niet van de schrijver zelf:", Kind.ITALIC)
        page.add(quoted, Kind.BLOCKQUOTE, *veil)
    if reasons := part("\n".join(f"• {' '.join(reason.split())}" for reason in card.reasons), _REASONS):
        page.add("Waarom:", Kind.ITALIC, before="\n\n")
        page.add(reasons)
    if suggestion := part(card.suggestion, _SUGGESTION):
        page.add(f"{card.suggestion_label}:", Kind.ITALIC, before="\n\n")
        page.add(suggestion, Kind.BLOCKQUOTE)
    page.add(part(card.status, _STATUS), Kind.BOLD, before="\n\n")
    if card.reaction_link:
        page.add(f"Naar de reactie: {sendable(card.reaction_link)}")
    page.add(f"In de console: {sendable(card.link)}")
    return page


def _button(button: Button, card: Card) -> InlineKeyboardButton:
    style = button.style if button.style != "secondary" else None
    return InlineKeyboardButton(
        button.label, callback_data=callback_data(button.action, card.case_id, card.version), style=style
    )
