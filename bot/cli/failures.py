"""How errors look on the command line, and where the unexpected ones are kept. No token ever passes (trap 20)."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from pathlib import Path

from bot.core.errors import VerbinderError
from bot.core.redaction import redacted

LOG_NAME = "fouten.log"


def block(error: BaseException) -> str:
    """Return an error that was foreseen as what is wrong, and what to do."""
    if not isinstance(error, VerbinderError):
        return redacted(f"Fout: {error}")
    lines = [f"Fout: {error.message}"]
    if error.remedy:
        lines.append(f"Wat u kunt doen: {error.remedy}")
    return redacted("\n".join(lines))


def unexpected(error: BaseException) -> str:
    """Write an error that nobody foresaw in the log of errors, and return one line that says where it stands."""
    said = str(error).splitlines()
    what = redacted(f"{type(error).__name__}: {said[0]}" if said else type(error).__name__)
    place = _record(error)
    where = f"Het volledige verslag staat in {place}." if place else "Voer de opdracht opnieuw uit met --debug."
    return f"Fout: er ging iets mis dat Verbinder niet verwachtte ({what}). {where}"


def traceback_of(error: BaseException) -> str:
    """Return the traceback of `error` without secrets."""
    return redacted("".join(traceback.format_exception(error)).rstrip())


def _record(error: BaseException) -> Path | None:
    """Append the traceback to the log of errors; return where, or None when that cannot be done."""
    path = _data_dir() / LOG_NAME
    entry = f"── {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n{traceback_of(error)}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(entry)
    except OSError:
        return None
    return path


def _data_dir() -> Path:
    from bot.settings import ROOT, load_settings

    try:
        return load_settings().data_dir
    except VerbinderError:
        return ROOT / "data"
