"""Answer to what colleagues press, choose and write on Discord.

Each interaction is answered within Discord's three seconds: what only decides is acknowledged first and carried out
then; what needs a window looks the case up within a budget. What may be decided is settled by the desk alone; a
refusal is shown to that person and nobody else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from traceback import extract_tb
from typing import Any

import discord
import structlog

from bot.channels.discord import items
from bot.channels.discord.errors import PLATFORM_ERRORS
from bot.channels.discord.plain import plain
from bot.channels.discord.render import queue_embed
from bot.channels.discord.sender import MESSAGE_LIMIT
from bot.core.cases import ActionKind, Case, Command
from bot.core.clock import Clock
from bot.core.errors import Refused
from bot.core.people import Face, Person
from bot.review import machine
from bot.review.card import parse_callback, shorten
from bot.review.desk import Desk, RemovalRule

LOOK_UP_WITHIN_SECONDS = 2.0  # of the three that Discord gives
QUEUE_LIMIT = 100
KEPT_TEXT = 1500  # units of a refused text that are given back to its writer

BUSY = "Verbinder heeft het even druk. Er is niets beslist; probeer het zo meteen opnieuw."
BROKEN = "Er ging iets mis in Verbinder. Kijk op de kaart of in de console of uw beslissing er staat."
NO_RULES = "Er zijn geen huisregels ingesteld, en zonder huisregel kan dit niet. Een beheerder kan ze toevoegen."
_DONE = {
    ActionKind.WARN: "De herinnering staat klaar.",
    ActionKind.PROPOSE_REMOVAL: "Uw voorstel staat op de kaart.",
    ActionKind.REMOVE: "De reactie wordt zo meteen verwijderd. Op de kaart kunt u dit nog ongedaan maken.",
}
_WITH_WINDOW = frozenset({ActionKind.EDIT, *_DONE})

Interaction = discord.Interaction[Any]
_log = structlog.get_logger(__name__)


class Controls:
    """Handles every interaction of the client."""

    def __init__(self, desk: Desk, clock: Clock, *, console_url: str) -> None:
        self._desk = desk
        self._clock = clock
        self._console_url = console_url

    async def handle(self, interaction: Interaction) -> None:
        """Answer one press, choice or window; one that is not ours is left alone."""
        data: Mapping[str, Any] = interaction.data or {}
        custom_id = str(data.get("custom_id", ""))
        try:
            if items.CARD_ID.fullmatch(custom_id):
                await self._pressed(interaction, custom_id)
            elif custom_id.startswith(items.CHOICE):
                await self._chosen(interaction, custom_id.removeprefix(items.CHOICE), data.get("values", [""])[0])
            elif custom_id.startswith(items.WINDOW):
                await self._written(interaction, custom_id.removeprefix(items.WINDOW), items.written(data))
        except Exception as error:  # noqa: BLE001 - nobody else hears of it, and the person waits for an answer
            await self._failed(interaction, error)

    async def queue(self, interaction: Interaction) -> None:
        """Answer `/wachtrij` with what waits for a decision."""
        try:
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self._person(interaction)
            cases = await self._desk.queue(limit=QUEUE_LIMIT)
            embed = queue_embed(cases, now=self._clock(), console_url=self._console_url)
            await interaction.followup.send(embed=embed, ephemeral=True)
        except Exception as error:  # noqa: BLE001 - as above
            await self._failed(interaction, error)

    async def _pressed(self, interaction: Interaction, callback: str) -> None:
        action, case_id, version, _ = parse_callback(callback)
        if action not in _WITH_WINDOW:
            await interaction.response.defer()
            person = await self._person(interaction)
            await self._desk.execute(Command(action, case_id, version), person, Face.DISCORD)
            return
        case = await self._case_for(interaction, action, case_id, version)
        if action is ActionKind.EDIT:
            text = case.suggestion.text if case.suggestion else ""
            await interaction.response.send_modal(items.window(action, case, text, self._desk.limit_for(case)))
            return
        rules = self._rules(case)
        if not rules:
            raise Refused(NO_RULES)
        fired = frozenset(hit.id for hit in case.analysis.rules.hits) if case.analysis else frozenset()
        view = items.rule_list(action, case, rules, fired)
        await interaction.response.send_message("Om welke huisregel gaat het?", view=view, ephemeral=True)

    async def _chosen(self, interaction: Interaction, callback: str, code: str) -> None:
        action, case_id, version, _ = parse_callback(callback)
        case = await self._case_for(interaction, action, case_id, version)
        rule = self._rule(case, code)
        if action is ActionKind.WARN:
            text, limit = self._desk.warning_for(case, rule.id), self._desk.limit_for(case)
        else:
            proposed = case.proposal if case.proposal and case.proposal.rule_id == rule.id else None
            text, limit = (proposed.reason if proposed else rule.reason), machine.MAX_REASON
        await interaction.response.send_modal(items.window(action, case, text, limit, rule))

    async def _written(self, interaction: Interaction, callback: str, text: str) -> None:
        action, case_id, version, code = parse_callback(callback)
        await interaction.response.defer()
        try:
            person = await self._person(interaction)
            rule_id = ""
            if code:
                rule_id = self._rule(await self._case(case_id), code).id
            removing = action in {ActionKind.REMOVE, ActionKind.PROPOSE_REMOVAL}
            words = {"reason": text} if removing else {"text": text}
            command = Command(action, case_id, version, rule_id=rule_id, **words)
            await self._desk.execute(command, person, Face.DISCORD)
        except Refused as refusal:
            # What they wrote is not lost: it is theirs, and only they see it.
            raise Refused(f"{refusal}\n\nUw tekst was:\n{plain(text, KEPT_TEXT)}") from refusal
        if interaction.message is not None and interaction.message.flags.ephemeral and action in _DONE:
            await interaction.edit_original_response(content=_DONE[action], view=None)

    async def _case_for(self, interaction: Interaction, action: ActionKind, case_id: int, version: int) -> Case:
        """Return the case, or refuse what the desk would refuse later, before anybody writes a text for it."""
        async with asyncio.timeout(LOOK_UP_WITHIN_SECONDS):
            person = await self._person(interaction)
            case = await self._case(case_id)
        if case.version != version:
            raise Refused(machine.moved_on(case))
        refusal = machine.why_not(case, person, action, self._clock())
        if refusal is not None:
            raise Refused(refusal)
        return case

    async def _case(self, case_id: int) -> Case:
        case = await self._desk.case(case_id)
        if case is None:
            raise Refused("Dit bericht bestaat niet meer.")
        return case

    async def _person(self, interaction: Interaction) -> Person:
        person = await self._desk.person_for(Face.DISCORD, str(interaction.user.id))
        if person is None:
            raise Refused(
                "Verbinder kent u nog niet, dus u kunt hier niet beslissen.",
                remedy=f"Geef uw Discord-id {interaction.user.id} aan een beheerder; die koppelt u met "
                "‘verbinder people link’.",
            )
        return person

    def _rules(self, case: Case) -> tuple[RemovalRule, ...]:
        proposed = case.proposal.rule_id if case.proposal else ""
        return tuple(sorted(self._desk.rules_for(case), key=lambda rule: rule.id != proposed))

    def _rule(self, case: Case, code: str) -> RemovalRule:
        for rule in self._desk.rules_for(case):
            if items.rule_code(rule) == code:
                return rule
        raise Refused("Die huisregel bestaat niet meer. Kies opnieuw.")

    async def _failed(self, interaction: Interaction, error: Exception) -> None:
        """Tell the person why nothing happened; what nobody foresaw is logged by its place."""
        if isinstance(error, Refused):
            text = str(error)
        elif isinstance(error, PLATFORM_ERRORS) and not isinstance(error, TimeoutError):
            # Most often too late to answer: Discord told the person already, and nothing was decided.
            _log.warning("discord interaction not answered", kind=type(error).__name__)
            return
        elif isinstance(error, TimeoutError):
            text = BUSY
        else:
            frame = extract_tb(error.__traceback__)[-1]
            at = f"{frame.filename}:{frame.lineno}"
            _log.error("discord interaction failed", kind=type(error).__name__, at=at)
            text = BROKEN
        try:
            await self._tell(interaction, text)
        except PLATFORM_ERRORS as silent:
            _log.warning("discord interaction not answered", kind=type(silent).__name__)

    @staticmethod
    async def _tell(interaction: Interaction, text: str) -> None:
        nobody = discord.AllowedMentions.none()
        text = shorten(text, MESSAGE_LIMIT)
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True, allowed_mentions=nobody)
        else:
            await interaction.response.send_message(text, ephemeral=True, allowed_mentions=nobody)
