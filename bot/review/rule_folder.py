"""The rule file and its lists on the disk: notice that they changed, wait until they are quiet, and write them whole.

Looking costs a `stat` a file. What is in the files is not judged here.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from bot.core.errors import Refused

QUIET_SECONDS = 0.5  # an editor that empties a file and then writes it is done by then
QUIET_WHEN_EMPTY_SECONDS = 2.0  # an empty or missing file is most likely still being written

_Stamps = Mapping[str, tuple[int, ...] | None]


class Watch:
    """Tells when files have changed and are quiet again. `path` is the rule file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told: _Stamps | None = None
        self._last: _Stamps | None = None
        self._since = 0.0

    def changed(self, names: Iterable[str], moment: float) -> bool:
        """Tell, once for each change, that the rule file or a file called one of `names` beside it is new and quiet.

        `moment` is a time in seconds that never goes back. The first thing that is quiet counts as a change.
        """
        stamps = self._stamps(names)
        if stamps != self._last:
            self._last, self._since = stamps, moment
        elif stamps != self._told and moment - self._since >= self._patience(stamps):
            self._told = stamps
            return True
        return False

    def still(self, names: Iterable[str]) -> bool:
        """Tell whether nothing has moved since `changed` said so: what was read meanwhile is whole."""
        return self._told == self._stamps(names)

    def forget(self) -> None:
        """Tell again about what is there now."""
        self._told = None

    def _stamps(self, names: Iterable[str]) -> _Stamps:
        return {name: _stamp(self._path.parent / name) for name in {self._path.name, *names}}

    def _patience(self, stamps: _Stamps) -> float:
        own = stamps[self._path.name]
        return QUIET_SECONDS if own is not None and own[0] else QUIET_WHEN_EMPTY_SECONDS


def _stamp(path: Path) -> tuple[int, ...] | None:
    """Return what changes with a file: size first, then times and identity; None where there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):  # ValueError: a name that no file can have
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write each file in one step: whoever reads sees the old one or the new one, also after a power cut.

    All are ready before the first takes its place, so a full disk or a folder without rights changes nothing.

    Raises:
        Refused: a file or its folder cannot be written.
    """
    ready: list[tuple[Path, Path]] = []
    try:
        for path, raw in files.items():
            target = path.resolve()  # a link stays a link
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f".{target.name}.{os.getpid()}.nieuw")
            ready.append((draft, target))
            _write_draft(draft, target, raw)
        for draft, target in ready:
            draft.replace(target)
            _sync(target.parent)
    except OSError as error:
        raise Refused(
            f"Het bestand {error.filename or ''} kan niet bewaard worden ({error.strerror}).",
            remedy="Geef de gebruiker die Verbinder uitvoert schrijfrechten in de map met huisregels.",
        ) from error
    finally:
        for draft, _ in ready:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)


def _write_draft(draft: Path, target: Path, raw: bytes) -> None:
    with draft.open("wb") as file:
        file.write(raw)
        file.flush()
        with contextlib.suppress(OSError):  # a new file has nothing to take after
            before = target.stat()
            os.fchmod(file.fileno(), before.st_mode & 0o777)
            os.fchown(file.fileno(), before.st_uid, before.st_gid)
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Let the new name of a file survive a power cut as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def set_aside(path: Path, now: datetime) -> Path | None:
    """Copy a file that is about to be overwritten and is kept nowhere else; return the copy, None without a file."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    copy = path.with_name(f"{path.stem}.opzij-{now:%Y%m%d-%H%M%S}{path.suffix}")
    write_whole({copy: raw})
    return copy
