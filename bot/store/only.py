"""One service at a time on one database: two would each send what people decided.

The operating system or the database server lets go of the lock when the process ends, however it ends.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.core.errors import StoreError
from bot.store.database import Database, sqlite_path

# Any number that nobody else in this database uses, and the schema: another schema holds another set of tables.
_LOCK = "7260043, hashtext(coalesce(current_schema(), ''))"


@contextlib.asynccontextmanager
async def only_service(database: Database) -> AsyncIterator[None]:
    """Hold the database as its one service for the length of the block; raise StoreError when another does."""
    path = sqlite_path(database.url.render_as_string(hide_password=False))
    if path is not None:
        with _file_lock(path.resolve()):
            yield
    elif database.is_sqlite:  # in memory: nobody else can reach it
        yield
    else:
        async with database.engine.connect() as connection:
            free = await connection.execute(text(f"SELECT pg_try_advisory_lock({_LOCK})"))
            if not free.scalar_one():
                raise _in_use(database.url.render_as_string(hide_password=True))
            await connection.commit()  # the lock belongs to the session, not to this transaction
            try:
                yield
            finally:
                with contextlib.suppress(SQLAlchemyError):  # the connection broke, and the lock went with it
                    await connection.execute(text(f"SELECT pg_advisory_unlock({_LOCK})"))


@contextlib.contextmanager
def _file_lock(database: Path) -> Iterator[None]:
    path = database.with_name(f"{database.name}.lock")
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("a"))
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _in_use(str(database)) from None
        except OSError as error:
            raise StoreError(
                f"Naast de databank kan geen slotbestand gemaakt worden: {path} ({error.strerror})",
                remedy="Geef de gebruiker die Verbinder uitvoert schrijfrechten in die map.",
            ) from error
        yield


def _in_use(address: str) -> StoreError:
    return StoreError(
        f"Verbinder draait al op deze databank (already running): {address}",
        remedy="Stop het andere programma eerst, of kies een andere databank met VERBINDER_DATABASE__URL.",
    )
