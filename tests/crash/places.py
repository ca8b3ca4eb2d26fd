"""The places where the service is killed, by the stage of a reaction's journey, and how often at each."""

from __future__ import annotations

from enum import StrEnum

SLOT = 64  # bytes of a place's name in the witness file


class Place(StrEnum):
    """A place is passed once for each message, verdict, decision or effect. `tests.crash.seams` says where it is."""

    HANDED_OVER = "receive: handed over"  # the platform gave it, nothing was done with it
    STORE_BEFORE = "store: before"
    STORE_UNCOMMITTED = "store: uncommitted"
    STORE_COMMITTED = "store: committed"
    UNCONFIRMED = "store: unconfirmed"  # Telegram: stored, and the next offset not asked for
    JUDGE_BEFORE = "analyse: before"
    JUDGED = "analyse: begin"  # the verdict is there, its transaction is not
    JUDGE_UNCOMMITTED = "analyse: uncommitted"
    JUDGE_COMMITTED = "analyse: committed"
    CARD_POSTED = "card: posted"  # Telegram: the card is there, the store does not know
    DECIDE_BEFORE = "decide: before"
    DECIDE_UNCOMMITTED = "decide: uncommitted"
    DECIDE_COMMITTED = "decide: committed"
    ANSWERING = "decide: answering"  # on its way to tell the person
    ANSWERED = "decide: answered"  # Telegram: told, and the press not confirmed
    SEND_BEFORE = "send: before"
    CLAIM_UNCOMMITTED = "claim: uncommitted"
    CLAIMED = "claim: committed"  # it says `bezig`, and nothing was asked
    FLYING = "send: flying"  # the platform is being asked
    PLACED = "send: placed"  # the platform did it, the store does not know
    REMOVED = "remove: done"  # the same, of a removal
    LOOKING = "send: looking"  # after a restart, before looking what came of it
    SETTLE_UNCOMMITTED = "settle: uncommitted"
    SETTLED = "settle: committed"


STAGES = ("receive", "store", "analyse", "decide", "send")
_STAGE_OF = {"card": "decide", "claim": "send", "settle": "send", "remove": "send"}

LAGS = {Place.FLYING: 0.02, Place.ANSWERING: 0.03}
"""Seconds: at most so long after these places the process dies, at random."""


def stage_of(place: str) -> str:
    """Return the stage that a place belongs to."""
    word = place.partition(":")[0]
    return _STAGE_OF.get(word, word)


P = Place
_DECIDE = (P.DECIDE_BEFORE, P.DECIDE_UNCOMMITTED, P.DECIDE_COMMITTED, P.ANSWERING)
_ANALYSE = (P.JUDGE_BEFORE, P.JUDGED, P.JUDGE_UNCOMMITTED, P.JUDGE_COMMITTED)
# In this order: an effect that is found in `bezig` is looked for, and a process may die over that too.
_SEND = (
    P.SEND_BEFORE,
    P.CLAIM_UNCOMMITTED,
    P.CLAIMED,
    P.LOOKING,
    P.FLYING,
    P.PLACED,
    P.LOOKING,
    P.SETTLE_UNCOMMITTED,
    P.SETTLED,
    P.REMOVED,
)

PLAN: dict[str, dict[str, tuple[Place, ...]]] = {
    "telegram": {
        "receive": (P.HANDED_OVER, P.HANDED_OVER, P.STORE_BEFORE) * 6,
        "store": (P.STORE_UNCOMMITTED, P.STORE_COMMITTED, P.UNCONFIRMED) * 5,
        "analyse": _ANALYSE * 4,
        "decide": (*_DECIDE, P.ANSWERED, P.CARD_POSTED) * 3,
        "send": _SEND * 3,
    },
    "demo": {
        "receive": (P.HANDED_OVER, P.HANDED_OVER, P.STORE_BEFORE) * 5,
        "store": (P.STORE_UNCOMMITTED, P.STORE_COMMITTED) * 6,
        "analyse": _ANALYSE * 3,
        "decide": _DECIDE * 4,
        "send": _SEND * 3,
    },
}
"""Kills at exact places, by channel and stage."""

AT_RANDOM = 30
"""Kills at random times, for each channel: while it starts, and while it works."""

AS_STARTED = 8
"""Kills at random times of `verbinder run` as a person starts it, for each channel."""


def kills_planned() -> int:
    """Return how many kills there are in all."""
    exact = sum(len(places) for stages in PLAN.values() for places in stages.values())
    return exact + len(PLAN) * (AT_RANDOM + AS_STARTED)
