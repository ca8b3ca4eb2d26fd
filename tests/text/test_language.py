"""The language, or an honest `und`."""

from __future__ import annotations

import logging

import pytest

from bot.text import language


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("Waarom is het containerpark dicht op zaterdag?", "nl", "plain Dutch"),
        ("Wa is da hier allemaal nu weer se", "nl", "informal Flemish"),
        ("Ge zijt ne sjarel", "nl", "Flemish that models take for something else"),
        ("hallo\ndaar\n\nhoe gaat het\r\n", "nl", "line ends"),
        ("WAAROM KOMT ER NIEMAND KUISEN", "nl", "capitals"),
        ("Pourquoi c'est fermé le samedi?", "fr", "French"),
        ("Thank you so much for this", "en", "English"),
        ("Das ist ja toll, danke schön!", "de", "German"),
        ("Привет, как у вас дела сегодня", "ru", "another script"),
        ("Klootzak!", "nl", "one telltale word"),
        ("Dank u", "nl", "two telltale words"),
        ("Merci", "fr", "one telltale word"),
        ("ok", "und", "no sign"),
        ("lol super", "und", "two words without a sign"),
        ("", "und", "nothing"),
        ("👍👍👍", "und", "no words"),
        ("12 345", "und", "numbers"),
        ("https://example.org/the/and/this", "und", "a link is no language"),
        ("\ud800\x00", "und", "no text at all"),
    ],
)
def test_the_language_is_told_or_left_open(text: str, expected: str, why: str) -> None:
    assert language.detect(text) == expected


@pytest.mark.usefixtures("socket_disabled")
def test_the_model_is_in_the_package_and_nothing_is_downloaded(caplog: pytest.LogCaptureFixture) -> None:
    language._detector.cache_clear()
    with caplog.at_level(logging.INFO):
        assert language.detect("Wanneer gaat de bibliotheek weer open?") == "nl"
    assert "ownload" not in caplog.text


def test_a_failing_model_is_an_unknown_language(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("geen model")

    monkeypatch.setattr(language, "_detector", broken)
    assert language.detect("Lorem ipsum dolor sit amet consectetur") == "und"
