"""The file on the disk is the truth: a good one goes live by itself, a bad one leaves the old one running (trap 8)."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from bot.core.audit import AuditName
from bot.core.errors import RuleFileError
from bot.review.bulletin import Topic
from bot.review.rulebook import CHECK_AGAIN_SECONDS
from bot.rules import RulesReport
from bot.rules.files import RuleFiles
from bot.store import journal
from bot.store.rule_versions import Origin
from tests.builders import Services
from tests.review.looking import log, notices
from tests.review.rule_town import BAD, GOOD, OTHER, RuleTown, fires, kept
from tests.rules.helpers import file_text, rule_text

REFUSED = "rules:refused"


@pytest.fixture
def town(services: Services, tmp_path: Path) -> RuleTown:
    return RuleTown.build(services, tmp_path)


@pytest.fixture
def sqlite_town(sqlite_services: Services, tmp_path: Path) -> RuleTown:
    return RuleTown.build(sqlite_services, tmp_path)


# ── starting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_first_start_keeps_the_file_with_its_lists(town: RuleTown) -> None:
    book = await town.started()
    (version,) = await kept(town.services.database)
    assert (version.text, version.lists, version.origin) == (GOOD, {"lijsten/dieren.txt": "aap\n"}, Origin.FILE)
    assert version.hash == book.engine.rules.hash
    status = await book.status()
    assert (status.applied, status.on_disk, status.version, status.in_step) == (
        version.hash,
        version.hash,
        version,
        True,
    )


async def test_a_start_with_the_same_file_keeps_nothing_twice(town: RuleTown) -> None:
    for _ in range(3):
        await town.started()
    assert len(await kept(town.services.database)) == 1
    assert len(await log(town.services, AuditName.RULES_APPLIED)) == 1


async def test_what_changed_while_the_service_was_down_is_a_new_version_also_when_it_was_there_before(
    town: RuleTown,
) -> None:
    for text in (GOOD, OTHER, GOOD):
        town.write(text)
        await town.started()
    versions = await kept(town.services.database)
    assert [version.text for version in versions] == [GOOD, OTHER, GOOD]
    applied = await log(town.services, AuditName.RULES_APPLIED)
    assert [event.data["changes"] for event in applied] == [0, 1, 1]


# ── a change ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_changed_file_judges_the_next_message_and_is_kept(town: RuleTown) -> None:
    book = await town.started()
    before = book.engine
    town.write(file_text(rule_text("{woorden: noot}", name="noten")))
    async with town.services.bulletin.listen(Topic.CASES) as bell:
        await town.pass_time(book)
        assert await bell.wait(0)
    assert (fires(book, "een aap"), fires(book, "een noot")) == ([], ["noten"])
    assert before.rules.hash != book.engine.rules.hash  # who still held the old engine kept a whole one
    assert before.scorer is book.engine.scorer
    first, second = await kept(town.services.database)
    assert (second.hash, second.origin, second.lists) == (book.engine.rules.hash, Origin.FILE, {})
    applied = await log(town.services, AuditName.RULES_APPLIED)
    assert [(event.data["rules"], event.data["version"]) for event in applied] == [
        (first.hash, first.id),
        (second.hash, second.id),
    ]
    assert applied[1].data["changes"] == 3  # a rule came, a rule went, a list went


async def test_a_changed_list_is_a_change_of_the_rules(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    sqlite_town.write("aap\nbeer\n", "lijsten/dieren.txt")
    await sqlite_town.pass_time(book)
    assert fires(book, "een beer") == ["dieren"]
    assert (await kept(sqlite_town.services.database))[-1].lists == {"lijsten/dieren.txt": "aap\nbeer\n"}


async def test_a_list_that_a_new_file_names_is_looked_at_from_then_on(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    sqlite_town.write("roos\n", "planten.txt")
    sqlite_town.write(GOOD.replace("lijsten/dieren.txt", "planten.txt"))
    await sqlite_town.pass_time(book)
    sqlite_town.write("roos\nvaren\n", "planten.txt")
    await sqlite_town.pass_time(book)
    assert fires(book, "een varen") == ["dieren"]


async def test_a_file_that_was_only_touched_is_not_even_checked(
    sqlite_town: RuleTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = await sqlite_town.started()
    checks: list[RuleFiles] = []
    judge = book._judge

    def counted(files: RuleFiles) -> RulesReport:
        checks.append(files)
        return judge(files)

    monkeypatch.setattr(book, "_judge", counted)
    sqlite_town.write(GOOD)
    await sqlite_town.pass_time(book)
    assert checks == []
    sqlite_town.write(OTHER)
    await sqlite_town.pass_time(book)
    assert len(checks) == 1
    assert len(await kept(sqlite_town.services.database)) == 2


async def test_the_service_notices_a_change_within_two_seconds(sqlite_town: RuleTown) -> None:
    """The best of three, as a machine is busy."""
    book = await sqlite_town.started()
    running = asyncio.create_task(book.run())
    took = []
    try:
        await asyncio.sleep(1)
        for word in ("beer", "cavia", "dromedaris"):
            start = time.monotonic()
            sqlite_town.write(f"{word}\n", "lijsten/dieren.txt")
            while not fires(book, f"een {word}"):
                assert time.monotonic() - start < 30
                await asyncio.sleep(0.02)
            took.append(time.monotonic() - start)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert min(took) < 2


# ── a bad file ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_bad_file_leaves_the_old_one_running_and_tells_administrators_where_it_is_wrong(town: RuleTown) -> None:
    book = await town.started()
    town.write(BAD)
    await town.pass_time(book)
    assert fires(book, "een aap") == ["dieren"]
    text = (await notices(town.services))[REFUSED]
    line = 1 + BAD[: BAD.index("ernst:")].count("\n")
    assert f"{town.path}:{line}:12: fout: `enorm` kan hier niet" in text
    assert f"  {line} |     ernst: enorm\n    |            ^" in text
    assert "versie 1," in text
    status = await book.status()
    assert not status.in_step
    assert status.refused is not None
    assert status.applied == (await kept(town.services.database))[0].hash
    assert status.on_disk not in ("", status.applied)


async def test_a_bad_file_is_told_once_however_long_it_stands_there(town: RuleTown) -> None:
    book = await town.started()
    town.write(BAD)
    await town.pass_time(book, 3 * CHECK_AGAIN_SECONDS)
    town.write(BAD)
    await town.pass_time(book)
    assert len(await log(town.services, AuditName.RULES_REFUSED)) == 1
    assert len(await log(town.services, AuditName.NOTICE_RAISED)) == 1
    assert len(await kept(town.services.database)) == 1


async def test_a_notice_that_somebody_put_away_does_not_come_back_while_nothing_changes(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    sqlite_town.write(BAD)
    await sqlite_town.pass_time(book)
    async with sqlite_town.services.database.write() as tx:
        await journal.settle_notice(tx, REFUSED, sqlite_town.services.clock())
    await sqlite_town.pass_time(book, 2 * CHECK_AGAIN_SECONDS)
    assert await notices(sqlite_town.services) == {}
    for text in (GOOD, BAD):
        sqlite_town.write(text)
        await sqlite_town.pass_time(book)
    assert list(await notices(sqlite_town.services)) == [REFUSED]


async def test_other_mistakes_replace_the_notice(town: RuleTown) -> None:
    book = await town.started()
    for text in (BAD, BAD.replace("enorm", "reusachtig"), "regels: [\n"):
        town.write(text)
        await town.pass_time(book)
    told = await notices(town.services)
    assert list(told) == [REFUSED]
    assert f"{town.path}:2:1" in told[REFUSED]
    assert len(await log(town.services, AuditName.RULES_REFUSED)) == 3


@pytest.mark.parametrize("mended", [GOOD, OTHER], ids=["as it was", "as it should be"])
async def test_mending_the_file_settles_the_notice(town: RuleTown, mended: str) -> None:
    book = await town.started()
    town.write(BAD)
    await town.pass_time(book)
    town.write(mended)
    await town.pass_time(book)
    assert await notices(town.services) == {}
    assert (await book.status()).in_step
    assert [version.text for version in await kept(town.services.database)] == list(dict.fromkeys((GOOD, mended)))


async def test_many_mistakes_are_counted_and_the_first_are_shown(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    rules = [rule_text(f"{{woorden: aap{n}}}", name=f"r{n}").replace("hoog", f"enorm{n}") for n in range(7)]
    sqlite_town.write(file_text(*rules))
    await sqlite_town.pass_time(book)
    text = (await notices(sqlite_town.services))[REFUSED]
    assert "`enorm2`" in text
    assert "`enorm3`" not in text
    assert "Er zijn nog 4 fouten" in text


async def test_a_file_that_is_gone_leaves_the_rules_in_force(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    sqlite_town.path.unlink()
    await sqlite_town.pass_time(book)
    assert "het bestand bestaat niet" in (await notices(sqlite_town.services))[REFUSED]
    assert (await book.status()).on_disk == ""
    sqlite_town.write(GOOD)
    await sqlite_town.pass_time(book)
    assert await notices(sqlite_town.services) == {}


async def test_a_list_that_is_missing_is_looked_for(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    sqlite_town.write(GOOD.replace("lijsten/dieren.txt", "beesten.txt"))
    await sqlite_town.pass_time(book)
    assert "`beesten.txt`" in (await notices(sqlite_town.services))[REFUSED]
    sqlite_town.write("beer\n", "beesten.txt")
    await sqlite_town.pass_time(book)
    assert await notices(sqlite_town.services) == {}
    assert fires(book, "een beer") == ["dieren"]


async def test_examples_that_only_failed_because_the_scorer_lay_still_are_tried_again(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    sqlite_town.scorer.down = True
    examples = "    voorbeelden: {wel: [een noot], niet: []}\n"
    sqlite_town.write(file_text(rule_text("{toxiciteit: {label: insult, vanaf: 0.05}}", extra=examples)))
    await sqlite_town.pass_time(book)
    assert REFUSED in await notices(sqlite_town.services)
    sqlite_town.scorer.down = False
    await sqlite_town.pass_time(book, CHECK_AGAIN_SECONDS)
    assert await notices(sqlite_town.services) == {}
    assert [rule.id for rule in book.engine.rules.rules] == ["regel"]


# ── half-written ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_editor_that_empties_the_file_before_it_writes_is_waited_for(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    await sqlite_town.pass_time(book)
    sqlite_town.write("")
    await sqlite_town.pass_time(book, 1)
    for end in range(100, len(OTHER), 100):
        sqlite_town.write(OTHER[:end])
        await sqlite_town.pass_time(book, 0.25)
    sqlite_town.write(OTHER)
    await sqlite_town.pass_time(book)
    assert book.engine.rules.rules[0].title == "Geen dieren"
    assert await log(sqlite_town.services, AuditName.RULES_REFUSED) == []


async def test_what_is_written_while_the_file_is_read_is_read_again(
    sqlite_town: RuleTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = await sqlite_town.started()
    sqlite_town.write(OTHER[:60])
    digest = RuleFiles.digest
    written: list[int] = []

    def write_in_between(files: RuleFiles, names: frozenset[str]) -> str:
        found = digest(files, names)
        if not written:
            written.append(1)
            sqlite_town.write(OTHER)
        return found

    monkeypatch.setattr(RuleFiles, "digest", write_in_between)
    await sqlite_town.pass_time(book)
    assert written
    assert book.engine.rules.rules[0].title == "Geen dieren"
    assert await log(sqlite_town.services, AuditName.RULES_REFUSED) == []


# ── trouble ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "fails"),
    [(OTHER, "bot.store.rule_versions.newest"), (BAD, "bot.review.rule_notices.tell")],
    ids=["good", "bad"],
)
async def test_a_change_that_could_not_be_noted_is_taken_in_later(
    sqlite_town: RuleTown, monkeypatch: pytest.MonkeyPatch, text: str, fails: str
) -> None:
    book = await sqlite_town.started()
    await sqlite_town.pass_time(book)

    async def out_of_order(*_: object) -> None:
        raise OSError("disk I/O error")

    sqlite_town.write(text)
    with monkeypatch.context() as broken:
        broken.setattr(fails, out_of_order)
        with pytest.raises(OSError, match="disk I/O"):
            await sqlite_town.pass_time(book)
    await sqlite_town.pass_time(book)
    assert (await book.status()).in_step == (text is OTHER)
    assert (REFUSED in await notices(sqlite_town.services)) == (text is BAD)


# ── the last good version ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_service_that_starts_on_a_bad_file_runs_the_last_good_version_and_says_so(town: RuleTown) -> None:
    await town.started()
    town.write("aap\nbeer\n", "lijsten/dieren.txt")
    before = await town.started()
    town.write(BAD)
    town.write("!alles weg\n", "lijsten/dieren.txt")
    book = await town.on_last_good()
    assert book.engine.rules.hash == before.engine.rules.hash
    assert fires(book, "een beer") == ["dieren"]
    assert "Verbinder werkt verder met versie 2," in (await notices(town.services))[REFUSED]
    status = await book.status()
    assert (status.version is not None and status.version.id, status.in_step) == (2, False)
    assert len(await kept(town.services.database)) == 2
    town.write(OTHER)
    town.write("cavia\n", "lijsten/dieren.txt")
    await town.pass_time(book)
    assert fires(book, "een cavia") == ["dieren"]
    assert await notices(town.services) == {}


async def test_restarts_on_the_same_bad_file_tell_it_once(town: RuleTown) -> None:
    await town.started()
    town.write(BAD)
    for _ in range(3):
        await town.on_last_good()
    assert len(await log(town.services, AuditName.RULES_REFUSED)) == 1


async def test_without_a_good_version_the_file_itself_is_refused(town: RuleTown) -> None:
    town.write(BAD)
    with pytest.raises(RuleFileError, match="`enorm` kan hier niet"):
        await town.on_last_good()


async def test_a_version_that_can_no_longer_be_used_does_not_hide_what_is_wrong_with_the_file(town: RuleTown) -> None:
    scored = "    voorbeelden: {wel: [een noot], niet: []}\n"
    town.write(file_text(rule_text("{toxiciteit: {label: insult, vanaf: 0.05}}", extra=scored)))
    await town.started()
    town.scorer.down = True
    town.write(BAD)
    with pytest.raises(RuleFileError, match="`enorm` kan hier niet"):
        await town.on_last_good()


async def test_a_file_that_was_mended_during_the_start_is_taken_in(town: RuleTown) -> None:
    await town.started()
    town.write(BAD)

    book = await town.on_last_good(start=False)
    town.write(OTHER)
    await book.start()
    assert book.engine.rules.rules[0].title == "Geen dieren"
    assert (await book.status()).in_step
