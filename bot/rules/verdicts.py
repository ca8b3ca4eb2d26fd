"""Yes, no or unknown, and how these add up in `alle`, `een` and `geen` (Kleene's three-valued logic).

Unknown is not clean, and it is not guilty either: a branch that already decides makes an unknown sibling harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.core.findings import Span
from bot.rules.inputs import Subject


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one condition says. `fired` None means not evaluated, and `why` says why."""

    fired: bool | None
    spans: tuple[Span, ...] = ()
    why: str = ""


Check = Callable[[Subject], Verdict]

YES = Verdict(True)
NO = Verdict(False)


def found(spans: Sequence[Span]) -> Verdict:
    """Return yes with these spans, or no without any."""
    return Verdict(bool(spans), tuple(spans))


def guarded(name: str, check: Check) -> Check:
    """Return `check`, with an exception turned into "not evaluated": one condition never takes the others down."""

    def run(subject: Subject) -> Verdict:
        try:
            return check(subject)
        except Exception as error:  # noqa: BLE001  whatever went wrong, the rule is not evaluated and says so
            return Verdict(None, why=f"voorwaarde `{name}` liep vast: {type(error).__name__}")

    return run


def all_of(checks: Sequence[Check]) -> Check:
    """Return the check that fires when every one of `checks` fires. One that does not decides: the rest is left."""

    def run(subject: Subject) -> Verdict:
        verdicts = []
        for check in checks:
            verdict = check(subject)
            if verdict.fired is False:
                return NO
            verdicts.append(verdict)
        return _unknown(verdicts) or Verdict(True, _spans(verdicts))

    return run


def any_of(checks: Sequence[Check]) -> Check:
    """Return the check that fires when at least one of `checks` fires, with the spans of all that do."""

    def run(subject: Subject) -> Verdict:
        verdicts = [check(subject) for check in checks]
        fired = [verdict for verdict in verdicts if verdict.fired]
        if fired:
            return Verdict(True, _spans(fired))
        return _unknown(verdicts) or NO

    return run


def none_of(checks: Sequence[Check]) -> Check:
    """Return the check that fires when none of `checks` fires. One that does decides: the rest is left."""

    def run(subject: Subject) -> Verdict:
        verdicts = []
        for check in checks:
            verdict = check(subject)
            if verdict.fired:
                return NO
            verdicts.append(verdict)
        return _unknown(verdicts) or YES

    return run


def _unknown(verdicts: Sequence[Verdict]) -> Verdict | None:
    whys = dict.fromkeys(verdict.why for verdict in verdicts if verdict.fired is None)
    return Verdict(None, why="; ".join(whys)) if whys else None


def _spans(verdicts: Sequence[Verdict]) -> tuple[Span, ...]:
    return tuple(sorted({span for verdict in verdicts for span in verdict.spans}))
