"""The bytes of a rule file and of the files beside it, each read once and remembered.

What was checked is what is compiled, hashed and kept, also when somebody saves a file meanwhile. A text that is not on
the disk (in an editor, or of an earlier version) is judged by giving its files instead.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

MIRRORS_FILE = "spiegels.yaml"
LONGEST_FILE = 4_000_000  # bytes of a file beside the rule file


class FileError(ValueError):
    """A file that cannot be used; the message is Dutch, for the administrator."""


class MissingFileError(FileError):
    """A file that is not there."""


class RuleFiles:
    """Reads the rule file `path` and files in its folder, by their names as the rule file writes them.

    `text` stands for the rule file and `beside` for files beside it; with `alone` nothing else is read from the disk.
    """

    def __init__(
        self, path: Path, *, text: bytes | None = None, beside: Mapping[str, bytes] | None = None, alone: bool = False
    ) -> None:
        self.path = path
        self._text = text
        self._given = dict(beside or {})
        self.alone = alone
        self._read: dict[str, bytes | FileError] = {}

    def text(self) -> bytes:
        """Return the rule file; raise OSError where it cannot be read."""
        if self._text is None:
            self._text = _ordinary(self.path)
        return self._text

    def read(self, name: str) -> bytes:
        """Return the file called `name` beside the rule file; raise FileError where it cannot be used."""
        if name not in self._read:
            try:
                self._read[name] = self._found(name)
            except FileError as error:
                self._read[name] = error
        found = self._read[name]
        if isinstance(found, FileError):
            raise found
        return found

    @property
    def names(self) -> frozenset[str]:
        """Return the names of everything that was asked for, also of what was not there."""
        return frozenset(self._read)

    @property
    def beside(self) -> Mapping[str, bytes]:
        """Return what was read beside the rule file, by name."""
        return {name: found for name, found in self._read.items() if isinstance(found, bytes)}

    def digest(self, names: Iterable[str]) -> str:
        """Return a hash of the rule file and the files called `names`, also of those that are not there."""
        digest = hashlib.sha256()
        for name in ("", *sorted(names)):
            try:
                raw = self.read(name) if name else self.text()
            except (OSError, FileError) as error:
                raw = f"\0{error}".encode()
            called = name.encode("utf-8", "replace")
            digest.update(f"{len(called)} {len(raw)} ".encode() + called + raw)
        return digest.hexdigest()

    def _found(self, name: str) -> bytes:
        raw = self._given.get(name)
        if raw is None:
            raw = self._from_disk(name)
        elif not self._inside(name):
            raise FileError(f"`{name}` ligt buiten de map van het regelbestand")
        if len(raw) > LONGEST_FILE:
            raise FileError(f"`{name}` is te groot (hoogstens {LONGEST_FILE // 1_000_000} MB)")
        return raw

    def _inside(self, name: str) -> bool:
        """Tell whether a file called `name` would lie in the folder of the rule file: what is given may be written."""
        folder = self.path.parent
        try:
            return (folder / name).resolve().is_relative_to(folder.resolve())
        except (OSError, ValueError):  # ValueError: a name with a NUL in it
            return False

    def _from_disk(self, name: str) -> bytes:
        unreadable = f"het bestand `{name}` kan niet gelezen worden, of het bestaat niet"
        if self.alone:
            raise MissingFileError(unreadable)
        folder = self.path.parent
        try:
            path = (folder / name).resolve()
            if path.is_relative_to(folder.resolve()):
                return _ordinary(path)
        except FileNotFoundError as error:
            raise MissingFileError(unreadable) from error
        except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
            raise FileError(unreadable) from error
        raise FileError(f"`{name}` ligt buiten de map van het regelbestand")


def _ordinary(path: Path) -> bytes:
    """Return what is in a file, and one byte more than it may have where it is too large; raise OSError otherwise.

    What is no file, such as a pipe or a device, might never end.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "geen gewoon bestand")
    with path.open("rb") as file:
        return file.read(LONGEST_FILE + 1)
