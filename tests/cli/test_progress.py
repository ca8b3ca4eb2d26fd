from __future__ import annotations

import pytest

from bot.cli.progress import bar


def test_nothing_is_shown_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("Lezen", 10) as advance:
        advance(5)
    assert capsys.readouterr() == ("", "")


def test_where_somebody_watches_it_is_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("Lezen", 10, shown=True) as advance:
        advance(5)
        advance(3)  # a step back is no progress
        advance(50)  # nor is more than there is
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Lezen" in captured.err


def test_an_unknown_length_shows_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("Lezen", 0, shown=True) as advance:
        advance(5)
    assert capsys.readouterr().err == ""
