"""Files that change are noticed once they are quiet, and files that are written are whole (trap 8)."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from bot.core.errors import Refused
from bot.review import rule_folder
from bot.review.rule_folder import QUIET_SECONDS, QUIET_WHEN_EMPTY_SECONDS, Watch, set_aside, write_whole
from tests.builders import NOON

NAMES = ("lijst.txt",)
SOON, LATER, MUCH_LATER = QUIET_SECONDS / 2, QUIET_SECONDS, QUIET_WHEN_EMPTY_SECONDS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "huisregels.yaml"
    file.write_text("versie: 1\n", encoding="utf-8")
    return file


@pytest.fixture
def watch(path: Path) -> Watch:
    """Return a watch that has seen what is there."""
    watch = Watch(path)
    watch.changed(NAMES, 0.0)
    assert watch.changed(NAMES, LATER)
    return watch


def touch(path: Path, text: str, at: int) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(at, at))


def told_once_it_is_quiet(watch: Watch, moment: float) -> bool:
    return not watch.changed(NAMES, moment) and watch.changed(NAMES, moment + LATER)


def test_nothing_is_told_while_nothing_changes(watch: Watch) -> None:
    assert [watch.changed(NAMES, LATER + step) for step in range(5)] == [False] * 5


def test_a_change_is_told_once_and_only_when_it_is_quiet(watch: Watch, path: Path) -> None:
    touch(path, "versie: 2\n", 1)
    assert not watch.changed(NAMES, 10.0)
    assert not watch.changed(NAMES, 10.0 + SOON)
    assert watch.changed(NAMES, 10.0 + LATER)
    assert not watch.changed(NAMES, 10.0 + 2 * LATER)


def test_a_file_that_keeps_growing_is_waited_for(watch: Watch, path: Path) -> None:
    for step in range(20):
        touch(path, "x" * step, step)
        assert not watch.changed(NAMES, 10.0 + step * SOON)
    assert watch.changed(NAMES, 10.0 + 19 * SOON + LATER)


@pytest.mark.parametrize("emptied", [True, False], ids=["empty", "missing"])
def test_an_empty_or_missing_file_is_waited_for_longer(watch: Watch, path: Path, emptied: bool) -> None:
    touch(path, "", 1) if emptied else path.unlink()
    assert not watch.changed(NAMES, 10.0)
    assert not watch.changed(NAMES, 10.0 + LATER)
    assert watch.changed(NAMES, 10.0 + MUCH_LATER)


def test_a_list_that_appears_changes_or_goes_is_told(watch: Watch, path: Path) -> None:
    words = path.with_name("lijst.txt")
    touch(words, "aap", 1)
    assert told_once_it_is_quiet(watch, 10.0)
    touch(words, "noot", 2)
    assert told_once_it_is_quiet(watch, 20.0)
    words.unlink()
    assert told_once_it_is_quiet(watch, 30.0)


def test_a_file_of_the_same_size_and_time_that_took_its_place_is_told(watch: Watch, path: Path) -> None:
    touch(path, "aap", 5)
    watch.changed(NAMES, 10.0)
    watch.changed(NAMES, 10.0 + LATER)
    other = path.with_name("nieuw")
    touch(other, "nat", 5)
    other.replace(path)
    assert told_once_it_is_quiet(watch, 20.0)


def test_what_moved_while_it_was_read_is_known(watch: Watch, path: Path) -> None:
    assert watch.still(NAMES)
    touch(path, "half", 1)
    assert not watch.still(NAMES)


def test_a_name_that_no_file_can_have_is_no_trouble(watch: Watch) -> None:
    odd = ("nul\0teken", "x" * 5000, "map/weg.txt")
    assert not watch.changed(odd, 10.0)
    assert watch.changed(odd, 10.0 + LATER)


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_replaced_in_one_step_and_keeps_its_rights(path: Path) -> None:
    path.chmod(0o640)
    with path.open("rb") as reader:
        write_whole({path: b"versie: 2\n"})
        assert reader.read() == b"versie: 1\n"  # who was reading read the old file to its end
    assert path.read_bytes() == b"versie: 2\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "elders" / "huisregels.yaml"
    link.parent.mkdir()
    link.symlink_to(path)
    write_whole({link: b"versie: 2\n"})
    assert link.is_symlink()
    assert path.read_bytes() == b"versie: 2\n"


def test_a_list_in_a_folder_that_went_away_is_written_too(path: Path) -> None:
    write_whole({path: b"a", path.parent / "lijsten" / "dieren.txt": b"aap\n"})
    assert (path.parent / "lijsten" / "dieren.txt").read_bytes() == b"aap\n"


def test_a_full_disk_changes_nothing_and_is_explained(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = rule_folder._write_draft

    def full_at_the_second(draft: Path, target: Path, raw: bytes) -> None:
        write(draft, target, raw[:1])
        if target.name == "lijst.txt":
            raise OSError(errno.ENOSPC, "Geen ruimte meer", str(draft))

    monkeypatch.setattr(rule_folder, "_write_draft", full_at_the_second)
    with pytest.raises(Refused, match="Geen ruimte meer") as refused:
        write_whole({path: b"versie: 2\n", path.with_name("lijst.txt"): b"aap"})
    assert refused.value.remedy
    assert path.read_bytes() == b"versie: 1\n"
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_what_is_overwritten_can_be_kept(path: Path) -> None:
    copy = set_aside(path, NOON)
    assert copy is not None
    assert copy.name == "huisregels.opzij-20261124-120000.yaml"
    assert copy.read_bytes() == b"versie: 1\n"
    assert set_aside(path.with_name("weg.yaml"), NOON) is None
