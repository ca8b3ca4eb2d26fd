"""A report in Dutch: what an administrator reads about each kind of change."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.cli.rules_backtest_words import in_dutch
from bot.rules import RuleSet
from bot.rules.backtest import Replayed, backtest
from tests.rules.replaying.builders import replayed, rule, rules, run, status

FILE = Path("nieuw.yaml")


def told(live: RuleSet | None, candidate: RuleSet, history: Iterable[Replayed], *, examples: int = 5) -> list[str]:
    report = run(live, candidate, history, examples=examples)
    return in_dutch(report, FILE, report.reactions).splitlines()


def test_a_part_says_first_of_all_that_it_is_a_part(tmp_path: Path) -> None:
    done: list[int] = []
    report = backtest(
        None,
        rules(tmp_path, rule("appel")),
        (replayed("appel") for _ in range(9)),
        on_progress=done.append,
        stop=lambda: len(done) >= 2,
    )
    assert in_dutch(report, FILE, 1234).splitlines()[0] == (
        "LET OP: dit is een deel. Er zijn 2 van de 1.234 reacties bekeken, de nieuwste eerst."
    )


def test_no_change_is_said_in_one_line(tmp_path: Path) -> None:
    same = rule("appel")
    lines = told(rules(tmp_path, same), rules(tmp_path, same), [replayed("appel", False)])
    assert "Geen enkele regel komt anders uit." in lines
    assert not any(line.startswith("regel:") for line in lines)


def test_without_decisions_it_says_so_instead_of_a_percentage(tmp_path: Path) -> None:
    lines = told(None, rules(tmp_path, rule("appel")), [replayed("appel")])
    assert "Mensen beslisten nog over geen enkele van deze reacties." in lines
    assert "  Terecht gemeld: daar is nog geen beslissing over." in lines
    assert not any("%" in line for line in lines[:-1])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            rule("appel", ernst="laag"),
            rule("appel", ernst="hoog"),
            ["  Andere ernst (van laag naar hoog): 1 reactie."],
        ),
        (
            rule("appel", doet="[markeer]"),
            rule("appel", doet="[meld_moderator, stel_verwijderen_voor]"),
            ["  Andere gevolgen (van markeren naar een moderator melden en verwijderen voorstellen): 1 reactie."],
        ),
        (
            rule("appel", extra=status("schaduw")),
            rule("appel"),
            [
                "  Status: van schaduw naar actief.",
                "  Andere gevolgen (van niets naar een moderator melden): 1 reactie.",
            ],
        ),
        (
            rule("appel"),
            rule("appel", extra=status("concept")),
            [
                "regel: Een titel (concept, ernst hoog)",
                "  Als dit concept meetelde, ging het 1 keer af (nu 1): 0 nieuw, 1 vervallen.",
            ],
        ),
        (
            rule("appel", name="oud"),
            rule("appel", name="nieuw"),
            [
                "nieuw: Een titel (actief, ernst hoog, nieuwe regel)",
                "  Gaat 1 keer af: 1 nieuw, 0 vervallen.",
                "oud: Een titel (actief, ernst hoog, regel die er niet meer in staat)",
                "  Gaat 0 keer af (nu 1): 0 nieuw, 1 vervallen.",
            ],
        ),
    ],
)
def test_each_kind_of_change_has_its_words(tmp_path: Path, before: str, after: str, expected: list[str]) -> None:
    lines = told(rules(tmp_path, before), rules(tmp_path, after), [replayed("appel"), replayed("peer")])
    assert [line for line in lines if line in expected] == expected


def test_what_is_found_of_what_people_acted_on_is_told_with_how_it_was(tmp_path: Path) -> None:
    live, candidate = rules(tmp_path, rule("appel")), rules(tmp_path, rule("peer"))
    history = [replayed(text, True, ground="regel") for text in ("appel", "peer", "nog een peer", "niets")]
    expected = "2 van 4, 50% (15% tot 85%); nu 1 van 4, 25% (5% tot 70%)."
    lines = told(live, candidate, history)
    assert f"  Gevonden van waar mensen ingrepen: {expected}" in lines
    assert f"  Gevonden van waar mensen om deze regel ingrepen: {expected}" in lines


def test_the_words_of_residents_stay_text_and_stay_short(tmp_path: Path) -> None:
    hostile = "appel\x1b[2J\n\u202e" + "x" * 400
    lines = told(None, rules(tmp_path, rule("appel")), [replayed(hostile, False)])
    (line,) = [line for line in lines if "appel" in line]
    assert line.isprintable()
    assert len(line) < 220
    assert line.endswith("…” (gevonden: appel)")


def test_an_example_is_shown_once_though_it_is_new_and_wrong(tmp_path: Path) -> None:
    lines = told(rules(tmp_path, rule("peer")), rules(tmp_path, rule("appel")), [replayed("een appel", False)])
    assert sum("een appel" in line for line in lines) == 1


def test_the_table_stands_in_columns_of_its_own_width(tmp_path: Path) -> None:
    candidate = rules(tmp_path, rule("appel", name="kort"), rule("peer", name="een-hele-lange-naam"))
    history = [replayed("appel", number < 3) for number in range(4)] + [replayed("niets", scores=None)]
    lines = told(None, candidate, history)
    at = lines.index("Alle regels")
    assert lines[at + 1 : at + 4] == [
        "  regel                keer            terecht",
        "  kort                    4  75% (30% tot 95%)",
        "  een-hele-lange-naam     0                  -",
    ]
