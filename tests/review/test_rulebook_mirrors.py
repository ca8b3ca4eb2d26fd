"""The mirrored sentences belong to the rules: noticed when they change, kept with each version, restored with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import Services
from tests.review.looking import notices
from tests.review.rule_town import OTHER, RuleTown, kept


@pytest.fixture
def town(services: Services, tmp_path: Path) -> RuleTown:
    return RuleTown.build(services, tmp_path)


MIRRORS = "versie: 1\nparen:\n  - zinnen: ['Wat een aap', 'Wat een aapje']\n"
UNLIKE = "versie: 1\nparen:\n  - zinnen: ['Wat een aap', 'Wat een mens']\n"


async def test_new_mirrors_are_noticed_and_kept_with_the_version(town: RuleTown) -> None:
    book = await town.started()
    before = book.engine.rules.hash
    town.write(MIRRORS, "spiegels.yaml")
    await town.pass_time(book)
    assert book.engine.rules.hash != before
    *_, version = await kept(town.services.database)
    assert version.lists == {"lijsten/dieren.txt": "aap\n", "spiegels.yaml": MIRRORS}
    assert await book.changes(version.id) == ("Spiegelparen: 1 erbij.",)


async def test_mirrors_that_the_rules_treat_differently_leave_the_old_rules_running(town: RuleTown) -> None:
    town.write(MIRRORS, "spiegels.yaml")
    book = await town.started()
    before = book.engine.rules.hash
    town.write(UNLIKE, "spiegels.yaml")
    await town.pass_time(book)
    assert book.engine.rules.hash == before
    assert "spiegels.yaml:3:14" in (await notices(town.services))["rules:refused"]
    town.write(MIRRORS, "spiegels.yaml")
    await town.pass_time(book)
    assert (await book.status()).in_step


async def test_mirrors_that_disappear_are_told_until_they_are_back(town: RuleTown) -> None:
    town.write(MIRRORS, "spiegels.yaml")
    book = await town.started()
    assert await notices(town.services) == {}
    (town.path.parent / "spiegels.yaml").unlink()
    await town.pass_time(book)
    assert "Er zijn geen spiegelparen meer" in (await notices(town.services))["rules:mirrors"]
    town.write(MIRRORS, "spiegels.yaml")
    await town.pass_time(book)
    assert await notices(town.services) == {}


async def test_a_town_without_mirrors_is_not_nagged(town: RuleTown) -> None:
    book = await town.started()
    town.write(OTHER)
    await town.pass_time(book)
    assert await notices(town.services) == {}


async def test_going_back_brings_the_mirrors_of_that_version_back(town: RuleTown) -> None:
    town.write(MIRRORS, "spiegels.yaml")
    book = await town.started()
    first = book.engine.rules.hash
    other = MIRRORS.replace("aapje", "aapjes")
    town.write(other, "spiegels.yaml")
    await town.pass_time(book)
    assert book.engine.rules.hash != first
    (version, *_) = await kept(town.services.database)
    await book.rollback(version.id, "An")
    assert (town.path.parent / "spiegels.yaml").read_text("utf-8") == MIRRORS
    assert book.engine.rules.hash == first


async def test_a_start_on_a_bad_file_runs_the_last_good_version_with_its_mirrors(town: RuleTown) -> None:
    town.write(MIRRORS, "spiegels.yaml")
    good = (await town.started()).engine.rules.hash
    town.write(UNLIKE, "spiegels.yaml")
    book = await town.on_last_good()
    assert book.engine.rules.hash == good
    assert not (await book.status()).in_step
