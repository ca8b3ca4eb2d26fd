"""`verbinder train`, as an administrator uses it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.e2e.service import command

pytestmark = pytest.mark.e2e


def test_what_is_learned_is_kept_used_and_forgotten(tmp_path: Path) -> None:
    frames = tmp_path / "frames"
    shutil.copytree(ROOT / "frames", frames)
    settings = {"FRAMES": str(frames), "DETECTOR": "model"}
    tried = command(tmp_path, "train", "--dry-run", **settings)
    assert "Goed nu" in tried.stdout
    assert not (tmp_path / "data" / "model").exists()

    learned = command(tmp_path, "train", **settings)
    assert learned.returncode in {0, 1}, learned.stderr  # 1: an example that the model alone does not see
    assert "Bewaard in" in learned.stdout
    assert (tmp_path / "data" / "model" / "heads.npz").is_file()
    assert "Traceback" not in learned.stderr

    forgotten = command(tmp_path, "train", "--reset", **settings)
    assert forgotten.returncode == 0
    assert not (tmp_path / "data" / "model").exists()


def test_a_frame_file_with_a_mistake_is_named_and_nothing_is_learned(tmp_path: Path) -> None:
    frames = tmp_path / "frames"
    shutil.copytree(ROOT / "frames", frames)
    (frames / "controle.yaml").write_text("id: controle\nnaam: 3\n", encoding="utf-8")
    failed = command(tmp_path, "train", FRAMES=str(frames))
    assert failed.returncode == 1
    assert "controle.yaml" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert not (tmp_path / "data" / "model").exists()
