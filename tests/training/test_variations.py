"""What is varied while learning keeps what the labels are about."""

from __future__ import annotations

import random

from training.groups import NEWCOMERS, PLURALS, swapped
from training.noise import disturbed


def test_a_group_is_exchanged_for_one_of_its_kind_and_the_same_one_throughout() -> None:
    rng = random.Random(3)
    for _ in range(50):
        text = swapped("Moslims zijn welkom. Ik hou van moslims, en van taart.", rng)
        first = text.split()[0]
        assert first.lower() in {name.lower() for name in PLURALS}
        assert text.lower().count(first.lower()) == 2
        assert text.endswith("en van taart.")
        assert first[0].isupper()


def test_under_a_frame_newcomers_stay_newcomers_and_others_stay_who_they_are() -> None:
    rng = random.Random(3)
    for _ in range(50):
        first, *rest = swapped("asielzoekers en vrouwen", rng, newcomers_only=True).split()
        assert first in NEWCOMERS
        assert rest == ["en", "vrouwen"]


def test_a_disturbed_text_is_never_empty_and_often_the_same() -> None:
    rng = random.Random(3)
    text = "Dat is toch niet normaal, meneer de burgemeester!"
    found = [disturbed(text, rng) for _ in range(300)]
    assert all(found)
    assert sum(one == text for one in found) > 100
    assert len(set(found)) > 30
