"""Personal data to look for wherever something is shown: what has to be masked, and what only looks like it."""

from __future__ import annotations

# (what is written, what stands there instead)
MASKED = (
    ("0475 12 34 56", "[telefoonnummer]"),
    ("+32 (0)3 123 45 67", "[telefoonnummer]"),
    ("jan.peeters@telenet.be", "[e-mailadres]"),
    ("BE68 5390 0754 7034", "[rekeningnummer]"),
    ("85.07.30-033.28", "[rijksregisternummer]"),
    ("00.01.01-001.05", "[rijksregisternummer]"),
    ("1-ABC-123", "[nummerplaat]"),
)
# One digit wrong: no account, no number of the national register.
LEFT = ("BE69 5390 0754 7034", "85.07.30-033.29")

EVERYTHING = " en ".join([*(data for data, _ in MASKED), *LEFT])


def leaks(shown: str) -> list[str]:
    """Return the personal data that `shown` holds as it was written."""
    return [data for data, _ in MASKED if data in shown]
