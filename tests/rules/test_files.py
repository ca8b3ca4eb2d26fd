"""What was read once stays what it was; nothing outside the folder is read; what is given goes before the disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.rules.files import LONGEST_FILE, FileError, RuleFiles


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (tmp_path / "buiten.txt").write_bytes(b"geheim")
    (folder / "woorden.txt").write_bytes(b"aap\n")
    (folder / "map").mkdir()
    (folder / "weg-naar-buiten.txt").symlink_to(tmp_path / "buiten.txt")
    rule_file = folder / "huisregels.yaml"
    rule_file.write_bytes(b"versie: 1\n")
    return rule_file


def test_a_file_that_changes_while_it_is_checked_is_judged_as_it_was_first_read(path: Path) -> None:
    files = RuleFiles(path)
    before = (files.text(), files.read("woorden.txt"))
    path.write_bytes(b"anders")
    (path.parent / "woorden.txt").unlink()
    assert (files.text(), files.read("woorden.txt")) == before
    assert files.beside == {"woorden.txt": b"aap\n"}


def test_a_file_that_was_not_there_stays_away_and_is_remembered_to_be_watched(path: Path) -> None:
    files = RuleFiles(path)
    with pytest.raises(FileError, match="bestaat niet"):
        files.read("nieuw.txt")
    (path.parent / "nieuw.txt").write_bytes(b"noot")
    with pytest.raises(FileError, match="bestaat niet"):
        files.read("nieuw.txt")
    assert files.names == {"nieuw.txt"}
    assert files.beside == {}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../buiten.txt", "buiten de map"),
        ("/etc/passwd", "buiten de map"),
        ("weg-naar-buiten.txt", "buiten de map"),
        ("map", "kan niet gelezen worden"),
        ("nul\0teken", "kan niet gelezen worden"),
        ("x" * 5000, "kan niet gelezen worden"),
    ],
)
def test_only_files_in_the_folder_are_read(path: Path, name: str, said: str) -> None:
    with pytest.raises(FileError, match=said):
        RuleFiles(path).read(name)


def test_a_file_that_is_too_large_is_refused_wherever_it_comes_from(path: Path) -> None:
    large = b"a" * (LONGEST_FILE + 1)
    (path.parent / "groot.txt").write_bytes(large)
    for files in (RuleFiles(path), RuleFiles(path, beside={"groot.txt": large})):
        with pytest.raises(FileError, match="te groot"):
            files.read("groot.txt")


def test_what_is_given_goes_before_the_disk(path: Path) -> None:
    files = RuleFiles(path, text=b"versie: 2\n", beside={"woorden.txt": b"noot\n"})
    assert (files.text(), files.read("woorden.txt")) == (b"versie: 2\n", b"noot\n")


def test_an_earlier_version_reads_nothing_of_today(path: Path) -> None:
    files = RuleFiles(path, text=b"versie: 1\n", beside={"lijst.txt": b"mies\n"}, alone=True)
    assert files.read("lijst.txt") == b"mies\n"
    with pytest.raises(FileError, match="bestaat niet"):
        files.read("woorden.txt")


@pytest.mark.timeout(20)
def test_what_is_no_file_is_not_read_for_ever(path: Path) -> None:
    os.mkfifo(path.parent / "pijp.txt")
    (path.parent / "oneindig.txt").symlink_to("/dev/zero")
    for name in ("pijp.txt", "oneindig.txt"):
        with pytest.raises(FileError):
            RuleFiles(path).read(name)
        with pytest.raises(OSError, match="geen gewoon bestand"):
            RuleFiles(path.parent / name).text()
