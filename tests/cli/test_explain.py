from __future__ import annotations

from dataclasses import replace

from bot.cli.explain import in_dutch, printable
from bot.core.analysis import Analysis, Decision, Suggestion
from bot.core.findings import (
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

TEXT = "Wat een idioot, ze pakken alles af"
HIT = RuleHit(
    "persoonlijke-belediging", "Geen persoonlijke aanvallen", "2. Respect", Severity.HIGH, "actief",
    frozenset({Effect.ALERT_MODERATOR}), "Uw bericht scheldt.", ((8, 14),),
)  # fmt: skip
ANALYSIS = Analysis(
    language="nl",
    toxicity=ToxicityResult(
        "embedded", "3", {"insult": 0.75, "threat": 0.02}, ("insult",), evidence={"insult": ((0, 14),)}
    ),
    framing=FramingResult(
        (FrameHit("vijandige_indringer", 0.88, ((16, 34),)),), ("gelijkheid",), Tone.HOSTILE, Tension.AFFECTIVE
    ),
    rules=RulesResult("abc", (HIT,)),
    decision=Decision(True, Severity.HIGH, True, False, (), ("Huisregel 2 (Respect): Geen persoonlijke aanvallen",)),
    suggestions=(Suggestion("Dank u.\nWat wilt u weten?", approach="luisteren", checks=("Te lang.",)),),
)


def test_the_outcome_comes_first_and_the_reasons_after_it() -> None:
    assert in_dutch(TEXT, ANALYSIS).splitlines() == [
        "Dit wordt een melding voor een moderator (ernst: hoog).",
        "Een antwoord is de moeite: community managers krijgen een voorstel.",
        "",
        "Waarom:",
        "  - Huisregel 2 (Respect): Geen persoonlijke aanvallen",
        "",
        "Wat Verbinder zag:",
        "  Taal: Nederlands",
        "  Huisregel persoonlijke-belediging: Geen persoonlijke aanvallen (ernst: hoog): “idioot”",
        "  Toxiciteit: belediging 0,75 * (volgens embedded 3; * = boven de drempel): “Wat een idioot”",
        "  Kaders: vijandige indringer (0,88): “ze pakken alles af”",
        "  Toon: vijandig",
        "  Spanning: wij tegen zij (affectief)",
        "  Waarden: gelijkheid",
        "",
        "Voorstel 1 (luisteren):",
        "  Dank u.",
        "  Wat wilt u weten?",
        "  Let op: Te lang.",
    ]


def test_nothing_found_is_said_in_so_many_words() -> None:
    clean = Analysis("nl", ToxicityResult("embedded", "3"), FramingResult(), RulesResult("abc"), Decision())
    said = in_dutch("Mooi weer", clean)
    assert said.startswith("Hier hoeft niemand iets mee te doen.")
    assert "Huisregels: geen" in said
    assert "Voorstel" not in said


def test_what_was_not_evaluated_is_never_shown_as_clean() -> None:
    unknown = replace(
        ANALYSIS,
        toxicity=ToxicityResult("detoxify", "1", error="te traag"),
        framing=FramingResult(error="fout: ValueError"),
        rules=RulesResult("abc", not_evaluated={"spam": "fout: KeyError"}),
    )
    said = in_dutch(TEXT, unknown)
    assert "Toxiciteit: niet beoordeeld (te traag)" in said
    assert "Kaders: niet beoordeeld (fout: ValueError)" in said
    assert "Huisregel spam: niet beoordeeld (fout: KeyError)" in said
    assert "Huisregels: geen" not in said


def test_a_text_cannot_take_over_the_terminal() -> None:
    nasty = "\x1b[2Jidioot\x07\u202e\ud800"
    shown = in_dutch(nasty, replace(ANALYSIS, rules=RulesResult("abc", (replace(HIT, spans=((0, len(nasty)),)),))))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "idioot" in shown
    assert printable("één ‘woord’ 👋") == "één ‘woord’ 👋"


def test_a_long_quote_is_cut() -> None:
    text = "idioot " * 50
    hit = replace(HIT, spans=((0, len(text)),))
    assert "…”" in in_dutch(text, replace(ANALYSIS, rules=RulesResult("abc", (hit,))))


def test_several_scorers_are_shown_one_by_one_with_what_they_disagree_on() -> None:
    parts = (
        ScorerPart("embedded", "3", {"insult": 0.75, "threat": 0.02}, ("insult",)),
        ScorerPart("detoxify", "1", {"insult": 0.12, "threat": 0.01}, decides=False),
        ScorerPart("derde", "1", error="duurde te lang", decides=False),
    )
    joined = replace(ANALYSIS, toxicity=replace(ANALYSIS.toxicity, parts=parts, disagreement=("insult",)))
    lines = in_dutch(TEXT, joined).splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("  Toxiciteit"))
    assert lines[place + 1 : place + 5] == [
        "    embedded: belediging 0,75 *",
        "    detoxify (telt niet mee): belediging 0,12",
        "    derde (telt niet mee): niet beoordeeld (duurde te lang)",
        "    Ze zijn het niet eens over: belediging",
    ]
