"""What people press, choose and fill in on Discord, each with a custom id that says everything.

Nothing is remembered between showing an item and its answer, so every button, list and window works after a restart
(trap 19). A custom id is one of: a card's callback data; `kies:` or `venster:` with callback data.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from discord.ui import DynamicItem, Item, Modal, Select, TextInput, View

from bot.core.cases import ActionKind, Case
from bot.review.card import callback_data, shorten
from bot.review.desk import RemovalRule

CHOICE = "kies:"
WINDOW = "venster:"
FIELD = "tekst"
MOST_OPTIONS = 25  # Discord's limit of a list
OPTION_LENGTH = 100
FIELD_LENGTH = 4000
WINDOW_LIVES_SECONDS = 15 * 60  # as long as the interaction behind it

_CALLBACK = r"v1:[a-z]{2}:\d{1,12}:\d{1,9}(?::[\w-]{1,20})?"
CARD_ID = re.compile(_CALLBACK)

_TITLES = {
    ActionKind.EDIT: ("Antwoord aanpassen", "Het antwoord"),
    ActionKind.WARN: ("Herinneren aan de huisregels", "De herinnering die geplaatst wordt"),
    ActionKind.PROPOSE_REMOVAL: ("Verwijderen voorstellen", "Waarom, in gewone taal"),
    ActionKind.REMOVE: ("Reactie verwijderen", "Waarom, in gewone taal"),
}


class _Stateless(DynamicItem[Item[View]], template=r"(?!)"):
    """An item that discord.py need not remember: `Controls` answers to every interaction by its custom id alone."""

    @classmethod
    async def from_custom_id(cls, *given: Any) -> _Stateless:
        """Wrap the item of (interaction, item, match) again."""
        return cls(given[1])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave the answer to `Controls`."""


class CardItem(_Stateless, template=_CALLBACK):
    """A button of a card."""


class ChoiceItem(_Stateless, template=CHOICE + _CALLBACK):
    """The list of house rules."""


def rule_code(rule: RemovalRule) -> str:
    """Return a short name for a rule that fits in every custom id, whatever the rule is called."""
    return hashlib.sha256(rule.id.encode()).hexdigest()[:12]


def rule_list(action: ActionKind, case: Case, rules: Sequence[RemovalRule], fired: frozenset[str]) -> View:
    """Return the list to choose a house rule from."""
    select: Select[View] = Select(
        custom_id=CHOICE + callback_data(action, case.id, case.version), placeholder="Kies de huisregel"
    )
    for rule in rules[:MOST_OPTIONS]:
        about = f"Huisregel {rule.house_rule}" + (" · sprak aan op deze reactie" if rule.id in fired else "")
        select.add_option(
            label=shorten(rule.title or rule.id, OPTION_LENGTH),
            value=rule_code(rule),
            description=shorten(about, OPTION_LENGTH),
        )
    view = View(timeout=None)
    view.add_item(ChoiceItem(select))
    return view


def window(action: ActionKind, case: Case, text: str, limit: int, rule: RemovalRule | None = None) -> Modal:
    """Return the window to write in, with `text` filled in and room for `limit` characters."""
    title, label = _TITLES[action]
    extra = rule_code(rule) if rule else ""
    modal = Modal(
        title=title,
        custom_id=WINDOW + callback_data(action, case.id, case.version, extra),
        timeout=WINDOW_LIVES_SECONDS,
    )
    most = min(limit, FIELD_LENGTH)
    modal.add_item(
        TextInput(
            label=label,
            custom_id=FIELD,
            style=discord.TextStyle.paragraph,
            default=text[:most],
            max_length=most,
            required=True,
        )
    )
    return modal


def written(data: Mapping[str, Any]) -> str:
    """Return what was written in a window."""
    return next((value for key, value in _values(data.get("components", ())) if key == FIELD), "")


def _values(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for item in components:
        if "components" in item:  # a row
            yield from _values(item["components"])
        elif "component" in item:  # a label
            yield from _values([item["component"]])
        elif "value" in item:
            yield item["custom_id"], item["value"]
