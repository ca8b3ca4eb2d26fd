from __future__ import annotations

import pytest

from bot.core.redaction import redacted

TELEGRAM = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"
LINK = "kVbN3x0JmW7uQd5yT2rPz8LhA4cE6fGs"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (TELEGRAM, "***"),
        (f"POST https://api.telegram.org/bot{TELEGRAM}/getUpdates", "POST https://api.telegram.org/bot***/getUpdates"),
        (f"Bot {DISCORD}", "Bot ***"),
        ("postgresql+psycopg://jan:geheim@server/db", "postgresql+psycopg://***@server/db"),
        (f"http://127.0.0.1:8642/aanmelden/{LINK}", "http://127.0.0.1:8642/aanmelden/***"),
        (f"{TELEGRAM} en {TELEGRAM}", "*** en ***"),
    ],
)
def test_trap_20_what_looks_like_a_secret_is_shown_as_stars(text: str, shown: str) -> None:
    assert redacted(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T12:00:00.123456+00:00 zaak 12 versie 3",
        "http://127.0.0.1:8642/zaken/12",
        "Mail naar iemand@velddorp.example of bel 09:30.",
        "bot.channels.telegram.gateway",
        "chat -1001234567890:42",
    ],
)
def test_ordinary_lines_are_left_as_they_are(text: str) -> None:
    assert redacted(text) == text
