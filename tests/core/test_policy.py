"""What findings add up to, row by row, with the reason beside each row."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.findings import (
    FRAME_EFFECTS,
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
from bot.core.policy import WHOLE_RULE_FILE, decide

CLEAN = ToxicityResult("embedded", "1", dict.fromkeys(TOXICITY_LABELS, 0.0))
PLAIN = FramingResult()
NO_RULES = RulesResult("hash")
SUGGESTS = {
    "vijandige_indringer": frozenset({Effect.SUGGEST_REPLY, Effect.MARK}),
    "controle": frozenset({Effect.SUGGEST_REPLY}),
}


def rule(*effects: Effect, status: str = "actief", severity: Severity = Severity.HIGH, id_: str = "r") -> RuleHit:
    return RuleHit(id_, "Geen persoonlijke aanvallen", "2. Respect", severity, status, frozenset(effects), "Waarom.")


def flagged(*labels: str) -> ToxicityResult:
    return replace(CLEAN, scores=dict.fromkeys(labels, 0.9), flags=labels)


def framed(*ids: str, tone: Tone = Tone.NEUTRAL) -> FramingResult:
    return FramingResult(frames=tuple(FrameHit(id_, 0.9, ((0, 3),)) for id_ in ids), tone=tone)


INDRINGER = framed("vijandige_indringer")


@pytest.mark.parametrize(
    ("rules", "toxicity", "framing", "alert", "reply", "severity"),
    [
        # nothing found
        (NO_RULES, CLEAN, PLAIN, False, False, None),
        # a rule that reports
        (RulesResult("h", (rule(Effect.ALERT_MODERATOR),)), CLEAN, PLAIN, True, False, Severity.HIGH),
        # a shadow rule is only counted
        (RulesResult("h", (rule(Effect.ALERT_MODERATOR, status="schaduw"),)), CLEAN, PLAIN, False, False, None),
        # a rule that only asks for a reply raises no alert
        (RulesResult("h", (rule(Effect.SUGGEST_REPLY),)), CLEAN, PLAIN, False, True, None),
        # removal is proposed to a person, so a person must see it
        (RulesResult("h", (rule(Effect.PROPOSE_REMOVAL),)), CLEAN, PLAIN, True, False, Severity.HIGH),
        # marking alone asks nobody for anything
        (RulesResult("h", (rule(Effect.MARK),)), CLEAN, PLAIN, False, False, None),
        # a flag without a rule is reported as well
        (NO_RULES, flagged("toxicity", "insult"), PLAIN, True, False, Severity.MODERATE),
        # the gravest counts
        (NO_RULES, flagged("insult", "identity_attack"), PLAIN, True, False, Severity.HIGH),
        # a frame alone never alerts (law 2), whatever its effects
        (NO_RULES, CLEAN, INDRINGER, False, True, None),
        # a frame that the town does not act on
        (NO_RULES, CLEAN, framed("win_win"), False, False, None),
        # an insult that also tells a frame has silent readers
        (NO_RULES, flagged("insult"), INDRINGER, True, True, Severity.MODERATE),
        # a threat is no conversation
        (NO_RULES, flagged("threat"), INDRINGER, True, False, Severity.CRITICAL),
        # civil worries and questions come first
        (NO_RULES, CLEAN, FramingResult(tone=Tone.WORRY), False, True, None),
        (NO_RULES, CLEAN, FramingResult(tone=Tone.QUESTION), False, True, None),
        # criticism with a subject can be answered, without one it cannot
        (NO_RULES, CLEAN, FramingResult(tone=Tone.CRITICISM, topics=("afval",)), False, True, None),
        (NO_RULES, CLEAN, FramingResult(tone=Tone.CRITICISM), False, False, None),
        (NO_RULES, CLEAN, FramingResult(tone=Tone.CRITICISM, tension=Tension.CONFLICT), False, True, None),
        # who only insults gets no reply, also not when it is put as a question
        (NO_RULES, flagged("insult"), FramingResult(tone=Tone.QUESTION), True, False, Severity.MODERATE),
        # friendly words need no answer
        (NO_RULES, CLEAN, FramingResult(tone=Tone.CONNECTING), False, False, None),
        # what failed is never clean (law 3, trap 10)
        (NO_RULES, replace(CLEAN, scores={}, error="duurde te lang"), PLAIN, True, False, Severity.MODERATE),
        (NO_RULES, CLEAN, FramingResult(error="stuk"), True, False, Severity.MODERATE),
        (RulesResult("h", not_evaluated={"r": "stuk"}), CLEAN, PLAIN, True, False, Severity.MODERATE),
    ],
)
def test_findings_add_up(
    rules: RulesResult,
    toxicity: ToxicityResult,
    framing: FramingResult,
    alert: bool,
    reply: bool,
    severity: Severity | None,
) -> None:
    decision = decide(rules, toxicity, framing, frame_effects=SUGGESTS)
    assert (decision.alert, decision.suggest_reply, decision.severity) == (alert, reply, severity)


def test_reasons_are_dutch_sentences_in_a_fixed_order() -> None:
    decision = decide(
        RulesResult("h", (rule(Effect.ALERT_MODERATOR),), {"klok": "de regel liep vast"}),
        flagged("toxicity", "insult"),
        framed("vijandige_indringer", tone=Tone.HOSTILE),
        frame_effects=SUGGESTS,
        frame_names={"vijandige_indringer": "de vijandige indringer"},
    )
    assert decision.reasons == (
        "Huisregel 2 (Respect): Geen persoonlijke aanvallen",
        "Toxiciteit: belediging van een persoon (0,90)",
        "Kader: de vijandige indringer",
        "Niet beoordeeld: huisregel klok (de regel liep vast)",
    )
    assert decision.not_evaluated == ("regel:klok",)


def test_every_failed_check_is_named() -> None:
    decision = decide(
        RulesResult("h", not_evaluated={WHOLE_RULE_FILE: "stuk"}),
        ToxicityResult("embedded", "1", error="duurde te lang"),
        FramingResult(error="stuk"),
        frame_effects={},
        unseen={"einde van de tekst": "12 tekens te lang"},
    )
    assert set(decision.not_evaluated) == {"einde van de tekst", "toxiciteit", "regels", "kaders"}
    assert "Niet beoordeeld: toxiciteit (duurde te lang)" in decision.reasons


def test_a_score_of_a_failed_scorer_means_nothing() -> None:
    broken = ToxicityResult("embedded", "1", {"threat": 0.99}, ("threat",), error="stuk")
    decision = decide(NO_RULES, broken, PLAIN, frame_effects={})
    assert decision.severity is Severity.MODERATE
    assert not any("bedreiging" in reason for reason in decision.reasons)


TWO = (
    ScorerPart("embedded", "1", {"insult": 0.2, "toxicity": 0.2}),
    ScorerPart("detoxify", "1", {"insult": 0.8, "toxicity": 0.9}, ("insult", "toxicity")),
)


def test_scorers_that_contradict_each_other_are_named_in_one_line_that_alerts_nobody() -> None:
    toxicity = replace(CLEAN, parts=TWO, disagreement=("toxicity", "insult"))
    decision = decide(NO_RULES, toxicity, PLAIN, frame_effects={})
    assert decision.reasons == (
        "De scorers zijn het niet eens over belediging van een persoon (embedded 0,20; detoxify 0,80)",
    )
    assert (decision.alert, decision.severity) == (False, None)
    general = decide(NO_RULES, replace(toxicity, disagreement=("toxicity",)), PLAIN, frame_effects={})
    assert general.reasons == ("De scorers zijn het niet eens over kwetsende taal (embedded 0,20; detoxify 0,90)",)


def test_a_scorer_that_has_a_say_and_fails_alerts_and_is_named() -> None:
    silent = ScorerPart("detoxify", "1", error="duurde te lang")
    decision = decide(NO_RULES, replace(CLEAN, parts=(TWO[0], silent)), PLAIN, frame_effects={})
    assert (decision.alert, decision.not_evaluated) == (True, ("toxiciteit:detoxify",))
    assert decision.reasons == ("Niet beoordeeld: toxiciteit volgens detoxify (duurde te lang)",)
    shown = replace(CLEAN, parts=(TWO[0], replace(silent, decides=False)))
    assert decide(NO_RULES, shown, PLAIN, frame_effects={}).alert is False
    nobody = replace(CLEAN, error="detoxify: duurde te lang", parts=(silent,))
    assert decide(NO_RULES, nobody, PLAIN, frame_effects={}).not_evaluated == ("toxiciteit",)


def test_a_house_rule_without_a_number_is_named_whole() -> None:
    hit = replace(rule(Effect.ALERT_MODERATOR), house_rule="Respect voor iedereen")
    decision = decide(RulesResult("h", (hit,)), CLEAN, PLAIN, frame_effects={})
    assert decision.reasons == ("Huisregel (Respect voor iedereen): Geen persoonlijke aanvallen",)


def test_the_order_of_findings_makes_no_difference() -> None:
    hits = (
        rule(Effect.ALERT_MODERATOR, id_="a"),
        rule(Effect.PROPOSE_REMOVAL, id_="b", severity=Severity.CRITICAL),
        rule(Effect.SUGGEST_REPLY, id_="c", severity=Severity.LOW),
    )
    decisions = {
        decide(RulesResult("h", order), CLEAN, INDRINGER, frame_effects=SUGGESTS) for order in permutations(hits)
    }
    assert len(decisions) == 1


@given(
    ids=st.lists(st.sampled_from(["vijandige_indringer", "botsende_beschavingen", "controle", "win_win"]), unique=True),
    effects=st.frozensets(st.sampled_from(sorted(FRAME_EFFECTS))),
    tone=st.sampled_from(list(Tone)),
    tension=st.sampled_from(list(Tension)),
)
def test_no_frame_tone_or_tension_ever_alerts_or_removes(
    ids: list[str], effects: frozenset[Effect], tone: Tone, tension: Tension
) -> None:
    framing = replace(framed(*ids, tone=tone), tension=tension)
    decision = decide(NO_RULES, CLEAN, framing, frame_effects=dict.fromkeys(ids, effects))
    assert (decision.alert, decision.propose_removal, decision.severity) == (False, False, None)
