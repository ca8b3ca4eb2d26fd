"""Trap 13 on the shipped rules: every spelling of the table is found, at its exact place in the original text."""

from __future__ import annotations

import pytest

from bot.rules import RuleInput, RuleSet
from tests.rules.helpers import QUIET
from tests.text.evasions import ALONE, KILL, NOT_FOUND, SPELLINGS, THREATS

OFFENCES = [(word, spelling) for word, spellings in SPELLINGS.items() for spelling in spellings]
THREATENED = [(word, spelling) for word, spellings in THREATS.items() for spelling in spellings]


def found(rules: RuleSet, text: str) -> list[str]:
    """Return the stretches of the original that active rules point at."""
    result = rules.evaluate(RuleInput.of(text, language="nl", scores=QUIET))
    return [text[start:end] for hit in result.hits if hit.active for start, end in hit.spans]


def test_the_table_is_as_large_as_it_has_to_be() -> None:
    rows = [*OFFENCES, *THREATENED]
    assert len(rows) >= 120
    assert len({word for word, _ in rows}) >= 12
    assert len(set(rows)) == len(rows)
    assert [word for word, spelling in rows if spelling == word] == [], "a spelling is a disguise"


@pytest.mark.parametrize(("word", "spelling"), OFFENCES)
def test_a_disguised_offence_is_found_at_its_place(shipped: RuleSet, word: str, spelling: str) -> None:
    assert found(shipped, ALONE.format(spelling)) == [spelling]


@pytest.mark.parametrize(("word", "spelling"), OFFENCES)
def test_it_is_found_where_it_is_all_that_is_said(shipped: RuleSet, word: str, spelling: str) -> None:
    assert found(shipped, spelling) == [spelling]


@pytest.mark.parametrize(("word", "spelling"), THREATENED)
def test_a_disguised_threat_is_found_from_beginning_to_end(shipped: RuleSet, word: str, spelling: str) -> None:
    assert found(shipped, KILL.format(spelling)) == [f"Ik maak je {spelling}"]


@pytest.mark.parametrize("word", [*SPELLINGS, *THREATS])
def test_the_word_itself_is_what_the_rules_look_for(shipped: RuleSet, word: str) -> None:
    assert found(shipped, ALONE.format(word)) == ([word] if word in SPELLINGS else [])
    assert word not in THREATS or found(shipped, KILL.format(word)) == [f"Ik maak je {word}"]


@pytest.mark.parametrize("spelling", NOT_FOUND)
def test_what_is_said_to_get_past_does_get_past(shipped: RuleSet, spelling: str) -> None:
    assert found(shipped, ALONE.format(spelling)) == []
