from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest

from bot.core.errors import ImportFileError
from bot.core.messages import AuthorRole, MessageKind
from bot.importing import ImportReport, Progress, import_file, report_in_words
from bot.importing.skipping import Reason
from tests.importing.builders import (
    GROUP,
    as_file,
    automatic_forward,
    discord_forum_post,
    discord_message,
    large_telegram_file,
    telegram_account,
    telegram_chat,
    telegram_message,
    telegram_service,
)
from tests.importing.doubles import FileIntake

DATA = Path(__file__).parent / "data"
MEGABYTE = 1 << 20


def quiet(progress: Progress) -> None:
    """Take no notice of progress."""


def town(tmp_path: Path, count: int = 20) -> Path:
    messages = [telegram_message(number, by=number % 3 + 1) for number in range(1, count + 1)]
    return as_file(tmp_path / "result.json", telegram_chat(messages))


async def test_the_telegram_sample_becomes_history(intake: FileIntake) -> None:
    report = await import_file(DATA / "telegram_result.json", intake, on_progress=quiet)
    assert report == ImportReport(
        imported=5,
        skipped={Reason.SERVICE: 1, Reason.UNSUPPORTED: 1},
        authors=4,
        chats=(f"-100{GROUP}",),
    )
    post, worry, answer, forward, sticker = intake.received
    assert (post.kind, post.author.role) == (MessageKind.POST, AuthorRole.MUNICIPALITY)
    assert post.text == "Fietspad Molenstraat\nVanaf maandag werken we aan het fietspad. Meer op onze pagina."
    assert post.attachments == ("foto", "verborgen link: https://zandbeke.example/fietspad")
    assert (worry.reply_to, worry.author.id) == ("2", "501")
    assert (answer.text, answer.quoted) == ("Laat ons eerst afwachten.", "Dat lukt nooit op tijd.")
    assert (forward.text, forward.forwarded) == ("", "Winkeliers vrezen omzetverlies.")
    assert sticker.attachments == ("sticker 🚲",)


async def test_the_discord_sample_becomes_history(intake: FileIntake) -> None:
    report = await import_file(DATA / "discord_export.json", intake, on_progress=quiet, own=frozenset({"700"}))
    assert report == ImportReport(imported=3, skipped={Reason.SERVICE: 1}, authors=3, chats=("803333333333333333",))
    post, wish, forward = intake.received
    assert (post.kind, post.author.role) == (MessageKind.POST, AuthorRole.MUNICIPALITY)
    assert (wish.text, wish.quoted) == ("Een klimtoren, @Gemeente Zandbeke 🙂", "Welke toestellen")
    assert (wish.post_id, wish.reply_to, wish.attachments) == (post.ref.message_id, post.ref.message_id, ("foto",))
    assert (forward.forwarded, forward.reply_to) == ("In Pepelare hebben ze een kabelbaan.", None)


async def test_a_second_run_brings_in_nothing(tmp_path: Path, intake: FileIntake) -> None:
    path = town(tmp_path)
    await import_file(path, intake, on_progress=quiet, batch=6)
    report = await import_file(path, intake, on_progress=quiet, batch=6)
    assert (report.imported, report.known, intake.count()) == (0, 20, 20)
    assert len(intake.received) == 20  # what was stored is not even handed over again


async def test_a_newer_export_of_the_same_chat_brings_in_what_is_new(tmp_path: Path, intake: FileIntake) -> None:
    await import_file(town(tmp_path, 20), intake, on_progress=quiet)
    report = await import_file(town(tmp_path, 25), intake, on_progress=quiet)
    assert (report.imported, report.known) == (5, 20)


async def test_another_choice_of_own_authors_reads_the_file_again(tmp_path: Path, intake: FileIntake) -> None:
    path = town(tmp_path)
    await import_file(path, intake, on_progress=quiet)
    await import_file(path, intake, on_progress=quiet, own=frozenset({"1"}))
    assert len(intake.received) == 40


async def test_a_run_that_broke_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path, store = town(tmp_path), tmp_path / "store.db"
    broken = FileIntake(store, fail_at=2)
    with pytest.raises(ConnectionError):
        await import_file(path, broken, on_progress=quiet, batch=6)
    assert broken.count() == 12  # the third batch was rolled back as a whole
    broken.close()
    again = FileIntake(store)
    report = await import_file(path, again, on_progress=quiet, batch=6)
    assert (report.imported, report.known, again.count()) == (8, 12, 20)
    assert again.received[0].ref.message_id == "13"
    again.close()


async def test_topics_survive_a_run_that_broke_off(tmp_path: Path) -> None:
    opened = telegram_service(1, "topic_created", title="Verkeer")
    path = as_file(
        tmp_path / "result.json",
        telegram_chat([opened, *(telegram_message(n, reply_to_message_id=n - 1) for n in range(2, 9))]),
    )
    store = tmp_path / "store.db"
    broken = FileIntake(store, fail_at=1)
    with pytest.raises(ConnectionError):
        await import_file(path, broken, on_progress=quiet, batch=3)
    broken.close()
    again = FileIntake(store)
    await import_file(path, again, on_progress=quiet)
    assert {message.thread_id for message in again.received} == {"1"}
    again.close()


async def test_what_stands_before_damage_is_kept_and_the_message_says_what_to_do(
    tmp_path: Path, intake: FileIntake
) -> None:
    whole = town(tmp_path, 30).read_bytes()
    path = tmp_path / "cut.json"
    path.write_bytes(whole[: whole.index(b'"id": 21,')])
    with pytest.raises(ImportFileError) as caught:
        await import_file(path, intake, on_progress=quiet, batch=8)
    assert intake.count() == 20
    size, line = path.stat().st_size, path.read_bytes().count(b"\n") + 1
    assert f"byte {size} (regel {line})" in caught.value.message
    assert "20 berichten ingelezen" in caught.value.message
    assert "Maak de export opnieuw" in caught.value.remedy
    report = await import_file(town(tmp_path, 30), intake, on_progress=quiet)
    assert (report.imported, report.known) == (10, 20)


async def test_progress_goes_up_to_the_whole_file(tmp_path: Path, intake: FileIntake) -> None:
    path = town(tmp_path, 1000)
    steps: list[Progress] = []
    await import_file(path, intake, on_progress=steps.append, batch=100)
    assert [step.messages for step in steps] == sorted(step.messages for step in steps)
    assert steps[-1] == Progress(path.stat().st_size, path.stat().st_size, 1000)
    assert len(steps) >= 10


async def test_private_chats_of_an_account_are_counted_and_not_read(tmp_path: Path, intake: FileIntake) -> None:
    private = telegram_chat([telegram_message(n) for n in range(50)], kind="personal_chat", number=7)
    account = telegram_account([private, telegram_chat([automatic_forward(1, "Post"), telegram_message(2)])])
    path = as_file(tmp_path / "result.json", account)
    report = await import_file(path, intake, on_progress=quiet, batch=1)
    assert (report.imported, report.skipped, report.chats) == (2, {Reason.PRIVATE: 50}, (f"-100{GROUP}",))


async def test_only_the_chats_that_were_asked_for(tmp_path: Path, intake: FileIntake) -> None:
    chats = [telegram_chat([telegram_message(1)], number=number) for number in (GROUP, 5)]
    path = as_file(tmp_path / "result.json", telegram_account(chats))
    report = await import_file(path, intake, on_progress=quiet, only=frozenset({f"-100{GROUP}"}))
    assert (report.imported, report.skipped, report.chats) == (1, {Reason.OTHER_CHAT: 1}, (f"-100{GROUP}",))
    post = as_file(tmp_path / "discord.json", discord_forum_post([discord_message(1)]))
    assert (await import_file(post, intake, on_progress=quiet, only=frozenset({"805"}))).imported == 1


def test_the_report_is_plain_dutch_without_names() -> None:
    report = ImportReport(imported=3, known=1, skipped={Reason.BOT.value: 2}, authors=2, chats=("-1001",))
    assert report_in_words(report) == (
        "Ingelezen: 3 berichten uit 1 gesprek.\n"
        "Al bekend en dus overgeslagen: 1 bericht.\n"
        "Niet ingelezen:\n"
        "  2 × bericht van een bot\n"
        "Schrijvers onder schuilnaam bewaard: 2."
    )


async def _start(path: Path, store: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.importing.large_run",
        str(path),
        str(store),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )


@pytest.mark.e2e
async def test_a_killed_process_is_finished_by_the_next_and_memory_stays_small(tmp_path: Path) -> None:
    path, store = tmp_path / "result.json", tmp_path / "store.db"
    count = large_telegram_file(path, 50 * MEGABYTE)
    first = await _start(path, store)
    assert first.stdout is not None
    for _ in range(20):
        await first.stdout.readline()
    first.kill()
    await first.wait()
    half = FileIntake(store)
    stored = half.count()
    half.close()
    assert 0 < stored < count
    second = await _start(path, store)
    output, _ = await second.communicate()
    match = re.search(rb"peak (\d+) imported (\d+) known (\d+)", output)
    assert match is not None, output[-300:]
    peak, imported, known = (int(group) for group in match.groups())
    assert (imported, known) == (count - stored, stored)
    assert peak < 30 * MEGABYTE
