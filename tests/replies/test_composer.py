from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import RuleFileError
from bot.core.findings import FrameHit, FramingResult, Tension, Tone
from bot.framing.detector import LexicalDetector
from bot.framing.frameset import FrameSet, Kind
from bot.replies.checks import check_draft
from bot.replies.composer import Composer, load_composer
from tests.framing.conftest import FRAMES

CENTRE = "In maart opent het opvangcentrum voor asielzoekers in de Kerkstraat."


def framing(*ids: str, tone: Tone = Tone.CRITICISM, tension: Tension = Tension.NONE, topic: str = "") -> FramingResult:
    return FramingResult(
        frames=tuple(FrameHit(id_, 0.9, ()) for id_ in ids),
        tone=tone,
        tension=tension,
        topics=(topic,) if topic else (),
    )


def test_every_way_of_speaking_gets_clean_replies_that_differ(composer: Composer, frames: FrameSet) -> None:
    """Whatever was found: two or three replies, other texts and other approaches, no remark on any of them."""
    told = [(), *((id_,) for id_ in frames.frames), ("vijandige_indringer", "kosten_en_baten", "controle")]
    topics = ["", *frames.topics]
    for ids, tone, tension, topic in itertools.product(told, Tone, Tension, topics[:6]):
        found = framing(*ids, tone=tone, tension=tension, topic=topic)
        suggestions = composer.compose("een tekst", CENTRE, found, "nl")
        assert 2 <= len(suggestions) <= 3, found
        assert len({suggestion.text for suggestion in suggestions}) == len(suggestions)
        assert len({(suggestion.approach, suggestion.frame) for suggestion in suggestions}) == len(suggestions)
        for suggestion in suggestions:
            assert check_draft(suggestion.text, frames=frames, detected=ids) == (), (ids, suggestion)
            assert suggestion.checks == ()


def test_every_topic_reads_well_in_every_tone(composer: Composer, frames: FrameSet) -> None:
    for tone, topic in itertools.product(Tone, frames.topics):
        for suggestion in composer.compose("x", "", framing(tone=tone, topic=topic), "nl"):
            assert "{" not in suggestion.text
            assert suggestion.text[0].isupper()
            assert suggestion.text.endswith((".", "?"))


@settings(max_examples=100, deadline=None)
@given(
    text=st.text(max_size=60), others=st.sets(st.sampled_from(["controle", "kosten_en_baten", "win_win", "de_held"]))
)
def test_the_hostile_intruder_is_never_answered_with_the_innocent_victim(text: str, others: set[str]) -> None:
    composer = _shared()
    found = framing("vijandige_indringer", *sorted(others), tone=Tone.HOSTILE)
    for suggestion in composer.compose(text, CENTRE, found, "nl"):
        assert suggestion.frame != "onschuldig_slachtoffer"
        assert "slachtoffer" not in suggestion.text.casefold()


def test_the_rule_for_that_pair_holds_even_when_a_frame_file_opens_it(tmp_path: Path) -> None:
    from bot.framing.loading import load_frames

    folder = shutil.copytree(FRAMES, tmp_path / "frames")
    intruder, answers = folder / "vijandige_indringer.yaml", folder / "antwoorden.yaml"
    intruder.write_text(
        intruder.read_text(encoding="utf-8").replace(
            "kaders: [allemaal_mensen, win_win, diversiteit, panta_rhei]", "kaders: [onschuldig_slachtoffer]"
        ),
        encoding="utf-8",
    )
    answers.write_text(
        answers.read_text(encoding="utf-8").replace(
            "perspectieven:\n", "perspectieven:\n  onschuldig_slachtoffer: [Wie vertrekt, doet dat zelden zomaar.]\n"
        ),
        encoding="utf-8",
    )
    changed = load_frames(folder, LexicalDetector)
    suggestions = load_composer(folder, changed).compose("x", CENTRE, framing("vijandige_indringer"), "nl")
    assert suggestions
    assert {suggestion.frame for suggestion in suggestions} == {None}


def test_a_problem_frame_opens_a_third_perspective_first(composer: Composer, frames: FrameSet) -> None:
    for frame in frames.frames.values():
        if frame.kind is Kind.PROBLEM:
            first = composer.compose("x", CENTRE, framing(frame.id), "nl")[0]
            assert first.frame in frame.opens_frames
            assert first.value in {*frame.opens_values}


@pytest.mark.parametrize(
    ("found", "first"),
    [
        (framing(tone=Tone.WORRY, topic="verkeer"), "concreet antwoord"),  # concrete and civil: the service
        (framing(tone=Tone.QUESTION, topic="afval"), "concreet antwoord"),
        (framing(tension=Tension.CONFLICT, topic="geluid"), "concreet antwoord"),
        (framing("controle", tone=Tone.HOSTILE, tension=Tension.AFFECTIVE), "rust brengen"),  # calm comes first
        (framing(tone=Tone.CONNECTING), "bedanken"),
        (framing(tone=Tone.WORRY), "luisteren"),  # without a topic there is no service to name
    ],
)
def test_the_first_approach_fits(composer: Composer, found: FramingResult, first: str) -> None:
    assert composer.compose("x", "", found, "nl")[0].approach == first


def test_a_concrete_worry_names_the_topic_and_the_service(composer: Composer) -> None:
    first = composer.compose("x", "", framing(tone=Tone.WORRY, topic="verkeer"), "nl")[0]
    assert "het verkeer" in first.text
    assert "mobiliteitsdienst" in first.text


def test_who_asks_is_not_asked_for_the_place_and_the_time(composer: Composer) -> None:
    asks = framing(tone=Tone.QUESTION, topic="opvang")
    texts = {composer.compose(f"Tegen wanneer is dat, {number}?", "", asks, "nl")[0].text for number in range(40)}
    assert len(texts) > 3
    assert not any(sentence in text for text in texts for sentence in composer.blocks.vragen.concreet)


def test_a_conflict_is_offered_mediation_and_no_perspective(composer: Composer) -> None:
    suggestions = composer.compose("x", "", framing(tension=Tension.CONFLICT, topic="geluid"), "nl")
    assert "bemiddelen" in {suggestion.approach for suggestion in suggestions}
    assert {suggestion.frame for suggestion in suggestions} == {None}


def test_the_choice_is_the_same_every_time_and_varies_by_text(composer: Composer) -> None:
    found = framing("controle")
    texts = {composer.compose(f"reactie {number}", CENTRE, found, "nl")[0].text for number in range(30)}
    assert len(texts) > 10
    assert composer.compose("x", CENTRE, found, "nl") == composer.compose("x", CENTRE, found, "nl")


@pytest.mark.parametrize("language", ["fr", "en", "und"])
def test_another_language_gets_a_dutch_proposal(composer: Composer, language: str) -> None:
    (first, *_) = composer.compose("Bonjour", "", framing(tone=Tone.QUESTION), language)
    assert " u" in first.text


def test_nothing_of_the_reaction_is_ever_repeated(composer: Composer, detector: LexicalDetector) -> None:
    """Law 8: untrusted text does not travel into a proposal."""
    text = "@everyone <b>Zinkputdeksel</b> {over} https://kwaad.example die gasten komen stelen"
    for suggestion in composer.compose(text, CENTRE, detector.detect(text, context=CENTRE), "nl"):
        assert not any(part in suggestion.text for part in ("@", "<", "Zinkputdeksel", "{", "kwaad"))


def test_frames_and_topics_that_no_file_knows_are_left_alone(composer: Composer) -> None:
    assert composer.compose("x", "", framing("verdwenen", topic="verdwenen"), "nl")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("  vijandig:\n", "  boos:\n", "kies een van"),
        ("  welvaart:\n", "  rijkdom:\n", "hier ontbreekt “welvaart”"),
        ("  win_win:\n", "  winst:\n", "“winst” bestaat niet"),
        ("  - [vijandige_indringer, onschuldig_slachtoffer]", "  - [indringer, onschuldig_slachtoffer]", "“indringer”"),
        ("versie: 1", "versie: 2", "hier hoort 1"),
    ],
)
def test_a_wrong_file_of_answers_is_refused(
    tmp_path: Path, frames: FrameSet, old: str, new: str, complaint: str
) -> None:
    folder = shutil.copytree(FRAMES, tmp_path / "frames")
    path = folder / "antwoorden.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleFileError) as caught:
        load_composer(folder, frames)
    assert complaint in caught.value.message
    assert str(path) in caught.value.message


_cached: list[Composer] = []


def _shared() -> Composer:
    if not _cached:
        from bot.framing.loading import load_frames

        _cached.append(load_composer(FRAMES, load_frames(FRAMES, LexicalDetector)))
    return _cached[0]
