"""Like messages share a fingerprint, other messages do not."""

from __future__ import annotations

import pytest

from bot.text.fingerprint import fingerprint

BASE = "Klik hier voor gratis geld http://bit.ly/a12"


@pytest.mark.parametrize(
    "like",
    [
        "KLIK HIER VOOR GRATIS GELD http://bit.ly/a12",
        "klik   hier\nvoor gratis geld http://bit.ly/a12",
        "Klik hier, voor gratis geld!!! http://bit.ly/a12",
        "🔥🔥 Klik hier voor gratis geld 💰 http://bit.ly/a12",
        "Klik hier voor gratis geld http://bit.ly/999",
        "Klíîk hier voor gratiiis geld http://bit.ly/a12",
        "Kl1k hier voor grat1s geld http://bit.ly/a12",
        "K\u200blik hier voor gratis geld http://bit.ly/a12",
    ],
)
def test_like_messages_are_one(like: str) -> None:
    assert fingerprint(like) == fingerprint(BASE)


@pytest.mark.parametrize("other", ["Klik hier voor gratis koffie http://bit.ly/a12", "Klik hier voor gratis geld"])
def test_other_messages_are_another(other: str) -> None:
    assert fingerprint(other) != fingerprint(BASE)


def test_numbers_outside_links_matter() -> None:
    assert fingerprint("lijst 3") != fingerprint("lijst 4")


@pytest.mark.parametrize("nothing", ["", "   ", "🔥🔥", "!!!", "\ud800\x00"])
def test_a_text_with_nothing_to_compare_has_none(nothing: str) -> None:
    assert fingerprint(nothing) == ""
