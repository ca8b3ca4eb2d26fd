"""A card as embeds and buttons of Discord. Pure.

Everything on the card that is not ours is shown as text (`plain`), also what staff wrote. Discord's limits (embed
description 4,096, field 1,024, all embeds of a message 6,000) are kept by shortening, with the console for the rest
(trap 19). The suggestion is cut last: who approves it has to have read it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import discord
from discord.ui import Button, View

from bot.channels.discord.items import CardItem
from bot.channels.discord.plain import plain
from bot.core.cases import Case
from bot.core.findings import Severity
from bot.review.card import Card, callback_data, card_of

# Units of each part; together under 6,000 with the names of the fields.
TITLE, LABEL, WHERE, REACTION, QUOTED, POST, REASONS, SUGGESTION, STATUS = 200, 60, 150, 1100, 200, 250, 600, 2150, 300
QUEUE_LINE = 250
QUEUE_LINES = 10

_COLOURS = {
    Severity.LOW: 0x5A7D9A,
    Severity.MODERATE: 0xD9A400,
    Severity.HIGH: 0xC75300,
    Severity.CRITICAL: 0xB00020,
}
_REPLY_COLOUR = 0x2E7D5B
_STYLES = {
    "primary": discord.ButtonStyle.primary,
    "success": discord.ButtonStyle.success,
    "danger": discord.ButtonStyle.danger,
    "secondary": discord.ButtonStyle.secondary,
}
_ADDRESS = re.compile(r"https?://[^\s()<>\[\]\\]{1,200}")


def embeds_of(case: Case, *, now: datetime, console_url: str) -> list[discord.Embed]:
    """Return the card of `case`: what was said and why it is here; and the suggestion, where there is one."""
    card = card_of(case, now=now, console_url=console_url)
    colour = _COLOURS[card.severity] if card.severity else _REPLY_COLOUR
    first = discord.Embed(title=plain(card.title, TITLE), description=_reaction(card), colour=colour)
    first.add_field(name="Waar", value=plain(f"{card.where} · {card.author}", WHERE), inline=False)
    for name, text, limit in (
        ("Citeert of stuurt door", card.quoted, QUOTED),
        ("Bij het bericht", card.post, POST),
        ("Waarom u dit ziet", "\n".join(f"• {reason}" for reason in card.reasons), REASONS),
    ):
        if text:
            first.add_field(name=name, value=plain(text, limit), inline=False)
    embeds = [first]
    if card.suggestion:
        label = plain(card.suggestion_label, LABEL)
        embeds.append(discord.Embed(title=label, description=plain(card.suggestion, SUGGESTION), colour=colour))
    status, links = _status(case, card)
    embeds[-1].add_field(name="Stand", value=plain(status, STATUS), inline=False)
    embeds[-1].add_field(name="Verder", value=links, inline=False)
    return embeds


def queue_embed(cases: Sequence[Case], *, now: datetime, console_url: str) -> discord.Embed:
    """Return the list that `/wachtrij` shows: the first cases, each with its link."""
    embed = discord.Embed(title=f"Wachtrij: {len(cases)} open", colour=_REPLY_COLOUR)
    if not cases:
        embed.description = "Er wacht niets op een beslissing."
    for case in cases[:QUEUE_LINES]:
        card = card_of(case, now=now, console_url=console_url)
        age = discord.utils.format_dt(case.opened_at, "R")
        value = f"{plain(card.where, 80)} · {age}\n{plain(card.reaction, 120)}\n{_link('Open', card.link)}"
        embed.add_field(name=plain(card.title, TITLE), value=value, inline=False)
    if len(cases) > QUEUE_LINES:
        embed.set_footer(text=f"En nog {len(cases) - QUEUE_LINES} in de console: {console_url}")
    return embed


def view_of(case: Case, *, now: datetime, console_url: str) -> View | None:
    """Return the buttons of the card, None when there is nothing left to decide."""
    card = card_of(case, now=now, console_url=console_url)
    if not card.buttons:
        return None
    view = View(timeout=None)
    for button in card.buttons:
        custom_id = callback_data(button.action, card.case_id, card.version)
        view.add_item(CardItem(Button(label=button.label, style=_STYLES[button.style], custom_id=custom_id)))
    return view


def _reaction(card: Card) -> str:
    text = plain(card.reaction, REACTION) if card.reaction else "(geen tekst)"
    return f"||{text}||" if card.harsh and card.reaction else text


def _status(case: Case, card: Card) -> tuple[str, str]:
    """Return the status without addresses, and the addresses as links: those of the platforms and the console."""
    status, links = card.status, []
    for effect in case.decision.effects if case.decision else ():
        if effect.link:
            status = status.replace(effect.link, "").strip()
            links.append(_link("Het antwoord", effect.link))
            break
    if card.reaction_link:
        links.insert(0, _link("Naar de reactie", card.reaction_link))
    links.append(_link("Open in de console", card.link))
    return status, " · ".join(link for link in links if link)


def _link(label: str, address: str) -> str:
    return f"[{label}]({address})" if _ADDRESS.fullmatch(address) else ""
