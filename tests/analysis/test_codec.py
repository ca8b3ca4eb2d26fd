"""The stored form is lossless; the machine form is the contract's."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.analysis import analyse
from bot.core.analysis import Analysis, Decision, Suggestion
from bot.core.codec import FORMAT, dump, language_and_scores, load, to_json
from bot.core.errors import StoreError
from bot.core.findings import (
    TOXICITY_LABELS,
    Effect,
    FrameHit,
    FramingResult,
    RuleHit,
    RulesResult,
    ScorerPart,
    Severity,
    Tension,
    Tone,
    ToxicityResult,
)
from bot.engine import Engine
from bot.toxicity.combined import CombinedScorer, CombineRule
from tests.analysis.conftest import ROOT, message
from tests.toxicity.fixed import Fixed

SCHEMA = json.loads((ROOT / "docs" / "schema" / "analysis.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
CENTRE = "In maart opent het opvangcentrum voor asielzoekers in de Kerkstraat."

words = st.text(st.characters(), max_size=12)
names = st.from_regex(r"[a-z][a-z_]{0,10}", fullmatch=True)
spans = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=3).map(tuple)
scores = st.floats(0, 1)
maybe = st.none() | words
flags = st.lists(st.sampled_from(TOXICITY_LABELS), unique=True, max_size=3).map(tuple)
parts = st.builds(
    ScorerPart,
    words,
    words,
    st.dictionaries(st.sampled_from(TOXICITY_LABELS), scores),
    flags,
    maybe,
    st.booleans(),
)


@st.composite
def analyses(draw: st.DrawFn) -> Analysis:
    def several(strategy: st.SearchStrategy[Any]) -> tuple[Any, ...]:
        return tuple(draw(st.lists(strategy, max_size=3)))

    return Analysis(
        language=draw(st.sampled_from(["nl", "fr", "und"])),
        toxicity=ToxicityResult(
            draw(words),
            draw(words),
            draw(st.dictionaries(st.sampled_from(TOXICITY_LABELS), scores)),
            several(st.sampled_from(TOXICITY_LABELS)),
            draw(maybe),
            draw(st.dictionaries(st.sampled_from(TOXICITY_LABELS), spans)),
            *draw(st.just(((), ())) | st.tuples(st.lists(parts, min_size=2, max_size=3).map(tuple), flags)),
        ),
        framing=FramingResult(
            several(st.builds(FrameHit, names, scores, spans, st.booleans())),
            several(names),
            draw(st.sampled_from(Tone)),
            draw(st.sampled_from(Tension)),
            several(names),
            draw(words),
            draw(maybe),
        ),
        rules=RulesResult(
            draw(words),
            several(
                st.builds(
                    RuleHit, names, words, words, st.sampled_from(Severity), words,
                    st.frozensets(st.sampled_from(sorted(Effect))), words, spans,
                )
            ),
            draw(st.dictionaries(names, words)),
        ),
        decision=Decision(
            draw(st.booleans()),
            draw(st.none() | st.sampled_from(Severity)),
            draw(st.booleans()),
            draw(st.booleans()),
            several(words),
            several(words),
        ),
        suggestions=several(st.builds(Suggestion, words, maybe, maybe, words, st.lists(words).map(tuple))),
        fingerprint=draw(words),
        versions=draw(st.dictionaries(words, words)),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(analyses())
def test_what_is_stored_comes_back_whole(analysis: Analysis) -> None:
    stored = dump(analysis)
    assert stored.isascii()
    assert "\n" not in stored
    assert "\x00" not in stored
    assert load(stored) == analysis


def test_what_was_stored_before_scorers_could_be_joined_comes_back(engine: Engine) -> None:
    analysis = analyse(message("Wat een idioot ben jij"), engine)
    stored = dump(analysis)
    assert "parts" not in json.loads(stored)["toxicity"]
    assert load(stored) == analysis
    assert (load(stored).toxicity.parts, load(stored).toxicity.disagreement) == ((), ())


def test_what_several_scorers_said_follows_the_schema(engine: Engine) -> None:
    one, other = engine.scorer, Fixed("other", dict.fromkeys(TOXICITY_LABELS, 0.9), TOXICITY_LABELS)
    for rule in CombineRule:
        for second in (other, Fixed("other", error="duurde te lang")):
            joined = replace(engine, scorer=CombinedScorer([one, second], rule))
            analysis = analyse(message("Wanneer wordt het glas opgehaald?"), joined)
            machine = json.loads(json.dumps(to_json(analysis, id="1")))
            VALIDATOR.validate(machine)
            assert [part["scorer"] for part in machine["toxicity"]["parts"]] == [one.name, "other"]
            assert load(dump(analysis)) == analysis


@pytest.mark.parametrize(
    "stored",
    ["", "geen json", "[]", "{}", '{"format": 1}', '{"format": "een"}', "null"],
)
def test_what_is_no_analysis_is_refused(stored: str) -> None:
    with pytest.raises(StoreError, match="niet leesbaar"):
        load(stored)


def test_a_newer_form_says_to_upgrade(engine: Engine) -> None:
    stored = json.loads(dump(analyse(message("dag"), engine)))
    stored["format"] = FORMAT + 1
    with pytest.raises(StoreError, match="nieuwere versie"):
        load(json.dumps(stored))


@pytest.mark.parametrize(
    "text",
    [
        "Wat een achterlijke idioot ben jij",
        "Die gasten komen hier stelen, gooi ze buiten!",
        "Wanneer wordt het glas opgehaald?",
        "Merci pour votre aide",
        "",
        "\x00\ud800",
    ],
)
def test_the_machine_form_follows_the_schema(engine: Engine, text: str) -> None:
    machine = json.loads(json.dumps(to_json(analyse(message(text, post=CENTRE), engine), id="1")))
    VALIDATOR.validate(machine)


def test_the_machine_form_has_the_fields_of_the_contract(engine: Engine) -> None:
    machine = to_json(analyse(message("Klootzak, die asielzoekers zijn allemaal dieven!", post=CENTRE), engine), id="7")
    assert machine["id"] == "7"
    contract = {"id", "language", "toxicity", "frames", "tone", "values", "tension", "rules", "decision", "suggestions"}
    assert contract <= set(machine)
    assert set(machine["toxicity"]) == {"scorer", "version", "error", "scores", "flags"}
    assert tuple(machine["toxicity"]["scores"]) == TOXICITY_LABELS
    assert {"id", "score", "evidence"} <= set(machine["frames"][0])
    assert {"id", "severity", "status", "spans"} <= set(machine["rules"][0])
    assert {"alert", "severity", "suggest_reply", "not_evaluated", "reasons"} <= set(machine["decision"])
    assert {"text", "frame", "value", "checks"} <= set(machine["suggestions"][0])


def test_the_schema_is_well_formed_and_strict_enough() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert not VALIDATOR.is_valid({"id": "1"})
    assert VALIDATOR.is_valid({"id": "1", "error": "text ontbreekt"})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("tone",), "boos"),
        (("toxicity", "scores"), {}),  # no error, so every label is there
        (("decision", "not_evaluated"), ["toxiciteit"]),  # unknown is not clean: this must alert
        (("language",), ""),
    ],
)
def test_the_schema_refuses_what_the_contract_does_not_allow(
    engine: Engine, path: tuple[str, ...], value: object
) -> None:
    machine = to_json(analyse(message("Wanneer wordt het glas opgehaald?"), engine), id="1")
    target = machine
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    assert not VALIDATOR.is_valid(machine)


@given(analyses())
@settings(max_examples=50)
def test_language_and_scores_are_those_of_the_whole_analysis(analysis: Analysis) -> None:
    evaluated = analysis.toxicity.error is None
    expected = (analysis.language, analysis.toxicity.scores if evaluated else None)
    assert language_and_scores(dump(analysis)) == expected


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "geen json",
        "[]",
        "{}",
        f'{{"format": {FORMAT}}}',
        f'{{"format": {FORMAT}, "language": "nl", "toxicity": 7}}',
    ],
)
def test_language_and_scores_of_what_cannot_be_read_are_unknown(stored: str) -> None:
    assert language_and_scores(stored) == (None, None)


def test_language_and_scores_of_a_newer_program_are_unknown() -> None:
    toxicity = {"error": None, "scores": {"insult": 1.0}}
    newer = json.dumps({"format": FORMAT + 1, "language": "nl", "toxicity": toxicity})
    assert language_and_scores(newer) == (None, None)
