from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.core.errors import StoreError
from bot.store.keyfile import KEY_NAME, read_or_make_key


def test_a_key_is_made_once_and_read_ever_after(tmp_path: Path) -> None:
    folder = tmp_path / "nog" / "niet"
    key = read_or_make_key(folder)
    assert len(key) == 32
    assert read_or_make_key(folder) == key
    assert read_or_make_key(tmp_path) != key, "another town has another key"
    assert [path.name for path in folder.iterdir()] == [KEY_NAME], "nothing is left beside it"


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    read_or_make_key(tmp_path)
    assert stat.S_IMODE((tmp_path / KEY_NAME).stat().st_mode) == 0o600


def test_who_come_at_once_all_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(read_or_make_key, [tmp_path] * 40))
    assert len(set(keys)) == 1


@pytest.mark.parametrize("content", [b"", b"te kort", b"x" * 33])
def test_a_damaged_key_is_not_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_NAME).write_bytes(content)
    with pytest.raises(StoreError, match="beschadigd") as caught:
        read_or_make_key(tmp_path)
    assert "reservekopie" in caught.value.remedy
    assert (tmp_path / KEY_NAME).read_bytes() == content


def test_a_folder_that_is_a_file_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("geen map")
    with pytest.raises(StoreError, match="sleutel") as caught:
        read_or_make_key(tmp_path / "data")
    assert "VERBINDER_DATA_DIR" in caught.value.remedy
