"""The corpus is whole, split by writer, and its labels are what the voices say."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from training.corpus import CORPUS, SPLITS, load, said
from training.labels import DIGITS, FRAMES, LABELS, Labels
from training.settle import VOICES, attacked, differ, settled, voices


def test_there_are_enough_reactions_and_no_text_stands_there_twice_in_two_parts() -> None:
    parts = {name: load(name) for name in SPLITS}
    assert sum(map(len, parts.values())) >= 8000
    texts = {
        name: {" ".join(one.text.lower().split()) for one in part if len(one.text) > 40} for name, part in parts.items()
    }
    assert texts["train"].isdisjoint(texts["dev"])
    assert texts["train"].isdisjoint(texts["test"])
    assert texts["dev"].isdisjoint(texts["test"])


def test_every_reaction_was_read_by_two_and_the_hard_ones_by_three() -> None:
    first, second, third = voices(CORPUS)
    assert set(first) == set(second)
    assert set(third) == {one for one in first if differ(first[one], second[one])}


def test_the_labels_in_the_corpus_are_the_settled_ones() -> None:
    told = voices(CORPUS)
    for writer in (writer for names in SPLITS.values() for writer in names):
        for line in (CORPUS / f"{writer}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            assert row["labels"] == settled([voice[row["id"]] for voice in told if row["id"] in voice]), row["id"]


@pytest.mark.parametrize("part", list(SPLITS))
def test_every_frame_and_every_kind_of_attack_is_in_every_part(part: str) -> None:
    items = load(part)
    counts = Counter(frame for item in items for frame in item.frames)
    assert all(counts[frame] >= 30 for frame in FRAMES.values())
    for label in ("toxicity", "identity_attack", "insult", "threat"):
        assert sum(item.grade(label) == 1.0 for item in items) >= 30


def test_nobody_in_one_part_writes_in_another() -> None:
    writers = [writer for names in SPLITS.values() for writer in names]
    assert len(writers) == len(set(writers))
    for name in VOICES:
        assert {one.split("-")[0] for one in said(CORPUS / "labels" / f"{name}.txt")} <= set(writers)


def test_of_three_voices_the_middle_grade_and_what_two_say_hold() -> None:
    read = Labels.read
    told = [read("2002000 geloof bb ge h a"), read("1001000 geloof bb,vi - k a"), read("0000000 - - - n i")]
    labels = settled(told)
    assert labels["toxicity"] == {"toxicity": 0.5, "identity_attack": 0.5}
    assert labels["frames"] == ["botsende_beschavingen"]
    assert labels["values"] == []
    assert labels["tension"] == "affectief"
    assert "tone" not in labels
    assert attacked(told) == ["geloof"]
    assert attacked(told[2:]) == []


@pytest.mark.parametrize(
    "line", ["200200 - - - h a", "2002000 niemand - - h a", "2002003 - - - h a", "2002000 - - - h"]
)
def test_a_line_that_does_not_follow_the_codebook_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Labels.read(line)


def test_every_label_of_the_contract_is_learned() -> None:
    assert len(LABELS) == len(set(LABELS)) == len(DIGITS) + 11 + 9 + 6 + 4
