"""What `verbinder doctor` and the health page report: one line a check, with what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    GOOD = "goed"
    WARNING = "let op"
    BAD = "fout"
    SKIPPED = "overgeslagen"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `detail` and `remedy` are Dutch; `remedy` says what to do unless it is good."""

    name: str
    verdict: Verdict
    detail: str = ""
    remedy: str = ""
