"""Yes, no or unknown, and how these add up in `alle`, `een` and `geen` (Kleene's three-valued logic).

Unknown is not clean, and it is not guilty either: a branch that already decides makes an unknown sibling harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.core.findings import Span
from bot.rules.inputs import Subject
from bot.text.sieve import Needs, either


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one condition says. `fired` None means not evaluated, and `why` says why."""

    fired: bool | None
    spans: tuple[Span, ...] = ()
    why: str = ""


Check = Callable[[Subject], Verdict]


@dataclass(frozen=True, slots=True)
class Gated:
    """A check that cannot fire on a text that does not meet `needs`: there it need not be asked."""

    check: Check
    needs: Needs

    def __call__(self, subject: Subject) -> Verdict:
        """Ask the check."""
        return self.check(subject)


def needs_of(check: Check) -> Needs | None:
    """Return what has to stand in a text before `check` can fire there; None where nothing is known of that."""
    return check.needs if isinstance(check, Gated) else None


def _gated(check: Check, needs: Needs | None) -> Check:
    return check if needs is None else Gated(check, needs)


YES = Verdict(True)
NO = Verdict(False)


def found(spans: Sequence[Span]) -> Verdict:
    """Return yes with these spans, or no without any."""
    return Verdict(True, tuple(spans)) if spans else NO


def guarded(name: str, check: Check) -> Check:
    """Return `check`, with an exception turned into "not evaluated": one condition never takes the others down."""

    def run(subject: Subject) -> Verdict:
        try:
            return check(subject)
        except Exception as error:  # noqa: BLE001  whatever went wrong, the rule is not evaluated and says so
            return Verdict(None, why=f"voorwaarde `{name}` liep vast: {type(error).__name__}")

    return _gated(run, needs_of(check))


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

    # One that is certain not to fire decides, whatever the others say.
    known = [needs for check in checks if (needs := needs_of(check)) is not None]
    return _gated(run, min(known, key=lambda needs: len(needs.names) + len(needs.parts), default=None))


def any_of(checks: Sequence[Check]) -> Check:
    """Return the check that fires when at least one of `checks` fires, with the spans of all that do."""

    def run(subject: Subject) -> Verdict:
        verdicts = [check(subject) for check in checks]
        fired = [verdict for verdict in verdicts if verdict.fired]
        if fired:
            return Verdict(True, _spans(fired))
        return _unknown(verdicts) or NO

    known = [needs for check in checks if (needs := needs_of(check)) is not None]
    return _gated(run, either(known) if known and len(known) == len(checks) else None)


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
