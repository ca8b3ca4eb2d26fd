"""Throw files and texts at the house rules for as long as you like: `python -m benchmarks.fuzz_rules --minutes 10`.

Draws with hypothesis, from the strategies of the tests: the shipped files with mistakes in them, any bytes, rules of
random conditions, and any text. Whatever raises, hangs, or breaks what has to hold is a finding; it is shrunk and
printed, and the run goes on. Ends with the number of executions, what became of them, and exit status 1 where something
was found.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from bot.rules import RuleSet
from tests.rules.drawn import NODES, PAIRS, SUBJECTS
from tests.rules.helpers import file_text, rule_text
from tests.rules.holding import checked, evaluated
from tests.rules.mutants import Folder, folders, shipped
from tests.rules.test_narrower import hold_to_it
from tests.rules.test_properties import ANY_BYTES, MIRRORS, TEXTS, beside, hits, rule_set

SECONDS_FOR_ONE = 20  # of a single execution; longer counts as a hang
_ROUND = 200  # executions before another target has its turn


class HangError(AssertionError):
    """One execution took too long."""


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise HangError in the block when it takes longer than `seconds`."""

    def ring(number: int, frame: object) -> None:
        del number, frame
        raise HangError(f"longer than {seconds:.0f} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Tally:
    """What was executed, what became of it, and what was found."""

    def __init__(self) -> None:
        self.executions: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.messages: Counter[str] = Counter()
        self.findings: list[str] = []
        self.slowest = 0.0

    def accepted(self, rules: RuleSet | None) -> RuleSet | None:
        """Count whether files were accepted."""
        self.outcomes["files accepted" if rules is not None else "files refused"] += 1
        return rules

    def check(self, files: dict[str, bytes]) -> RuleSet | None:
        """Check files and count the kinds of diagnostics that they gave."""
        report = checked(files)
        for diagnostic in (*report.diagnostics, *report.warnings):
            self.messages["".join(diagnostic.message.split("`")[::2])[:60]] += 1
        return self.accepted(report.rule_set)


def targets(tally: Tally, house_rules: RuleSet) -> dict[str, Callable[..., None]]:
    """Return what is tried, each a function that hypothesis fills in."""

    @given(folders(), TEXTS)
    def shipped_files(folder: Folder, text: str) -> None:
        rules = tally.check(folder.files)
        if rules is not None:
            evaluated(rules, text)

    @given(ANY_BYTES, ANY_BYTES, ANY_BYTES)
    def any_bytes(rules: bytes, mirrors: bytes, words: bytes) -> None:
        tally.check({"huisregels.yaml": rules})
        tally.check(beside(spiegels_yaml=mirrors, dieren_txt=words))
        tally.check(beside(spiegels_yaml=MIRRORS + mirrors))
        head = f"lijsten:\n  dieren: {{bestand: dieren.txt}}\n{rules.decode('utf-8', 'replace')}"
        tally.check(
            {"huisregels.yaml": file_text(rule_text("{woorden: aap}"), head=head).encode(), "dieren.txt": words}
        )

    @given(NODES, NODES, NODES, SUBJECTS)
    def random_rules(one: Any, other: Any, added: Any, subject: Any) -> None:
        before, after = tally.accepted(rule_set([one, other])), rule_set([one, other, added])
        if before is not None and after is not None:
            old, new = hits(before, subject), hits(after, subject)
            assert {name: hit for name, hit in new.items() if name in old} == old

    @given(NODES, NODES, PAIRS, SUBJECTS, SUBJECTS)
    def soundness(one: Any, other: Any, pair: Any, first: Any, second: Any) -> None:
        a, b = pair
        parts = [
            ({"alle": [one, a]}, {"een": [b, other]}),
            ({"geen": [{"alle": [one, b]}]}, {"een": [{"geen": [a]}, other]}),
        ]
        hold_to_it([(one, other), (a, b), ({"geen": [a]}, b), (a, {"geen": [b]}), *parts], [first, second])

    @given(TEXTS)
    def any_text(text: str) -> None:
        evaluated(house_rules, text)

    return {target.__name__: target for target in (shipped_files, any_bytes, random_rules, soundness, any_text)}


def one_round(name: str, target: Any, tally: Tally, number: int) -> None:
    """Give a target its turn; note what it finds."""
    inner = target.hypothesis.inner_test

    def run(*args: Any, **kwargs: Any) -> None:
        tally.executions[name] += 1
        started = time.monotonic()
        with limited(SECONDS_FOR_ONE):
            inner(*args, **kwargs)
        tally.slowest = max(tally.slowest, time.monotonic() - started)

    target.hypothesis.inner_test = run
    profile = settings(
        max_examples=_ROUND,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    try:
        seed(number)(profile(target))()
    except Exception:  # noqa: BLE001  whatever it is, it is a finding
        finding = traceback.format_exc()
        tally.findings.append(name)
        print(f"── a finding in {name}, seed {number} ──\n{finding}", flush=True)
    finally:
        target.hypothesis.inner_test = inner


def main() -> int:
    """Run until the time is over; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=None, help="the same seed draws the same")
    arguments = parser.parse_args()
    first = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(2**32)
    tally = Tally()
    house_rules = checked(shipped()).rule_set
    assert house_rules is not None
    started = time.monotonic()
    number = first
    while time.monotonic() - started < 60 * arguments.minutes:
        for name, target in targets(tally, house_rules).items():
            one_round(name, target, tally, number)
            number += 1
            if time.monotonic() - started >= 60 * arguments.minutes:
                break
    minutes = (time.monotonic() - started) / 60
    print(
        f"seed {first}, {minutes:.1f} minutes, {tally.executions.total():,} executions; slowest {tally.slowest:.2f} s"
    )
    for kind, count in (*tally.executions.most_common(), *tally.outcomes.most_common()):
        print(f"  {kind}: {count:,}")
    print(f"  kinds of diagnostics seen: {len(tally.messages)}")
    print(f"findings: {len(tally.findings)}")
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
