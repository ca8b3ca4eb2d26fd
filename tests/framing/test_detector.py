from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.findings import Tension, Tone
from bot.framing.detector import LexicalDetector
from bot.framing.ports import FrameDetector

CENTRE = "In maart opent het opvangcentrum voor asielzoekers in de Kerkstraat."
MARKET = "De zaterdagmarkt verhuist naar het kerkplein."


def ids(detector: LexicalDetector, text: str, context: str = "") -> list[str]:
    return [hit.id for hit in detector.detect(text, context=context).frames]


def test_it_fills_the_port(detector: LexicalDetector) -> None:
    port: FrameDetector = detector
    assert port.version.startswith("lexicaal-")
    assert port.names["vijandige_indringer"] == "de vijandige indringer"


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        # the subject is named, pointed at, or understood from the post
        ("Die gasten komen hier stelen.", "", ["vijandige_indringer"]),
        ("Die gasten komen hier stelen.", CENTRE, ["vijandige_indringer"]),
        ("Ze komen hier stelen.", CENTRE, ["vijandige_indringer"]),
        ("Ze komen hier stelen.", MARKET, []),  # who "ze" are is anyone's guess
        ("Die gasten komen hier stelen.", MARKET, []),  # under a post about a market: other guests
        ("Ze komen hier stelen.", "", []),
        # the same words about others are no frame
        ("De burgemeester komt hier stelen.", CENTRE, []),
        # negated, reported or asked
        ("Asielzoekers zijn geen criminelen.", CENTRE, []),
        ("Niet alle asielzoekers zijn criminelen.", CENTRE, []),
        ("Waarom noemen mensen asielzoekers altijd criminelen?", CENTRE, []),
        ("Hoeveel kost de opvang van asielzoekers de gemeente?", CENTRE, []),
        ("“Asielzoekers zijn criminelen”, dat hoor ik hier te vaak over het centrum.", CENTRE, []),  # quoted
        # a rhetorical question claims
        ("Waarom krijgen die asielzoekers alles gratis?", CENTRE, ["kosten_en_baten"]),
        # dressed up (trap 13)
        ("Asielzoekers zijn cr1m1nelen", CENTRE, ["vijandige_indringer"]),
        ("ASIELZOEKERS ZIJN CRIMINÉLEN", CENTRE, ["vijandige_indringer"]),
    ],
)
def test_a_frame_needs_its_subject(detector: LexicalDetector, text: str, context: str, expected: list[str]) -> None:
    assert ids(detector, text, context) == expected


def test_the_evidence_is_right_in_the_original(detector: LexicalDetector) -> None:
    text = "🙂 Tja… die asielzoekers zijn 𝐜𝐫𝐢𝐦𝐢𝐧𝐞𝐥𝐞𝐧, zeg ik u."
    (hit,) = detector.detect(text, context="").frames
    assert [text[start:end] for start, end in hit.evidence] == ["𝐜𝐫𝐢𝐦𝐢𝐧𝐞𝐥𝐞𝐧"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("moslims", "Oekraïners"),
        ("Marokkanen", "Polen"),
        ("Syriërs", "Afghanen"),
    ],
)
def test_mirrored_groups_get_the_same_verdict(detector: LexicalDetector, one: str, other: str) -> None:
    # Polen is no word of the subject list, so the post names the subject for both.
    template = "Die {} profiteren van onze sociale zekerheid en wij betalen voor hen."
    assert ids(detector, template.format(one), CENTRE) == ids(detector, template.format(other), CENTRE)


@pytest.mark.parametrize(
    ("text", "tone", "tension"),
    [
        ("Wanneer wordt het glas opgehaald?", Tone.QUESTION, Tension.NONE),
        ("Ik maak me zorgen over het verkeer aan de school.", Tone.WORRY, Tension.NONE),
        ("Wat met de school? Daar lig ik van wakker.", Tone.WORRY, Tension.NONE),  # a worry put as a question
        ("Dit plan is een schande, er is nooit naar ons geluisterd.", Tone.CRITICISM, Tension.NONE),
        ("Mijn buurman speelt elke nacht luide muziek.", Tone.CRITICISM, Tension.CONFLICT),
        ("Jullie linkse ratten, rot toch op!", Tone.HOSTILE, Tension.AFFECTIVE),
        ("Laten we samen een buurtfeest houden, iedereen welkom.", Tone.CONNECTING, Tension.NONE),
        ("Ik ben tegen dit plan, de gemeente moet eerst investeren in wegen.", Tone.CRITICISM, Tension.IDEOLOGICAL),
        ("Vandaag is het dinsdag.", Tone.NEUTRAL, Tension.NONE),
        ("", Tone.NEUTRAL, Tension.NONE),
        ("👍", Tone.NEUTRAL, Tension.NONE),
    ],
)
def test_tone_and_tension(detector: LexicalDetector, text: str, tone: Tone, tension: Tension) -> None:
    result = detector.detect(text, context="")
    assert (result.tone, result.tension) == (tone, tension)


def test_an_opinion_is_not_called_affective(detector: LexicalDetector) -> None:
    result = detector.detect("Ik vind dat er te veel vluchtelingen bij komen.", context=CENTRE)
    assert [hit.id for hit in result.frames] == ["controle"]
    assert result.tension is Tension.IDEOLOGICAL


def test_topics_come_in_the_order_of_the_text_and_else_from_the_post(detector: LexicalDetector) -> None:
    assert detector.detect("Het verkeer aan de school is druk.", context="").topics == ("verkeer", "school")
    assert detector.detect("Goed zo.", context="Vanaf maandag halen we het afval op woensdag op.").topics == ("afval",)


def test_what_the_post_names_in_passing_is_the_place_and_not_the_subject(detector: LexicalDetector) -> None:
    post = "In de oude school opent een opvanginitiatief. Er komen gezinnen wonen die asielzoeker zijn."
    found = detector.detect("Is da den oude school aan de kerk? Tegen wanneer komen die mensen?", context=post)
    assert found.topics == ("opvang", "school")
    elsewhere = detector.detect("En het verkeer in onze straat, wie kijkt daarnaar?", context=post)
    assert elsewhere.topics == ("verkeer",)


def test_values_are_seen(detector: LexicalDetector) -> None:
    assert "gelijkheid" in detector.detect("Dezelfde regels voor iedereen, dat is eerlijk.", context="").values


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=300), context=st.text(max_size=80))
def test_any_text_is_survived_and_spans_stay_inside(text: str, context: str) -> None:
    detector = _shared()
    for hit in detector.detect(text, context=context).frames:
        assert all(0 <= start < end <= len(text) for start, end in hit.evidence)


def test_a_long_text_hangs_nothing(detector: LexicalDetector) -> None:
    text = "Ze krijgen alles gratis, die asielzoekers, en wij betalen. " * 340
    assert detector.detect(text[:20_000], context=CENTRE).frames


_cached: list[LexicalDetector] = []


def _shared() -> LexicalDetector:
    if not _cached:
        from bot.framing.loading import load_frames
        from tests.framing.conftest import FRAMES

        _cached.append(LexicalDetector(load_frames(FRAMES, LexicalDetector)))
    return _cached[0]
