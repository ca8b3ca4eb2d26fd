"""The import on the real intake and both databases."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from bot.core.messages import Author, Message, MessageRef
from bot.importing import Progress, import_file
from bot.importing.values import as_unix_time
from bot.store.schema import messages, revisions
from tests.builders import Services
from tests.importing.builders import GROUP, as_file, telegram_chat, telegram_message

DATA = Path(__file__).parent / "data"


def quiet(progress: Progress) -> None:
    """Take no notice of progress."""


async def test_an_export_is_stored_once_with_posts_and_under_pseudonyms(services: Services) -> None:
    path = DATA / "telegram_result.json"
    assert (await import_file(path, services.intake, on_progress=quiet, batch=2)).imported == 5
    assert (await import_file(path, services.intake, on_progress=quiet, own=frozenset({"999"}))).imported == 0
    async with services.database.read() as tx:
        rows = (await tx.execute(select(messages).order_by(messages.c.id))).all()
    assert [(row.message_id, row.kind, row.post_id, row.history) for row in rows] == [
        ("2", "post", None, True),
        ("3", "reaction", "2", True),
        ("4", "reaction", None, True),  # answers a message that is not in the export
        ("6", "reaction", None, True),
        ("7", "reaction", None, True),
    ]
    assert rows[1].author_key == rows[4].author_key == services.intake.author_key("telegram", "501")


async def test_a_message_that_came_in_live_is_known(services: Services, tmp_path: Path) -> None:
    exported = telegram_message(5, "Wanneer komt er groen?", by=501)
    sent_at = as_unix_time(exported["date_unixtime"])
    assert sent_at is not None
    ref = MessageRef("telegram", f"-100{GROUP}", "5")
    await services.intake.receive(Message(ref, Author("501", "Bewoner 501"), "Wanneer komt er groen?", sent_at))
    path = as_file(tmp_path / "result.json", telegram_chat([telegram_message(4), exported]))
    report = await import_file(path, services.intake, on_progress=quiet)
    assert (report.imported, report.known) == (1, 1)
    later = as_file(
        tmp_path / "later.json",
        telegram_chat([replace_text(exported, "Wanneer komt er meer groen?")]),
    )
    assert (await import_file(later, services.intake, on_progress=quiet)).imported == 1  # it was edited since
    async with services.database.read() as tx:
        count = (await tx.execute(select(func.count()).select_from(revisions))).scalar_one()
    assert count == 3


def replace_text(exported: dict[str, object], text: str) -> dict[str, object]:
    """Return the exported message after an edit."""
    entities = [{"type": "plain", "text": text}]
    edited = {"edited": "2026-03-03T09:00:00", "edited_unixtime": "1772524800"}
    return exported | edited | {"text": text, "text_entities": entities}
