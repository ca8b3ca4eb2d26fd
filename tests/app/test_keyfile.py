"""The key of the pseudonyms: made once, for one pair of eyes, and never quietly replaced."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from bot.core.errors import StoreError
from bot.store.keyfile import KEY_NAME, read_or_make_key


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "new" / "folder"
    key = read_or_make_key(folder)
    assert len(key) == 32
    assert read_or_make_key(folder) == key
    assert [path.name for path in folder.iterdir()] == [KEY_NAME], "nothing is left beside it"


def test_every_installation_has_a_key_of_its_own(tmp_path: Path) -> None:
    assert read_or_make_key(tmp_path / "one") != read_or_make_key(tmp_path / "two")


def test_nobody_else_can_read_it_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        read_or_make_key(tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / KEY_NAME).stat().st_mode) == 0o600


def test_many_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    keys: list[bytes] = []
    ready = threading.Barrier(8)

    def start() -> None:
        ready.wait()
        keys.append(read_or_make_key(tmp_path))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_NAME]


@pytest.mark.parametrize("content", [b"", b"kort", b"x" * 31, b"x" * 33], ids=["empty", "short", "31", "33"])
def test_a_damaged_key_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_NAME).write_bytes(content)
    with pytest.raises(StoreError, match="beschadigd") as caught:
        read_or_make_key(tmp_path)
    assert str(tmp_path / KEY_NAME) in str(caught.value)
    assert "reservekopie" in caught.value.remedy
    assert (tmp_path / KEY_NAME).read_bytes() == content


def _a_file(folder: Path) -> None:
    folder.write_text("", encoding="utf-8")


def _a_link_to_nowhere(folder: Path) -> None:
    folder.symlink_to(folder / "nowhere")


def _a_folder_where_the_key_should_be(folder: Path) -> None:
    (folder / KEY_NAME).mkdir(parents=True)


@pytest.mark.parametrize("make", [_a_file, _a_link_to_nowhere, _a_folder_where_the_key_should_be])
def test_a_folder_that_cannot_be_used_is_told_with_what_to_do(tmp_path: Path, make: object) -> None:
    folder = tmp_path / "data"
    assert callable(make)
    make(folder)
    with pytest.raises(StoreError) as caught:
        read_or_make_key(folder)
    assert str(folder / KEY_NAME) in str(caught.value)
    assert "VERBINDER_DATA_DIR" in caught.value.remedy


def test_a_folder_without_permission_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object, **_more: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)  # a real folder would not refuse root
    with pytest.raises(StoreError, match="Permission denied") as caught:
        read_or_make_key(tmp_path)
    assert "VERBINDER_DATA_DIR" in caught.value.remedy


def test_a_key_that_is_there_needs_no_folder_to_write_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = read_or_make_key(tmp_path)

    def refuse(*_given: object, **_more: object) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "link", refuse)
    assert read_or_make_key(tmp_path) == key
