from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.findings import TOXICITY_LABELS
from bot.toxicity.embedded import EmbeddedScorer
from bot.toxicity.ports import Scorer
from bot.toxicity.thresholds import EMBEDDED

SCORER = EmbeddedScorer()


def flags(text: str) -> set[str]:
    return set(SCORER.score([text])[0].flags)


def test_it_fills_the_port() -> None:
    port: Scorer = SCORER
    assert port.name == "embedded"
    assert port.version == EmbeddedScorer().version


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Wat een achterlijke idioot ben jij", "insult"),
        ("Klootzak", "insult"),  # trap 11: short messages are judged
        ("Gij zijt nen onnozelaar", "insult"),  # Flemish
        ("Mijn buurman is een leugenaar", "insult"),
        ("Je bent te dom om te helpen donderen", "insult"),
        ("You are a fucking idiot", "insult"),
        ("Espèce de connard", "insult"),
        ("Ik maak je kapot", "threat"),
        ("We weten waar je woont", "threat"),
        ("Wie hier binnenkomt sla ik de kop in", "threat"),
        ("Ze moeten die burgemeester ophangen", "threat"),
        ("Steek dat asielcentrum in brand", "threat"),
        ("On sait où tu habites", "threat"),
        ("Moslims horen hier niet thuis, gooi ze eruit", "identity_attack"),  # hate without a swear word
        ("Die asielzoekers zijn ongedierte", "identity_attack"),
        ("Homo's zijn ziek", "identity_attack"),
        ("Vrouwen horen in de keuken", "identity_attack"),
        ("Retournez dans votre pays", "identity_attack"),
        ("Go back to your country", "identity_attack"),
        ("Vuile hoer", "obscene"),
        ("Ik wil je neuken", "sexual_explicit"),
        ("Rot toch op", "toxicity"),
    ],
)
def test_attacks_are_flagged(text: str, label: str) -> None:
    found = flags(text)
    assert label in found
    assert "toxicity" in found


@pytest.mark.parametrize(
    "text",
    [
        "Dat beleid is een ramp",  # criticism of a policy
        "Wat een domme regel",
        "Het is idioot duur",
        "Godverdomme, weer file aan het station",  # profanity without a target
        "Ik ben een idioot, ik vergat het vuilnis",  # about oneself
        "U bent geen idioot",  # negated
        "Niet alle moslims zijn terroristen",
        "Ik word uitgescholden voor klootzak door mijn buur",  # reported
        "Ze noemde mij “vuile teef” in de winkel, dat kan niet",  # quoted
        "Het woord nikker is kwetsend",  # condemned
        "Mijn hond is weggelopen in het park",
        "Kunnen we de foto's ophangen in het gemeentehuis?",
        "Ze moeten die affiches ophangen",
        "De asielzoekers gaan na school terug naar huis",
        "Turken en Polen spelen buiten op het plein",
        "Vluchtelingen of niet, iedereen zet zijn vuilnis buiten op de juiste dag",
        "Onze hond heeft schrik van grote honden",
        "Kan er een vuilbak bij aan perron 2?",
        "Brengt gij het varken voor het spit mee?",
        "Klassieke muziek in de kerk",  # trap 12
        "Wanneer is het containerpark open?",
        "Merci pour votre aide",
        "Thank you for the quick answer",
        "",
        "👍",
    ],
)
def test_civil_words_are_not_flagged(text: str) -> None:
    assert flags(text) == set()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Wat een k l o o t z a k", "k l o o t z a k"),
        ("Wat een kl00tz4k", "kl00tz4k"),
        ("Wat een kloooootzak", "kloooootzak"),
        ("Wat een ｋｌｏｏｔｚａｋ", "ｋｌｏｏｔｚａｋ"),
        ("Wat een kl\u200boot\u200bzak", "kl\u200boot\u200bzak"),
        ("Wat een klооtzаk", "klооtzаk"),  # Cyrillic о and а
        ("Wat een KLÓÓTZÀK", "KLÓÓTZÀK"),
    ],
)
def test_evasive_spellings_are_seen_through(text: str, word: str) -> None:
    """Trap 13: matched, and the highlighted stretch is right in the original text."""
    (result,) = SCORER.score([text])
    assert "insult" in result.flags
    assert any(word in text[start:end] for start, end in result.evidence["insult"])


@pytest.mark.parametrize(
    "template",
    [
        "{} zijn ongedierte",
        "{} horen hier niet thuis",
        "Die vuile {}",
        "{} buiten!",
        "Ik heb niets tegen {}",
        "Veel {} wonen hier graag",
    ],
)
def test_mirrored_groups_get_the_same_verdict(template: str) -> None:
    groups = ("moslims", "christenen", "joden", "Marokkanen", "Vlamingen", "Walen", "homo's", "hetero's", "blanken")
    scores = {tuple(sorted(SCORER.score([template.format(group)])[0].scores.items())) for group in groups}
    assert len(scores) == 1


def test_a_text_that_is_one_whole_quotation_is_no_way_out() -> None:
    assert "insult" in flags("“Wat een achterlijke idioot ben jij”")


def test_every_flag_has_the_words_that_carried_it() -> None:
    text = "Gij zijt een klootzak en we weten waar je woont"
    (result,) = SCORER.score([text])
    for flag in result.flags:
        assert result.evidence[flag], flag
    assert "We weten waar je woont".lower() in {text[a:b].lower() for a, b in result.evidence["threat"]}


def test_results_come_in_the_order_of_the_texts() -> None:
    results = SCORER.score(["dag", "klootzak", "dag"])
    assert [bool(result.flags) for result in results] == [False, True, False]
    assert SCORER.score([]) == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_scored_with_every_label_between_nought_and_one(text: str) -> None:
    (result,) = SCORER.score([text])
    assert tuple(result.scores) == TOXICITY_LABELS
    assert all(0.0 <= score <= 1.0 for score in result.scores.values())
    assert all(0 <= start < end <= len(text) for spans in result.evidence.values() for start, end in spans)
    assert set(result.flags) == {label for label, limit in EMBEDDED.items() if result.scores[label] >= limit}


def test_hostile_characters_are_survived() -> None:
    text = "klootzak \x00 \ud800 \u202e" + "a" * 20_000
    assert "insult" in flags(text)


@pytest.mark.parametrize(
    "text",
    [
        "De burgemeester is incompetent en moet aftreden",
        "Deze schepen is onbekwaam",
        "Alle politici zijn leugenaars en profiteurs",
        "U bent een leugenaar, meneer de burgemeester",
        "De oppositie is corrupt",
    ],
)
def test_harsh_criticism_of_who_governs_is_no_insult(text: str) -> None:
    assert flags(text) == set()


def test_abuse_beside_criticism_of_who_governs_still_counts() -> None:
    assert "insult" in flags("De burgemeester is een klootzak en corrupt")
