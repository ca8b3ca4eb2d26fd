"""Where a command writes what it was asked for: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bot.core.errors import ConfigError

STANDARD = Path("-")


@contextlib.contextmanager
def sink(out: Path | None) -> Iterator[BinaryIO]:
    """Yield where to write. A file appears whole or not at all: it is written beside its place, then moved there."""
    if out is None or out == STANDARD:
        yield sys.stdout.buffer
        return
    try:
        if out.exists() and not out.is_file():  # a pipe or a device can only be written to as it stands
            with out.open("wb") as direct:
                yield direct
            return
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    except OSError as error:
        raise ConfigError(
            f"{out} kan niet geschreven worden ({error.strerror}).", remedy="Kies een map waarin u mag schrijven."
        ) from None
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(0o666 & ~_umask())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
