"""What tests build with: a clock, messages, verdicts, people, and the review services on a real database.

`MemorySender` and `MemorySurface` implement the ports of `bot.review.ports` in memory; faults are set on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.core.analysis import Analysis, Decision, Suggestion
from bot.core.cases import ActionKind, Case, CaseKind, Command
from bot.core.errors import ChannelError, TargetGone
from bot.core.findings import FramingResult, RulesResult, Severity, ToxicityResult
from bot.core.messages import Author, Message, MessageKind, MessageRef
from bot.core.people import Face, Person, Role
from bot.review.bulletin import Bulletin
from bot.review.desk import Desk, DeskRules, RemovalRule
from bot.review.dispatch import Dispatcher
from bot.review.intake import Intake
from bot.review.ports import RemoveEffect, ReplyEffect, Sent
from bot.review.triage import Triage
from bot.store import people
from bot.store.database import Database

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GRACE = timedelta(seconds=10)
CLAIM = timedelta(minutes=15)
SECRET = b"only for tests"

RESPECT = RemovalRule("persoonlijke-belediging", "Geen persoonlijke aanvallen", "2. Respect", "Uw bericht scheldt.")
PRIVACY = RemovalRule("privacy", "Geen gegevens van anderen", "5. Privacy", "Uw bericht noemt een telefoonnummer.")


class FakeClock:
    """A clock that moves only when told to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


def message(
    text: str = "Dag allemaal",
    *,
    id: str = "101",  # noqa: A002 - read at every call as what it is: the message's id
    chat: str = "-100",
    channel: str = "demo",
    author: str = "u1",
    **changes: object,
) -> Message:
    """Return a resident's reaction."""
    base = Message(MessageRef(channel, chat, id), Author(author, "Marleen"), text, NOON)
    return replace(base, **changes)  # type: ignore[arg-type]


def post(
    text: str = "Nieuw zwembad",
    *,
    id: str = "100",  # noqa: A002 - as in `message`
    chat: str = "-100",
    channel: str = "demo",
) -> Message:
    """Return a post of the municipality."""
    return message(text, id=id, chat=chat, channel=channel, author="gemeente", kind=MessageKind.POST)


def verdict(
    *,
    alert: bool = False,
    reply: bool = False,
    severity: Severity | None = None,
    suggestions: Sequence[str] = ("Dank u voor uw vraag.", "Fijn dat u dit vraagt.", "Goed punt."),
    fingerprint: str = "",
    not_evaluated: tuple[str, ...] = (),
) -> Analysis:
    """Return an analysis that asks for an alert, a reply, both or nothing."""
    return Analysis(
        language="nl",
        toxicity=ToxicityResult("embedded", "1"),
        framing=FramingResult(),
        rules=RulesResult("hash-of-rules"),
        decision=Decision(
            alert=alert,
            severity=severity or (Severity.HIGH if alert else None),
            suggest_reply=reply,
            not_evaluated=not_evaluated,
            reasons=("Huisregel 2 (Respect): scheldt iemand uit.",) if alert else ("Een vraag.",),
        ),
        suggestions=tuple(Suggestion(text) for text in suggestions) if reply else (),
        fingerprint=fingerprint,
        versions={"rules": "hash-of-rules", "scorer": "embedded 1", "normaliser": "1"},
    )


def judge_by_words(message: Message) -> Analysis:
    """Judge by marker words, so that a test says in the text what should come of it."""
    words = message.text.lower()
    if "crash" in words:
        raise RuntimeError("the judge fell over")
    return verdict(
        alert="alarm" in words, reply="vraag" in words, fingerprint=words.strip() if "overval" in words else ""
    )


@dataclass
class MemorySender:
    """A platform in memory. `faults` are raised first, in order; `seen` survives, as a platform's memory does."""

    faults: list[ChannelError] = field(default_factory=list)
    after_effect: list[ChannelError] = field(default_factory=list)
    replies: dict[str, ReplyEffect] = field(default_factory=dict)
    sent: list[ReplyEffect] = field(default_factory=list)
    removed: list[RemoveEffect] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    find_fault: ChannelError | None = None

    async def reply(self, effect: ReplyEffect) -> Sent:
        self._fail()
        if effect.target.message_id in self.gone:
            raise TargetGone("weg")
        self.sent.append(effect)
        self.replies[effect.key] = effect
        if self.after_effect:
            raise self.after_effect.pop(0)
        return self._where(effect)

    async def remove(self, effect: RemoveEffect) -> None:
        self._fail()
        if effect.target.message_id in self.gone:
            raise TargetGone("weg")
        self.gone.add(effect.target.message_id)
        self.removed.append(effect)
        if self.after_effect:
            raise self.after_effect.pop(0)

    async def find(self, effect: ReplyEffect) -> Sent | None:
        if self.find_fault is not None:
            raise self.find_fault
        return self._where(effect) if effect.key in self.replies else None

    def _where(self, effect: ReplyEffect) -> Sent:
        number = 9000 + list(self.replies).index(effect.key)
        return Sent(str(number), f"https://example.invalid/{number}")

    def _fail(self) -> None:
        if self.faults:
            raise self.faults.pop(0)


@dataclass
class MemorySurface:
    """A staff channel in memory: `cards` maps a reference to the case that its card shows."""

    cards: dict[str, Case] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    posted: int = 0
    edited: int = 0
    faults: list[ChannelError] = field(default_factory=list)

    async def post(self, case: Case) -> str:
        self._fail()
        self.posted += 1
        ref = f"card-{self.posted}"
        self.cards[ref] = case
        return ref

    async def edit(self, ref: str, case: Case) -> None:
        self._fail()
        if ref not in self.cards:
            raise TargetGone("kaart weg")
        self.edited += 1
        self.cards[ref] = case

    async def say(self, text: str) -> None:
        self._fail()
        self.said.append(text)

    def _fail(self) -> None:
        if self.faults:
            raise self.faults.pop(0)


class Services:
    """The review services, wired as `bot.app` wires them, on one database."""

    def __init__(self, database: Database, clock: FakeClock, bulletin: Bulletin) -> None:
        self.database = database
        self.clock = clock
        self.bulletin = bulletin
        self.sender = MemorySender()
        self.intake = Intake(database, clock, bulletin, secret=SECRET)
        self.triage = Triage(database, clock, bulletin, judge_by_words, raid_window=timedelta(hours=1))
        self.desk = Desk(
            database,
            clock,
            bulletin,
            DeskRules(
                grace=GRACE,
                claim=CLAIM,
                house_rules=lambda: (RESPECT, PRIVACY),
                compose_warning=lambda rule: f"Graag aandacht voor onze huisregels. {rule.reason}",
                text_limits={"demo": 2000, "telegram": 4096},
            ),
        )
        senders = dict.fromkeys(("demo", "telegram", "discord"), self.sender)
        self.dispatcher = Dispatcher(database, clock, bulletin, senders)

    async def person(self, name: str = "An", *roles: Role, accounts: dict[Face, str] | None = None) -> Person:
        """Add a colleague (a moderator and community manager unless told otherwise)."""
        async with self.database.write() as tx:
            chosen = roles or (Role.MODERATOR, Role.COMMUNITY_MANAGER)
            person = await people.add(tx, name, chosen, self.clock())
            for face, platform_id in (accounts or {}).items():
                await people.link_account(tx, person.id, face, platform_id)
        return person

    async def receive(self, *incoming: Message) -> None:
        """Take messages in and judge them."""
        await self.intake.receive_all(incoming)
        while await self.triage.run_once():
            pass

    async def one(self, kind: CaseKind) -> Case:
        """Return the only active case on a desk."""
        (case,) = await self.desk.queue(kinds=[kind])
        return case

    async def do(
        self,
        action: ActionKind,
        case: Case,
        person: Person,
        *,
        face: Face = Face.WEB,
        text: str = "",
        rule_id: str = "",
        reason: str = "",
    ) -> Case:
        """Carry out a command on the case as `case` shows it."""
        command = Command(action, case.id, case.version, text, rule_id, reason)
        return await self.desk.execute(command, person, face)

    async def now_is(self, case: Case) -> Case:
        """Return the case as it is now."""
        found = await self.desk.case(case.id)
        assert found is not None
        return found

    async def dispatch(self, channel: str = "demo") -> None:
        """Let the grace time pass and send everything that is due."""
        self.clock.advance(GRACE)
        while not await self.dispatcher.step(channel):
            pass
