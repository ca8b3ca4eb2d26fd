"""Saving and going back: the file is written, the rules are in force at once, and nothing of anybody is lost."""

from __future__ import annotations

import asyncio
import errno
from pathlib import Path

import pytest

from bot.core.audit import AuditName
from bot.core.errors import Refused
from bot.review import rule_folder
from bot.review.rulebook import Rulebook
from bot.store.rule_versions import Origin
from tests.builders import Services
from tests.review.looking import log, notices
from tests.review.rule_town import BAD, GOOD, OTHER, RuleTown, fires, kept, read_all
from tests.rules.helpers import file_text, rule_text

ANIMALS = "lijsten/dieren.txt"


@pytest.fixture
def town(services: Services, tmp_path: Path) -> RuleTown:
    return RuleTown.build(services, tmp_path)


@pytest.fixture
def sqlite_town(sqlite_services: Services, tmp_path: Path) -> RuleTown:
    return RuleTown.build(sqlite_services, tmp_path)


async def save(book: Rulebook, text: str, *, note: str = "Een proef.", author: str = "An") -> int:
    applied = await book.save(text, author, note, based_on=book.engine.rules.hash)
    return applied.version.id


# ── saving ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_saved_stands_in_the_file_and_judges_at_once(town: RuleTown) -> None:
    book = await town.started()
    new = file_text(rule_text("{woorden: noot}", name="noten")) + "# met é en \U0001f600\n"
    applied = await book.save(new, "An", "Ook noten.", based_on=book.engine.rules.hash)
    assert fires(book, "een noot") == ["noten"]
    assert town.path.read_bytes() == new.encode()
    version = (await kept(town.services.database))[-1]
    assert applied.version == version
    assert (version.author, version.note, version.origin, version.text) == ("An", "Ook noten.", Origin.CONSOLE, new)
    assert version.hash == book.engine.rules.hash
    assert applied.changes[0].startswith("Nieuwe regel “Een titel” (`noten`)")
    assert applied.set_aside == ()
    (saved,) = await log(town.services, AuditName.RULES_SAVED)
    assert (saved.actor, saved.data) == ("An", {"rules": version.hash, "version": version.id})
    assert (await log(town.services, AuditName.RULES_APPLIED))[-1].data["version"] == version.id


async def test_lists_are_saved_with_the_text_that_names_them(town: RuleTown) -> None:
    book = await town.started()
    seen = book.engine.rules.hash
    applied = await book.save(GOOD, "An", "Ook beren.", based_on=seen, lists={ANIMALS: "aap\nbeer\n"})
    assert (fires(book, "een beer"), applied.changes) == (["dieren"], ("Lijst `dieren`: “beer” erbij.",))
    assert read_all(town.path.parent) == {"huisregels.yaml": GOOD.encode(), ANIMALS: b"aap\nbeer\n"}
    assert (await kept(town.services.database))[-1].lists == {ANIMALS: "aap\nbeer\n"}
    await town.pass_time(book)
    assert len(await kept(town.services.database)) == 2
    await book.rollback(1, "An")
    assert read_all(town.path.parent)[ANIMALS] == b"aap\n"


async def test_going_back_to_what_is_in_force_makes_no_version_but_mends_the_disk(town: RuleTown) -> None:
    book = await town.started()
    with pytest.raises(Refused, match="De regels van versie 1 gelden al"):
        await book.rollback(1, "An")
    assert len(await kept(town.services.database)) == 1
    town.write(BAD)
    await town.pass_time(book)
    await book.rollback(1, "An")
    assert read_all(town.path.parent)["huisregels.yaml"] == GOOD.encode()


async def test_a_list_that_is_wrong_refuses_everything_and_writes_nothing(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    before, seen = read_all(sqlite_town.path.parent), book.engine.rules.hash
    with pytest.raises(Refused, match="lijst `dieren` is leeg"):
        await book.save(OTHER, "An", "", based_on=seen, lists={ANIMALS: "# niets\n"})
    assert read_all(sqlite_town.path.parent) == before


async def test_a_list_is_written_only_where_the_text_names_it_and_never_outside_the_folder(
    sqlite_town: RuleTown,
) -> None:
    book = await sqlite_town.started()
    seen, outside = book.engine.rules.hash, "../buiten.txt"
    await book.save(OTHER, "An", "", based_on=seen, lists={outside: "aap\n", "lijsten/los.txt": "aap\n"})
    assert set(read_all(sqlite_town.path.parent)) == {"huisregels.yaml", ANIMALS}
    named = GOOD.replace(ANIMALS, outside)
    with pytest.raises(Refused, match="buiten de map"):
        await book.save(named, "An", "", based_on=book.engine.rules.hash, lists={outside: "aap\n"})
    assert not (sqlite_town.path.parent / outside).exists()


async def test_saving_over_a_list_that_never_was_in_force_keeps_a_copy_of_it(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    seen = book.engine.rules.hash
    sqlite_town.write("noot\n", ANIMALS)
    applied = await book.save(OTHER, "An", "", based_on=seen, lists={ANIMALS: "aap\n"})
    assert [copy.read_bytes() for copy in applied.set_aside] == [b"noot\n"]


async def test_the_service_does_not_take_its_own_writing_for_a_change(town: RuleTown) -> None:
    book = await town.started()
    await town.pass_time(book)
    await save(book, OTHER)
    await town.pass_time(book)
    assert [version.origin for version in await kept(town.services.database)] == [Origin.FILE, Origin.CONSOLE]
    assert len(await log(town.services, AuditName.RULES_APPLIED)) == 2


async def test_a_text_with_mistakes_is_refused_with_all_of_them_and_changes_nothing(town: RuleTown) -> None:
    book = await town.started()
    before, rules = read_all(town.path.parent), book.engine.rules
    with pytest.raises(Refused, match="`enorm` kan hier niet"):
        await save(book, BAD)
    assert read_all(town.path.parent) == before
    assert book.engine.rules is rules
    assert len(await kept(town.services.database)) == 1
    assert await log(town.services, AuditName.RULES_SAVED) == []


async def test_of_two_who_started_from_the_same_rules_the_second_is_told(town: RuleTown) -> None:
    book = await town.started()
    seen = book.engine.rules.hash
    outcomes = await asyncio.gather(
        book.save(OTHER, "An", "", based_on=seen),
        book.save(OTHER.replace("Geen dieren", "Niets"), "Bert", "", based_on=seen),
        return_exceptions=True,
    )
    (refused,) = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert isinstance(refused, Refused)
    assert "intussen veranderd" in refused.message
    assert len(await kept(town.services.database)) == 2


async def test_saving_what_is_in_force_already_is_refused(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    with pytest.raises(Refused, match="niets veranderd"):
        await save(book, GOOD)


async def test_saving_over_a_file_that_was_refused_keeps_a_copy_of_it(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    sqlite_town.write(BAD)
    await sqlite_town.pass_time(book)
    applied = await book.save(GOOD, "An", "", based_on=book.engine.rules.hash)
    (copy,) = applied.set_aside
    assert (copy.read_bytes(), sqlite_town.path.read_bytes()) == (BAD.encode(), GOOD.encode())
    assert await notices(sqlite_town.services) == {}
    assert (await book.status()).in_step


async def test_saving_over_a_change_that_nobody_noticed_yet_keeps_a_copy_of_it(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    mine = OTHER.replace("Geen dieren", "Van de buren")
    sqlite_town.write(mine)
    applied = await book.save(OTHER, "An", "", based_on=book.engine.rules.hash)
    assert [copy.read_bytes() for copy in applied.set_aside] == [mine.encode()]


async def test_a_disk_that_refuses_leaves_everything_as_it_was(town: RuleTown, monkeypatch: pytest.MonkeyPatch) -> None:
    book = await town.started()
    rules = book.engine.rules

    def full(draft: Path, target: Path, raw: bytes) -> None:
        raise OSError(errno.ENOSPC, "Geen ruimte meer", str(draft))

    monkeypatch.setattr(rule_folder, "_write_draft", full)
    with pytest.raises(Refused, match="Geen ruimte meer"):
        await save(book, OTHER)
    assert book.engine.rules is rules
    assert town.path.read_bytes() == GOOD.encode()
    assert len(await kept(town.services.database)) == 1
    monkeypatch.undo()
    assert await save(book, OTHER)


async def test_what_was_written_but_not_kept_is_taken_in_as_it_stands(
    town: RuleTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the process dies, or the database goes, between the file and the commit."""
    book = await town.started()
    write = book._write

    def and_then_fall(*given: object) -> None:
        write(*given)  # type: ignore[arg-type]
        raise ConnectionError

    monkeypatch.setattr(book, "_write", and_then_fall)
    with pytest.raises(ConnectionError):
        await save(book, OTHER)
    assert book.engine.rules.rules[0].title == "Een titel"
    await town.pass_time(book)
    assert book.engine.rules.rules[0].title == "Geen dieren"
    assert [version.origin for version in await kept(town.services.database)] == [Origin.FILE, Origin.FILE]


# ── going back ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_going_back_writes_the_old_file_and_its_lists_letter_for_letter(town: RuleTown) -> None:
    old = "\ufeff" + GOOD.replace("\n", "\r\n")
    town.write(old)
    book = await town.started()
    town.write("beer\n", ANIMALS)
    town.write(OTHER)
    await town.pass_time(book)
    assert fires(book, "een aap") == []
    applied = await book.rollback(1, "An", "Te streng.")
    assert fires(book, "een aap") == ["dieren"]
    assert read_all(town.path.parent) == {"huisregels.yaml": old.encode(), ANIMALS: b"aap\n"}
    first, _, third = await kept(town.services.database)
    assert applied.version == third
    assert (third.hash, third.text, third.lists) == (first.hash, first.text, first.lists)
    assert (third.author, third.note, third.origin) == ("An", "Te streng.", Origin.RESTORED)
    (event,) = await log(town.services, AuditName.RULES_RESTORED)
    assert (event.actor, event.data) == ("An", {"rules": first.hash, "version": third.id, "restored": 1})
    await town.pass_time(book)
    assert len(await kept(town.services.database)) == 3


async def test_going_back_to_what_is_in_force_mends_a_broken_file(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    sqlite_town.write(BAD)
    sqlite_town.write("noot\n", ANIMALS)
    await sqlite_town.pass_time(book)
    applied = await book.rollback(1, "An")
    assert sqlite_town.path.read_bytes() == GOOD.encode()
    assert (sqlite_town.path.parent / ANIMALS).read_bytes() == b"aap\n"
    assert [copy.read_bytes() for copy in applied.set_aside] == [BAD.encode(), b"noot\n"]
    assert applied.version.note == "Versie 1 teruggezet."
    assert await notices(sqlite_town.services) == {}


async def test_a_version_that_never_was_is_refused(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    with pytest.raises(Refused, match="geen versie 99"):
        await book.rollback(99, "An")


async def test_a_version_that_no_longer_passes_its_tests_is_refused(sqlite_town: RuleTown) -> None:
    scored = "    voorbeelden: {wel: [een noot], niet: []}\n"
    sqlite_town.write(file_text(rule_text("{toxiciteit: {label: insult, vanaf: 0.05}}", extra=scored)))
    book = await sqlite_town.started()
    await save(book, GOOD)
    sqlite_town.scorer.down = True
    with pytest.raises(Refused, match="kunnen niet gebruikt worden"):
        await book.rollback(1, "An")
    assert fires(book, "een aap") == ["dieren"]


async def test_a_command_beside_the_service_goes_back_and_the_service_follows(town: RuleTown) -> None:
    book = await town.started()
    await save(book, OTHER)
    await town.pass_time(book)
    await town.book().rollback(1, "opdrachtregel (root)")
    assert book.engine.rules.rules[0].title == "Geen dieren"
    assert len(await log(town.services, AuditName.RULES_APPLIED)) == 2  # not applied before the service says so
    with pytest.raises(Refused, match="intussen veranderd"):
        await save(book, OTHER.replace("Geen dieren", "Iets anders"))
    assert town.path.read_bytes() == GOOD.encode()
    await town.pass_time(book)
    assert book.engine.rules.rules[0].title == "Een titel"
    status = await book.status()
    assert status.version is not None
    assert (status.version.id, status.version.author) == (3, "opdrachtregel (root)")
    versions = await kept(town.services.database)
    assert [version.origin for version in versions] == [Origin.FILE, Origin.CONSOLE, Origin.RESTORED]
    assert len(await log(town.services, AuditName.RULES_APPLIED)) == 3


# ── looking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_checking_a_text_changes_nothing(sqlite_town: RuleTown) -> None:
    book = await sqlite_town.started()
    before, rules = read_all(sqlite_town.path.parent), book.engine.rules
    assert (await book.check(OTHER)).ok
    wrong = await book.check(BAD)
    assert [(d.line, d.column) for d in wrong.diagnostics] == [(8, 12)]
    other_list = await book.check(GOOD, {ANIMALS: "beer\n"})
    assert other_list.rule_set is not None
    assert other_list.rule_set.lists["dieren"].terms == ("beer",)
    assert not (await book.check("\ud800")).ok
    assert read_all(sqlite_town.path.parent) == before
    assert book.engine.rules is rules
    assert len(await kept(sqlite_town.services.database)) == 1


async def test_each_version_says_what_it_changed(town: RuleTown) -> None:
    book = await town.started()
    await save(book, OTHER)
    await save(book, OTHER + "# een opmerking\n")
    town.write("aap\nbeer\n", ANIMALS)
    await town.pass_time(book)
    versions = await book.versions()
    assert [version.id for version in versions] == [4, 3, 2, 1]
    assert [await book.changes(version.id) for version in reversed(versions)] == [
        ("Dit is de eerste versie die bewaard is.",),
        ("Regel “Geen dieren” (`dieren`) heette voordien “Een titel”.",),
        ("Alleen de opmaak of een opmerking in het bestand.",),
        ("Lijst `dieren`: “beer” erbij.",),
    ]
    assert [version.id for version in await book.versions(2)] == [4, 3]
    assert [version.id for version in await book.versions(2, before=3)] == [2, 1]
    assert [version and version.id for version in await book.version(2)] == [2, 1]
    assert [version and version.id for version in await book.version(1)] == [1, None]
    assert (await book.version(99))[0] is None
    assert await book.changes(99) == ()


async def test_the_file_on_the_disk_and_a_version_with_its_own_lists_can_be_looked_at(
    sqlite_town: RuleTown,
) -> None:
    town = sqlite_town
    book = await town.started()
    first = book.engine.rules.hash
    town.write("beer\n", "lijsten/dieren.txt")
    await town.pass_time(book)
    second = book.engine.rules.hash
    town.write(BAD)
    before = read_all(town.path.parent)
    disk = await book.check_disk()
    assert (disk.rule_set, len(disk.diagnostics)) == (None, 1)
    looked = await book.check_version(1)
    assert looked.rule_set is not None
    assert (looked.rule_set.hash, looked.rule_set.lists["dieren"].terms) == (first, ("aap",))
    assert (book.engine.rules.hash, read_all(town.path.parent)) == (second, before)
    with pytest.raises(Refused, match="geen versie 9"):
        await book.check_version(9)
