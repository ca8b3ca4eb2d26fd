"""A case as a card: what Discord, Telegram and the console show, and which buttons go with it. Pure.

The card carries all it takes to decide, without personal data: what a staff channel shows, it keeps. Lengths are cut
here for the reader; a platform's own limits are kept by its `staff` module. Nothing in a card is markup: faces show
every field as text (law 8).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.cases import ActionKind, Case, CaseKind, CaseState, EffectState
from bot.core.findings import Severity
from bot.review import machine
from bot.review.words import DONE, EFFECTS, KINDS, LABELS
from bot.text.personal import mask

Style = Literal["primary", "success", "danger", "secondary"]

_STYLES: dict[ActionKind, Style] = {
    ActionKind.APPROVE: "success",
    ActionKind.EDIT: "primary",
    ActionKind.FINE: "success",
    ActionKind.WARN: "primary",
    ActionKind.REMOVE: "danger",
    ActionKind.UNDO: "danger",
}
_BUTTONS = {
    CaseKind.REPLY: (ActionKind.APPROVE, ActionKind.EDIT, ActionKind.ANOTHER, ActionKind.DROP, ActionKind.PASS_ON),
    CaseKind.ALERT: (
        ActionKind.FINE,
        ActionKind.WARN,
        ActionKind.PROPOSE_REMOVAL,
        ActionKind.REMOVE,
        ActionKind.PASS_ON,
    ),
}
_CHANNELS = {"telegram": "Telegram", "discord": "Discord", "demo": "Demonstratie"}


@dataclass(frozen=True, slots=True)
class Button:
    """`action` on the case as this card shows it."""

    action: ActionKind
    label: str
    style: Style


@dataclass(frozen=True, slots=True)
class Card:
    """Everything on a card, in reading order. `harsh` says that the reaction had better be veiled.

    Personal data is masked in every part but `suggestion`: who approves a reply has to read what will be placed.
    """

    case_id: int
    version: int
    title: str
    severity: Severity | None
    where: str
    author: str
    reaction: str
    harsh: bool
    quoted: str
    post: str
    reasons: tuple[str, ...]
    suggestion: str
    suggestion_label: str
    status: str
    buttons: tuple[Button, ...]
    link: str
    reaction_link: str | None


def card_of(case: Case, *, now: datetime, console_url: str) -> Card:
    """Return the card of `case` for staff. Rights are checked when a button is pressed, not here."""
    count = f" ({case.like_count} gelijkaardige reacties)" if case.like_count > 1 else ""
    severity = f", ernst {case.severity.label}" if case.severity and case.kind is CaseKind.ALERT else ""
    return Card(
        case_id=case.id,
        version=case.version,
        title=f"{KINDS[case.kind]} {case.id}{severity}{count}",
        severity=case.severity if case.kind is CaseKind.ALERT else None,
        where=_where(case),
        author=case.message.author,
        reaction=mask(case.message.text),
        harsh=case.kind is CaseKind.ALERT,
        quoted=mask(case.quoted or case.forwarded),
        post=mask(case.post.text) if case.post else "",
        reasons=tuple(map(mask, case.reasons)),
        suggestion=_suggestion(case),
        suggestion_label=_suggestion_label(case),
        status=status_line(case, now),
        buttons=_buttons(case),
        link=f"{console_url}/zaken/{case.id}",
        reaction_link=case.message.link,
    )


def status_line(case: Case, now: datetime) -> str:
    """Return in one or two sentences where the case stands and who did what."""
    if case.state is CaseState.CLOSED:
        return "Afgesloten. " + (mask(case.reasons[-1]) if case.reasons else "")
    if case.state is CaseState.RETURNED:
        return f"Terug bij u. {case.returned_because}"
    if case.state is CaseState.DECIDED and case.decision is not None:
        return _decision_line(case)
    if case.claimed_by is not None and case.claimed_until is not None and case.claimed_until > now:
        return f"{case.claimed_by.name} behandelt dit."
    if case.proposal is not None:
        return f"{case.proposal.person} {DONE[case.proposal.action]}: {mask(case.proposal.reason)}"
    return "Wacht op een beslissing."


def callback_data(action: ActionKind, case_id: int, version: int, extra: str = "") -> str:
    """Return what a button carries: at most 64 bytes (Telegram's limit), also with `extra` of up to 20 characters."""
    parts = ["v1", _CODES[action], str(case_id), str(version)]
    return ":".join([*parts, extra] if extra else parts)


def parse_callback(data: str) -> tuple[ActionKind, int, int, str]:
    """Return (action, case id, version, extra) of a button; raise ValueError for anything that is not ours."""
    match = _CALLBACK.fullmatch(data)
    if match is None or match["code"] not in _BY_CODE:
        msg = "not a button of ours"
        raise ValueError(msg)
    return _BY_CODE[match["code"]], int(match["case"]), int(match["version"]), match["extra"] or ""


def shorten(text: str, limit: int, *, marker: str = "…") -> str:
    """Return `text` in at most `limit` characters, cut at a space where there is one near the end."""
    if len(text) <= limit:
        return text
    marker = marker[:limit]
    cut = text[: limit - len(marker)]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > len(cut) * 3 // 4 else cut).rstrip() + marker


_CODES = {
    ActionKind.APPROVE: "ok",
    ActionKind.EDIT: "ed",
    ActionKind.ANOTHER: "an",
    ActionKind.DROP: "dr",
    ActionKind.FINE: "fi",
    ActionKind.PROPOSE_REMOVAL: "pr",
    ActionKind.REMOVE: "rm",
    ActionKind.WARN: "wa",
    ActionKind.PASS_ON: "pa",
    ActionKind.CLAIM: "cl",
    ActionKind.RELEASE: "re",
    ActionKind.UNDO: "un",
}
_BY_CODE = {code: action for action, code in _CODES.items()}
_CALLBACK = re.compile(
    r"v1:(?P<code>[a-z]{2}):(?P<case>[1-9]\d{0,11}):(?P<version>[1-9]\d{0,8})(?::(?P<extra>[\w-]{1,20}))?", re.ASCII
)


def _where(case: Case) -> str:
    channel = _CHANNELS.get(case.message.ref.channel, case.message.ref.channel)
    return f"{channel} · {case.chat_name}" if case.chat_name else channel


def _suggestion(case: Case) -> str:
    if case.state is CaseState.DECIDED and case.decision is not None and case.decision.text:
        return case.decision.text
    return case.suggestion.text if case.kind is CaseKind.REPLY and case.suggestion else ""


def _suggestion_label(case: Case) -> str:
    if case.state is CaseState.DECIDED:
        return "Antwoord"
    if len(case.suggestions) > 1:
        return f"Voorstel {case.suggestion_index % len(case.suggestions) + 1} van {len(case.suggestions)}"
    return "Voorstel"


def _buttons(case: Case) -> tuple[Button, ...]:
    if machine.undoable(case):
        actions: tuple[ActionKind, ...] = (ActionKind.UNDO,)
    elif case.state in {CaseState.OPEN, CaseState.RETURNED}:
        actions = _BUTTONS[case.kind]
        if case.suggestion is None:
            actions = tuple(action for action in actions if action is not ActionKind.APPROVE)
        if len(case.suggestions) < 2:
            actions = tuple(action for action in actions if action is not ActionKind.ANOTHER)
    else:
        actions = ()
    return tuple(Button(action, LABELS[action], _STYLES.get(action, "secondary")) for action in actions)


def _decision_line(case: Case) -> str:
    assert case.decision is not None
    line = f"{case.decision.person} {DONE[case.decision.action]}."
    for effect in case.decision.effects[:1]:
        line += f" {effect.kind.value.capitalize()}: {EFFECTS[effect.state]}."
        if effect.state in {EffectState.FAILED, EffectState.UNCERTAIN, EffectState.WAITING} and effect.error:
            line += f" {effect.error}"
        if effect.link:
            line += f" {effect.link}"
    return line
