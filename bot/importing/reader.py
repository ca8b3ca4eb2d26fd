"""Open an export file, tell which of the two it is, and give out its messages as a stream.

The file is never held whole. What comes before damage is given out first; then `Damage` says at which byte and line
the file breaks. Everything else that is wrong with a file is one `ImportFileError`, in Dutch.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import ijson  # type: ignore[import-untyped]

from bot.core.errors import ImportFileError
from bot.importing.pieces import pieces, repaired, units
from bot.importing.walker import Found, Private, Unrecognised, Walker

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"{\x00", b"\x00{")
_HEAD_BYTES = 512

ACCEPTED = (
    "Verbinder leest twee soorten bestanden: de JSON-export van Telegram Desktop (result.json; kies bij het "
    "exporteren 'Machine-readable JSON') en de JSON-export van DiscordChatExporter (formaat 'Json')."
)
AGAIN = "Maak de export opnieuw en voer de opdracht nog eens uit: wat al is ingelezen, komt er geen tweede keer bij."


class Damage(Exception):
    """The file breaks off, or goes wrong, at `byte` (from 0) on `line` (from 1)."""

    def __init__(self, byte: int, line: int, *, cut_off: bool, encoding: bool = False) -> None:
        super().__init__(byte, line)
        self.byte = byte
        self.line = line
        self.cut_off = cut_off
        self.encoding = encoding


class ExportReader:
    """Reads one export file from its beginning. `done` of `total` bytes were read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.total = 0
        self.done = 0

    def read(self) -> Generator[Found, None, None]:
        """Yield every complete message in the order of the file.

        Raise ImportFileError for a file that is no export of either kind, and Damage where an export breaks.
        """
        with opened(self.path) as file:
            self.total = self.path.stat().st_size
            self.done = start_of_json(file, self.path)
            walker = Walker()
            try:
                yield from self._walk(file, walker)
            except Unrecognised:
                raise _not_recognised(self.path) from None
            except Private:
                raise ImportFileError(
                    f"{self.path} is de export van een privégesprek. Die leest Verbinder nooit in.",
                    remedy="Exporteer de groep of het kanaal van de gemeente.",
                ) from None
            if not walker.recognised:
                raise _not_recognised(self.path)

    def _walk(self, file: BinaryIO, walker: Walker) -> Iterator[Found]:
        events: Any = ijson.sendable_list()
        parser = ijson.basic_parse_coro(events)
        for piece in pieces(file):
            error = _feed(parser, repaired(piece))
            yield from walker.walk(events)
            del events[:]
            if error is not None:
                raise self._damage(self.done, piece, error, walker)
            self.done += len(piece)
        error = _close(parser)
        yield from walker.walk(events)
        if error is not None:
            raise self._damage(self.total, b"", error, walker)

    def _damage(self, start: int, piece: bytes, error: Exception, walker: Walker) -> Exception:
        """Return what to raise for damage in `piece`, which begins at byte `start`."""
        if not walker.recognised:
            return _not_recognised(self.path)
        byte = start + (_offset_of_damage(self.path, start, piece) if piece else 0)
        return Damage(byte, _line_of(self.path, byte), cut_off=not piece, encoding="UTF8" in str(error))


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open `path` for reading; raise ImportFileError with what to do when that cannot be."""
    if path.is_dir():
        raise ImportFileError(
            f"{path} is een map, geen bestand.",
            remedy="Noem het bestand zelf; bij een export van Telegram Desktop heet het result.json.",
        )
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise ImportFileError(f"{path} bestaat niet.", remedy="Kijk de naam en de map na.") from None
    except PermissionError:
        raise ImportFileError(
            f"{path} mag niet worden gelezen door de gebruiker die Verbinder uitvoert.",
            remedy="Geef die gebruiker leesrechten op het bestand.",
        ) from None
    except OSError as error:
        raise ImportFileError(
            f"{path} kan niet worden geopend ({error.strerror}).", remedy="Kopieer het naar een gewone map."
        ) from error
    with file:
        yield file


def start_of_json(file: BinaryIO, path: Path) -> int:
    """Leave `file` at the first byte of its JSON and return that place.

    A byte order mark of UTF-8 (an editor's) is stepped over. Raise ImportFileError for an empty file, for another
    encoding and for the other kinds of file that people try.
    """
    head = file.read(_HEAD_BYTES)
    if not head.strip(b" \t\r\n\x00"):
        raise ImportFileError(
            f"{path} is leeg.", remedy="Wacht tot het exportprogramma klaar is, of maak de export opnieuw."
        )
    if head.startswith(_UTF16):
        raise ImportFileError(
            f"{path} staat in UTF-16 en niet in UTF-8.",
            remedy="Neem het oorspronkelijke exportbestand, of bewaar het in een teksteditor opnieuw als UTF-8.",
        )
    start = len(_BOM) if head.startswith(_BOM) else 0
    content = head[start:].lstrip()
    if content.startswith(b"<"):
        raise ImportFileError(f"{path} is een HTML-export. Daar staat te weinig in om in te lezen.", remedy=ACCEPTED)
    if content.startswith(b"PK\x03\x04"):
        raise ImportFileError(f"{path} is een zip-bestand.", remedy=f"Pak het eerst uit. {ACCEPTED}")
    if not content.startswith(b"{"):
        raise _not_recognised(path)
    file.seek(start)
    return start


def _not_recognised(path: Path) -> ImportFileError:
    return ImportFileError(
        f"{path} is geen export die Verbinder kent, of er staan geen gesprekken in.", remedy=ACCEPTED
    )


def _feed(parser: Any, data: bytes) -> Exception | None:
    try:
        parser.send(data)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        return error
    except StopIteration:
        return ValueError("more data after the end")
    return None


def _close(parser: Any) -> Exception | None:
    try:
        parser.close()
    except (ijson.JSONError, UnicodeDecodeError) as error:
        return error
    return None


class _Nowhere:
    """A parser's target that forgets everything."""

    def send(self, event: object) -> None:
        """Take an event."""


def _offset_of_damage(path: Path, start: int, piece: bytes) -> int:
    """Return where in `piece` the parser stops: read up to it once more, then go on byte by byte."""
    parser = ijson.basic_parse_coro(_Nowhere())
    with opened(path) as file:
        at = start_of_json(file, path)
        for before in pieces(file):
            if at >= start:
                break
            parser.send(repaired(before))
            at += len(before)
    offset = 0
    for unit in units(piece):
        if _feed(parser, repaired(unit)) is not None:
            break
        offset += len(unit)
    return offset


def _line_of(path: Path, byte: int) -> int:
    """Return the line that `byte` of the file stands on, from 1."""
    line = 1
    left = byte
    with opened(path) as file:
        while left > 0 and (block := file.read(min(left, 1 << 20))):
            line += block.count(b"\n")
            left -= len(block)
    return line
