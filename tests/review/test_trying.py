"""Trying a text on rules that need not be in force: with what judges now, on the town's clock, and nothing is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.errors import Refused
from bot.core.messages import AuthorRole
from bot.review.trying import Tried, read_example, try_rules
from bot.rules.explain import RuleExplanation
from bot.rules.files import RuleFiles
from tests.builders import Services
from tests.review.rule_town import BAD, GOOD, RuleTown, read_all
from tests.rules.helpers import file_text, rule_text

NIGHT = datetime(2026, 1, 31, 22, 30, tzinfo=UTC)  # a Saturday: 23:30 in Brussels


@pytest.fixture
def town(sqlite_services: Services, tmp_path: Path) -> RuleTown:
    return RuleTown.build(sqlite_services, tmp_path)


def tried(town: RuleTown, text: str, rules: str, **given: object) -> Tried:
    files = RuleFiles(town.path, text=rules.encode())
    return try_rules(town.engine(), read_example({"tekst": text, **given}), files, NIGHT)


def only(outcome: Tried) -> RuleExplanation:
    assert outcome.explanation is not None
    (item,) = outcome.explanation.rules
    return item


def test_rules_that_nobody_saved_are_tried_with_the_lists_on_the_disk(town: RuleTown) -> None:
    before = read_all(town.path.parent)
    assert only(tried(town, "een aap", GOOD.replace("hoog", "laag"))).because == ("woord uit @dieren gevonden: “aap”",)
    assert read_all(town.path.parent) == before


def test_rules_that_cannot_be_read_are_told_with_their_mistakes(town: RuleTown) -> None:
    outcome = tried(town, "een aap", BAD)
    assert outcome.explanation is None
    assert [(problem.line, problem.column) for problem in outcome.report.diagnostics] == [(8, 12)]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "geschreven op zaterdag om 23:30; de regel kijkt op zaterdag"),
        ({"moment": "12:15"}, "geschreven op woensdag om 12:15; de regel kijkt op zaterdag"),
    ],
)
def test_without_a_moment_it_is_now_on_the_clock_of_the_town(
    town: RuleTown, given: dict[str, object], said: str
) -> None:
    item = only(tried(town, "noot", file_text(rule_text("{alle: [{woorden: noot}, {tijd: {dagen: [za]}}]}")), **given))
    assert said in item.because


def test_a_scorer_that_says_it_failed_or_that_raises_leaves_it_unknown(
    town: RuleTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    toxic = file_text(rule_text("{toxiciteit: {label: insult, vanaf: 0.05}}"))
    assert only(tried(town, "x", toxic)).fired is True
    town.scorer.down = True
    assert only(tried(town, "x", toxic)).fired is None

    def broken(texts: object) -> object:
        raise RuntimeError

    engine = town.engine()  # of rules that need no scores
    monkeypatch.setattr(town.scorer, "score", broken)
    outcome = try_rules(engine, read_example({"tekst": "x"}), RuleFiles(town.path, text=toxic.encode()), NIGHT)
    assert (only(outcome).fired, outcome.toxicity.error) == (None, "fout: RuntimeError")


def test_what_is_left_empty_is_as_in_an_example_without_it() -> None:
    example = read_example({"tekst": "x", "rol": "", "kanaal": "", "moment": "", "bijlagen": [], "eerder": []})
    assert (AuthorRole(example.rol), example.moment, example.bijlagen) == (AuthorRole.RESIDENT, None, ())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "de sleutel `tekst` ontbreekt"),
        ({"tekst": "x", "moment": "23"}, r"moment: `23` is geen tijdstip \(bedoelt u `23:00`\?\)"),
        ({"tekst": "x", "eerder": [{"wie": "ander", "aantal": "veel"}]}, "`veel` is geen geheel getal"),
    ],
)
def test_what_cannot_be_is_refused_in_plain_words(given: dict[str, object], said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_example(given)
