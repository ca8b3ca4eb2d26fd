"""A reaction gets frames of the pack that it is about, and never of another one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.framing.detector import LexicalDetector
from bot.framing.frameset import FrameSet, Kind
from bot.framing.loading import load_frames
from bot.replies.composer import load_composer

MANUAL = Path(__file__).parents[2] / "docs" / "kaders.md"

TRAFFIC_POST = "Vanaf maandag knipt het circulatieplan de Molenstraat voor autoverkeer."
CENTRE = "In maart opent het opvangcentrum voor asielzoekers in de Kerkstraat."


def packs(detector: LexicalDetector, frames: FrameSet, text: str, context: str = "") -> set[str]:
    return {frames.frames[hit.id].pack for hit in detector.detect(text, context=context).frames}


def test_every_pack_has_both_kinds_and_only_opens_counter_frames_of_its_own(frames: FrameSet) -> None:
    for pack in frames.packs:
        own = [frame for frame in frames.frames.values() if frame.pack == pack]
        assert {frame.kind for frame in own} == {Kind.PROBLEM, Kind.COUNTER}
        for frame in own:
            for opened in frame.opens_frames:
                assert (frames.frames[opened].pack, frames.frames[opened].kind) == (pack, Kind.COUNTER)


def test_the_examples_of_a_pack_never_show_a_frame_of_another(detector: LexicalDetector, frames: FrameSet) -> None:
    for frame in frames.frames.values():
        for example in frame.examples:
            assert packs(detector, frames, example.text, example.context) == {frame.pack}, (frame.id, example.text)


def test_the_traffic_frames_have_examples_enough(frames: FrameSet) -> None:
    for frame in frames.frames.values():
        if frame.pack == "verkeer":
            assert min(len(frame.examples), len(frame.counterexamples)) >= 8, frame.id


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("Dit is puur pestbeleid tegen de auto.", "", {"verkeer"}),
        ("Alleen om ons te pesten.", TRAFFIC_POST, {"verkeer"}),
        ("Alleen om ons te pesten.", CENTRE, set()),
        ("Vol is vol.", "", {"migratie"}),
        ("De parking is te klein, vol is vol, zo veel auto's.", "", set()),
        ("Vol is vol.", TRAFFIC_POST, set()),
        ("Met een autoluwe straat wint iedereen, en iedereen wint graag.", "", set()),
        ("Eerst parkeerplaatsen voor onze eigen inwoners.", "", set()),
        ("Fietsers zijn allemaal asociaal.", CENTRE, {"verkeer"}),
        ("Asielzoekers krijgen alles gratis, tot een auto toe.", "", {"migratie"}),
        ("Asielzoekers krijgen alles gratis, tot een auto toe.", TRAFFIC_POST, {"migratie"}),
    ],
)
def test_a_reaction_gets_the_frames_of_its_own_subject(
    detector: LexicalDetector, frames: FrameSet, text: str, context: str, expected: set[str]
) -> None:
    assert packs(detector, frames, text, context) == expected


def test_the_pack_of_the_manual_can_be_added_as_it_stands(folder: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    pack, frame, _rules = blocks
    with (folder / "pakketten.yaml").open("a", encoding="utf-8") as file:
        file.write(pack)
    (folder / "klimaatdwang.yaml").write_text(frame, encoding="utf-8")
    loaded = load_frames(folder, LexicalDetector)
    load_composer(folder, loaded)
    assert loaded.frames["klimaatdwang"].pack == "klimaat"
