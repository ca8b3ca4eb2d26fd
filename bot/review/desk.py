"""The desk where people decide: one command in, one transaction, the case as it then is out.

Console, Discord and Telegram all come through `Desk.execute`, so a decision means the same wherever it was made. It
locks the case, checks right and version, writes the decision with its effects and the audit line, and only then lets
go: of two people who press at once, one decides and the other is told who did (trap 1).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import AuditEvent, AuditName
from bot.core.cases import ActionKind, Case, CaseKind, CaseState, Command, EffectKind
from bot.core.clock import Clock
from bot.core.errors import Refused
from bot.core.findings import Severity
from bot.core.people import Face, Person
from bot.review import machine
from bot.review.bulletin import Bulletin, Topic
from bot.review.intake import DELETED, EDITED
from bot.review.words import DONE
from bot.store import audit, casebook, clusters, outbox, people, views
from bot.store.casebook import NewCase, NewDecision
from bot.store.database import Database
from bot.store.outbox import NewEffect
from bot.store.types import storable

DEFAULT_TEXT_LIMIT = 2000  # characters; Discord's limit, the strictest of the platforms we know
NO_LONGER_NEEDED = "De reactie wordt verwijderd, dus een antwoord is niet meer nodig."


@dataclass(frozen=True, slots=True)
class RemovalRule:
    """A published house rule that a removal or a reminder can rest on. `reason` is what the author will read."""

    id: str
    title: str
    house_rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeskRules:
    """How this town works: times, limits and the house rules in force, with the hash of their file."""

    grace: timedelta
    claim: timedelta
    house_rules: Callable[[], Sequence[RemovalRule]]
    compose_warning: Callable[[RemovalRule], str]
    text_limits: Mapping[str, int]
    version: Callable[[], str] = str


class Desk:
    """Executes commands on cases."""

    def __init__(self, database: Database, clock: Clock, bulletin: Bulletin, rules: DeskRules) -> None:
        self._database = database
        self._clock = clock
        self._bulletin = bulletin
        self._rules = rules

    # ── looking ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def person_for(self, face: Face, platform_id: str) -> Person | None:
        """Return the colleague behind an account, None when nobody linked it."""
        async with self._database.read() as tx:
            return await people.by_account(tx, face, platform_id)

    async def case(self, case_id: int) -> Case | None:
        """Return a case as it is now."""
        async with self._database.read() as tx:
            return await views.case_by_id(tx, case_id)

    async def case_of_card(self, face: Face, ref: str) -> Case | None:
        """Return the case that a staff card shows."""
        async with self._database.read() as tx:
            case_id = await views.case_of_card(tx, face, ref)
            return None if case_id is None else await views.case_by_id(tx, case_id)

    async def queue(self, *, kinds: Collection[CaseKind] | None = None, limit: int = 100) -> tuple[Case, ...]:
        """Return the active cases, returned ones first, then the most serious, then the oldest."""
        async with self._database.read() as tx:
            ids = await views.queue_ids(tx, kinds or tuple(CaseKind), limit)
            return await views.load_cases(tx, ids)

    def allowed(self, person: Person, case: Case, now: datetime | None = None) -> tuple[ActionKind, ...]:
        """Return what `person` may do with `case` now, in the order of the buttons."""
        return machine.allowed(case, person, now or self._clock())

    def rules_for(self, case: Case) -> tuple[RemovalRule, ...]:
        """Return the house rules that a removal can rest on, those that fired first."""
        fired = [hit.id for hit in case.analysis.rules.hits] if case.analysis else []
        return tuple(sorted(self._rules.house_rules(), key=lambda rule: rule.id not in fired))

    def limit_for(self, case: Case) -> int:
        """Return how many characters a reply to this case may have."""
        return self._rules.text_limits.get(case.message.ref.channel, DEFAULT_TEXT_LIMIT)

    def warning_for(self, case: Case, rule_id: str = "") -> str:
        """Return the reminder of the house rules that would be placed for this rule (default: the first that fired)."""
        return self._rules.compose_warning(self._rule(case, rule_id))

    # ── deciding ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def execute(self, command: Command, person: Person, face: Face) -> Case:
        """Carry out `command` and return the case after it; raise Refused, in Dutch, when it may not be.

        A text of one's own that arrives twice, as after a crash, is taken once and not refused.
        """
        now = self._clock()
        async with self._database.write() as tx:
            row = await casebook.lock(tx, command.case_id)
            case = None if row is None else await views.case_by_id(tx, command.case_id)
            if case is None:
                raise Refused("Dit bericht bestaat niet meer.")
            if machine.same_text_again(case, command, person, face):
                return case
            if command.case_version != case.version:
                raise Refused(machine.moved_on(case))
            refusal = machine.why_not(case, person, command.action, now)
            if refusal is not None:
                raise Refused(refusal)
            await self._apply(tx, case, command, person, face, now)
            after = await views.case_by_id(tx, command.case_id)
        self._bulletin.ring(Topic.CASES, Topic.OUTBOX)
        assert after is not None
        return after

    async def _apply(
        self, tx: AsyncConnection, case: Case, command: Command, person: Person, face: Face, now: datetime
    ) -> None:
        match command.action:
            case ActionKind.CLAIM:
                until = now + self._rules.claim
                await casebook.touch(tx, case.id, now, claimed_by=person.id, claimed_until=until)
                await _log(tx, AuditName.CASE_CLAIMED, case, person, face, now)
            case ActionKind.RELEASE:
                await casebook.touch(tx, case.id, now, claimed_by=None, claimed_until=None)
                await _log(tx, AuditName.CASE_RELEASED, case, person, face, now)
            case ActionKind.ANOTHER:
                following = (case.suggestion_index + 1) % len(case.suggestions)
                await casebook.touch(tx, case.id, now, meaning=True, suggestion_index=following)
                await _log(tx, AuditName.SUGGESTION_TURNED, case, person, face, now)
            case ActionKind.UNDO:
                await self._undo(tx, case, person, face, now)
            case ActionKind.PROPOSE_REMOVAL:
                new = self._decision(case, command, person, face)
                proposal = await casebook.add_decision(tx, new, now)
                await casebook.touch(tx, case.id, now, meaning=True, proposal_id=proposal)
                await _log(tx, AuditName.REMOVAL_PROPOSED, case, person, face, now, rule=new.rule_id)
            case _:
                await self._decide(tx, case, command, person, face, now)

    async def _decide(
        self, tx: AsyncConnection, case: Case, command: Command, person: Person, face: Face, now: datetime
    ) -> None:
        new = self._decision(case, command, person, face)
        decision_id = await casebook.add_decision(tx, new, now)
        await self._set_in_motion(tx, case, new, decision_id, person, now)
        await casebook.touch(
            tx,
            case.id,
            now,
            meaning=True,
            state=CaseState.DECIDED,
            decision_id=decision_id,
            claimed_by=None,
            claimed_until=None,
            returned_because="",
        )
        if command.action is ActionKind.PASS_ON:
            await self._pass_on(tx, case, new, person, now)
        await _log(
            tx, AuditName.DECISION_MADE, case, person, face, now,
            action=command.action, rule=new.rule_id, edited=bool(new.original), decision=decision_id,
            **dict(new.versions or {}),
        )  # fmt: skip

    def _decision(self, case: Case, command: Command, person: Person, face: Face) -> NewDecision:
        """Return what is decided, checked; raise Refused when something needed is missing."""
        text = original = rule_id = ""
        reason = storable(command.reason).strip()
        limit = self.limit_for(case)
        suggested = case.suggestion.text if case.suggestion else ""
        match command.action:
            case ActionKind.APPROVE:
                text = machine.check_text(suggested, limit)
            case ActionKind.EDIT:
                text = machine.check_text(command.text, limit)
                original = suggested if suggested != text else ""
            case ActionKind.REMOVE | ActionKind.PROPOSE_REMOVAL:
                rule = self._rule(case, command.rule_id or (case.proposal.rule_id if case.proposal else ""))
                rule_id = rule.id
                proposed = case.proposal.reason if case.proposal and case.proposal.rule_id == rule.id else ""
                reason = machine.check_reason(reason or proposed or rule.reason)
            case ActionKind.WARN:
                rule = self._rule(case, command.rule_id)
                rule_id = rule.id
                text = machine.check_text(command.text or self._rules.compose_warning(rule), limit)
            case _:
                reason = reason[: machine.MAX_REASON]
        versions = dict(case.analysis.versions) if case.analysis else {}
        if rule_id and self._rules.version():
            versions["house_rules"] = self._rules.version()  # others may be in force than those that judged
        return NewDecision(
            case.id, command.action, person.id, face, text, original, rule_id, reason, versions
        )  # fmt: skip

    def _rule(self, case: Case, rule_id: str) -> RemovalRule:
        rules = self.rules_for(case)
        fired = {hit.id for hit in case.analysis.rules.hits} if case.analysis else set()
        for rule in rules:
            if rule.id == rule_id or (not rule_id and rule.id in fired):
                return rule
        raise Refused("Kies de huisregel waar het om gaat.")

    async def _set_in_motion(
        self, tx: AsyncConnection, case: Case, new: NewDecision, decision_id: int, person: Person, now: datetime
    ) -> None:
        members = await casebook.members(tx, case.id)
        kind = EffectKind.REMOVE if new.action is ActionKind.REMOVE else EffectKind.REPLY
        if kind is EffectKind.REPLY and not new.text:
            return
        # One reply answers a cluster of like reactions; a removal concerns each of them.
        targets = members if kind is EffectKind.REMOVE else members[:1]
        alive = [member for member in targets if member.deleted_at is None]
        if kind is EffectKind.REPLY and not alive:
            raise Refused("De reactie is verwijderd: er is niets meer om onder te antwoorden. Kies niet antwoorden.")
        for member in alive:
            newest = member.number == member.newest
            if not newest and case.state is not CaseState.RETURNED:
                continue  # edited meanwhile: the new text is judged on its own
            revision_pk = member.revision_pk if newest else await casebook.newest_revision(tx, member.message_pk)
            await outbox.put(
                tx,
                NewEffect(
                    kind=kind,
                    case_id=case.id,
                    decision_id=decision_id,
                    channel=case.message.ref.channel,
                    message_pk=member.message_pk,
                    revision_pk=revision_pk,
                    text=new.text,
                    not_before=now + self._rules.grace,
                ),
                now,
            )
        if kind is EffectKind.REMOVE:
            removed = [member.message_pk for member in targets]
            closed = await casebook.close_active(tx, removed, NO_LONGER_NEEDED, now, kind=CaseKind.REPLY)
            await _log_closed(tx, closed, person, now)

    async def _pass_on(self, tx: AsyncConnection, case: Case, new: NewDecision, person: Person, now: datetime) -> None:
        other = CaseKind.REPLY if case.kind is CaseKind.ALERT else CaseKind.ALERT
        note = f"{person.name} {DONE[ActionKind.PASS_ON]}" + (f": {new.reason}" if new.reason else ".")
        about = (await casebook.members(tx, case.id))[0]
        current = about.number == about.newest  # a case that came back may be about a text that was edited since
        revision_pk = about.revision_pk if current else await casebook.newest_revision(tx, about.message_pk)
        existing = await casebook.of_revision(tx, revision_pk, other)
        if existing is None:
            analysis = case.analysis if current else None
            suggestions = analysis.suggestions if analysis and other is CaseKind.REPLY else ()
            # As where such a case is first opened; what a colleague worries about does not come last in the queue.
            severity = (case.severity or Severity.MODERATE) if other is CaseKind.ALERT else None
            fingerprint = analysis.fingerprint if analysis else ""
            opened = NewCase(
                other, about.message_pk, revision_pk, severity, fingerprint,
                (note, *case.reasons), case.not_evaluated, suggestions,
            )  # fmt: skip
            await casebook.open_case(tx, opened, now)
            return
        values: dict[str, object] = {"reasons": [note, *existing.reasons]}
        if existing.state not in casebook.ACTIVE:
            there = await views.case_by_id(tx, existing.id)
            if there is not None and machine.carried_out(there):
                raise Refused(machine.moved_on(there))
            values |= {"state": CaseState.OPEN, "closed_because": "", "decision_id": None}
        await casebook.touch(tx, existing.id, now, meaning=True, **values)

    async def _undo(self, tx: AsyncConnection, case: Case, person: Person, face: Face, now: datetime) -> None:
        assert case.decision is not None
        if not await outbox.cancel(tx, case.decision.id, now):
            raise Refused("Te laat: dit is al uitgevoerd.")
        await casebook.undo_decision(tx, case.decision.id, person.id, now)
        await casebook.touch(tx, case.id, now, meaning=True, state=CaseState.OPEN, decision_id=None)
        if case.decision.action is ActionKind.REMOVE:
            await casebook.reopen(tx, case.id, NO_LONGER_NEEDED, now)
        await _log(tx, AuditName.DECISION_UNDONE, case, person, face, now, decision=case.decision.id)
        about = (await casebook.members(tx, case.id))[0]
        if about.deleted_at is None and about.number == about.newest:
            return
        row = await casebook.lock(tx, case.id)
        assert row is not None
        if not await clusters.goes_on(tx, row, EDITED if about.deleted_at is None else DELETED, now):
            await _log_closed(tx, [case.id], person, now)


async def _log(
    tx: AsyncConnection,
    name: AuditName,
    case: Case,
    person: Person,
    face: Face,
    now: datetime,
    **data: str | float | bool | None,
) -> None:
    await audit.append(tx, now, AuditEvent(name, person.name, case.id, None, {"via": face, **data}))


async def _log_closed(tx: AsyncConnection, closed: Sequence[int], person: Person, now: datetime) -> None:
    await audit.append(tx, now, *(AuditEvent(AuditName.CASE_CLOSED, person.name, case_id) for case_id in closed))
