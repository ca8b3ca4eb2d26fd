"""The detector that has the language model."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.findings import Tone
from bot.framing.frameset import FrameSet
from bot.framing.loading import load_frames
from bot.framing.model_detector import ModelDetector
from bot.framing.ports import FrameDetector
from bot.framing.registry import detector_for
from bot.settings import ROOT
from bot.understanding.model import shipped

CENTRE = "In maart opent het opvangcentrum voor asielzoekers in de Kerkstraat."


@pytest.fixture(scope="module")
def frameset() -> FrameSet:
    return load_frames(ROOT / "frames", None)


@pytest.fixture(scope="module")
def detector(frameset: FrameSet) -> ModelDetector:
    return ModelDetector(frameset, shipped())


def ids(detector: FrameDetector, text: str, context: str = "") -> set[str]:
    return {hit.id for hit in detector.detect(text, context=context).frames}


def test_it_is_the_detector_called_model(detector: ModelDetector, frameset: FrameSet, tmp_path: Path) -> None:
    assert detector_for("model", tmp_path)(frameset).version == detector.version
    assert detector_for("embedded", tmp_path)(frameset).version.startswith("lexicaal")
    assert detector.version.startswith("model-")


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        (
            "zij krijgen alles gratis en ons moeder staat al vier jaar op de wachtlijst voor een appartement",
            "kosten_en_baten",
        ),
        ("Er komen er gewoon te veel tegelijk, dat kan geen enkel dorp nog aan.", "controle"),
        ("mensen zijn altijd al verhuisd, onze grootouders ook", "panta_rhei"),
        ("Zolang wij hun grondstoffen voor een prikje kopen, blijven ze komen. Los het daar op.", "de_kloof"),
    ],
)
def test_a_frame_is_seen_without_its_usual_words(detector: ModelDetector, text: str, frame: str) -> None:
    result = detector.detect(text, context=CENTRE)
    hit = next(hit for hit in result.frames if hit.id == frame)
    assert hit.evidence
    assert all(0 <= start < end <= len(text) for start, end in hit.evidence)


@pytest.mark.parametrize(
    "text", ["Hoe laat begint de infoavond?", "Bedankt voor de info!", "Waar kan ik kleren binnenbrengen?", "🙂"]
)
def test_a_question_or_thanks_has_no_frame(detector: ModelDetector, text: str) -> None:
    assert ids(detector, text, CENTRE) == set()


def test_the_post_is_read_with_the_reaction(detector: ModelDetector) -> None:
    text = "Petje af, ze geven niet op en bouwen een nieuw leven op."
    about = detector.detect(text, context="Het verhaal van drie vluchtelingen in onze gemeente.").frames
    other = detector.detect(text, context="De bakkerij opent na de brand opnieuw de deuren.").frames
    assert about[0].id == "de_held"
    assert about[0].score > max((hit.score for hit in other), default=0.0)


def test_a_worry_in_civil_words_is_a_worry(detector: ModelDetector) -> None:
    text = "Ik ben er toch wat ongerust over, mijn dochter fietst daar elke avond alleen voorbij. Komt er verlichting?"
    assert detector.detect(text, context=CENTRE).tone in {Tone.WORRY, Tone.QUESTION}


@settings(max_examples=40, deadline=None)
@given(text=st.text(st.characters(exclude_categories=()), max_size=80), context=st.text(max_size=40))
def test_any_text_is_survived_and_spans_stay_inside(text: str, context: str) -> None:
    found = ModelDetector(_frames(), shipped()).detect(text, context=context)
    for hit in found.frames:
        assert all(0 <= start <= end <= len(text) for start, end in hit.evidence)


_loaded: list[FrameSet] = []


def _frames() -> FrameSet:
    if not _loaded:
        _loaded.append(load_frames(ROOT / "frames", None))
    return _loaded[0]
