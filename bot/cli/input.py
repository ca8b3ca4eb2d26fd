"""What a command reads: a file, or standard input where the file is called `-`."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bot.cli.output import STANDARD
from bot.core.errors import ConfigError


@contextlib.contextmanager
def source(file: Path) -> Iterator[tuple[BinaryIO, int]]:
    """Yield the input and its size in bytes, 0 where that cannot be known."""
    if file == STANDARD:
        yield sys.stdin.buffer, 0
        return
    try:
        stream = file.open("rb")
    except OSError as error:
        reason = (
            "bestaat niet" if isinstance(error, FileNotFoundError) else f"kan niet gelezen worden ({error.strerror})"
        )
        raise ConfigError(f"{file} {reason}.", remedy="Kijk de naam en de rechten van het bestand na.") from None
    with stream:
        yield stream, os.fstat(stream.fileno()).st_size
