"""The folder with data and the database: can they be used, and is the database one of this program?

Looks only: no file is made, and nothing is migrated.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.core.health import Check, Verdict
from bot.settings import Settings
from bot.store.database import sqlite_path, unusable
from bot.store.migrate import alembic_config, sync_url

FOLDER = "Gegevensmap"
DATABASE = "Databank"
CONNECT_SECONDS = 5
LITTLE_SPACE = 500 * 1024 * 1024  # bytes


async def examine(settings: Settings) -> tuple[Check, ...]:
    """Return a check of the folder and one of the database."""
    return await asyncio.to_thread(_folder, settings.data_dir), await asyncio.to_thread(
        _database, settings.database.url
    )


def _folder(folder: Path) -> Check:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    remedy = "Geef de gebruiker die Verbinder uitvoert schrijfrechten, of kies een andere map met VERBINDER_DATA_DIR."
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        return Check(FOLDER, Verdict.BAD, f"In {existing} kan niet geschreven worden ({error.strerror}).", remedy)
    if shutil.disk_usage(existing).free < LITTLE_SPACE:
        detail = f"Er is nog minder dan {LITTLE_SPACE // 1024**2} MB vrij op de schijf van {existing}."
        return Check(
            FOLDER, Verdict.WARNING, detail, "Maak plaats vrij, anders kan er straks niets meer bewaard worden."
        )
    made = "" if existing == folder else " (wordt gemaakt bij de eerste start)"
    return Check(FOLDER, Verdict.GOOD, f"{folder}{made}")


def _database(url: str) -> Check:
    address = make_url(url).render_as_string(hide_password=True)
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return Check(DATABASE, Verdict.GOOD, f"{path} wordt gemaakt bij de eerste start.")
    connect = {} if path is not None else {"connect_timeout": CONNECT_SECONDS}
    engine = create_engine(sync_url(url), connect_args=connect)
    try:
        with engine.connect() as connection:
            return _version(connection, address)
    except (SQLAlchemyError, OSError) as error:
        reason = unusable(address, error)
        return Check(DATABASE, Verdict.BAD, reason.message, reason.remedy)
    finally:
        engine.dispose()


def _version(connection: Connection, address: str) -> Check:
    if connection.dialect.name == "sqlite":
        verdict = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
        if verdict != "ok":
            detail = f"{address} is beschadigd: {verdict}"
            return Check(DATABASE, Verdict.BAD, detail, "Stop Verbinder en zet een reservekopie terug.")
    current = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(alembic_config())
    head = scripts.get_current_head()
    if current == head:
        return Check(DATABASE, Verdict.GOOD, f"{address} (versie {current})")
    if current is None:
        return Check(DATABASE, Verdict.GOOD, f"{address} is leeg en wordt ingericht bij de eerste start.")
    if current not in {script.revision for script in scripts.walk_revisions()}:
        detail = f"{address} is nieuwer dan dit programma (versie {current}; dit programma kent tot en met {head})."
        remedy = "Start de nieuwste versie van Verbinder, of zet een reservekopie van de databank terug."
        return Check(DATABASE, Verdict.BAD, detail, remedy)
    detail = f"{address} heeft versie {current} en wordt bij de volgende start bijgewerkt naar {head}."
    return Check(DATABASE, Verdict.WARNING, detail, "Maak voor de start een reservekopie.")
