"""Careful readers of single JSON values: what an exporter wrote, or None where it is something else.

Nothing here raises. A file of a hundred thousand messages must not fail on one odd field.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Europe/Brussels")
"""The zone of times that an exporter wrote without one: old versions of Telegram Desktop use the clock on the wall."""

_ID_LIMIT = 2**63
"""Ids of both platforms are signed 64-bit numbers."""

_MAX_DIGITS = 20


def as_id(value: Any) -> int | None:
    """Return an id that is written as a number or as digits, None for anything else."""
    number: int | None = None
    if isinstance(value, str):
        digits = value.removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) < _MAX_DIGITS:
            number = int(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, (Decimal, float)):
        number = _whole(Decimal(value))
    return number if number is not None and abs(number) < _ID_LIMIT else None


def _whole(value: Decimal) -> int | None:
    if not value.is_finite() or not -_ID_LIMIT < value < _ID_LIMIT:
        return None
    return int(value) if value == value.to_integral_value() else None


def as_text(value: Any) -> str:
    """Return a string as it stands, and nothing for anything else."""
    return value if isinstance(value, str) else ""


def as_object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def as_unix_time(value: Any) -> datetime | None:
    """Return seconds since 1970 (a number, or digits in a string) as a time in UTC."""
    seconds = as_id(value)
    if seconds is None or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def as_iso_time(value: Any) -> datetime | None:
    """Return an ISO 8601 time in UTC; one without a zone is taken as Belgian time."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_ZONE)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
