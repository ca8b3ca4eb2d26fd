"""The key of the pseudonyms: random, made once, kept in a file that only the service's own user can read.

Without it the pseudonyms in the database say nothing about who wrote; it is therefore not kept in the database.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from bot.core.errors import StoreError

KEY_NAME = "schuilnamen.sleutel"
_BYTES = 32


def read_or_make_key(folder: Path) -> bytes:
    """Return the key in `folder`, made there when there is none yet.

    Raises:
        StoreError: the file cannot be read or made, or is not a key.
    """
    path = folder / KEY_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            with contextlib.suppress(FileExistsError):  # another process was first
                _make(path)
        key = path.read_bytes()
    except OSError as error:
        raise StoreError(
            f"De sleutel van de schuilnamen kan niet gelezen of gemaakt worden: {path} ({error.strerror})",
            remedy="Geef de gebruiker die Verbinder uitvoert lees- en schrijfrechten, of kies een andere map met "
            "VERBINDER_DATA_DIR.",
        ) from error
    if len(key) != _BYTES:
        raise StoreError(
            f"De sleutel van de schuilnamen is beschadigd: {path}",
            remedy="Zet het bestand terug uit een reservekopie. Verwijdert u het, dan krijgt elke bewoner een nieuwe "
            "schuilnaam.",
        )
    return key


def _make(path: Path) -> None:
    """Write a new key beside `path` and link it into place: whoever reads `path` sees a whole key or none."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(secrets.token_bytes(_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        os.link(fresh, path)
    finally:
        fresh.unlink()
