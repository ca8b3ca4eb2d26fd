"""The export of tiny checkpoints of every architecture, and the scorer that reads them, against Detoxify itself."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.errors import ConfigError
from bot.core.findings import TOXICITY_LABELS
from bot.toxicity.onnx_folder import MANIFEST, MODEL, TOKENIZER, Manifest, read_manifest
from bot.toxicity.registry import build_scorer
from tests.toxicity.checkpoints import checkpoint

PACKAGES = ("torch", "detoxify", "transformers", "onnx", "tokenizers")
HAS_ALL = all(importlib.util.find_spec(name) for name in PACKAGES)
pytestmark = pytest.mark.skipif(not HAS_ALL, reason="needs the extra: pip install 'verbinder[export]'")

TEXTS = ["wat een achterlijke idioot ben jij", "Goeiedag buur", "", "zo " * 40, "👍 é \ud800", "b c d " * 500]


def export(source: Path, out: Path, *, force: bool = False) -> list[str]:
    from bot.toxicity import onnx_export

    said: list[str] = []
    onnx_export.export(str(source), out, force=force, threads=1, step=said.append)
    return said


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a checkpoint and its export; tests that change something make a copy."""
    place = tmp_path_factory.mktemp("bert")
    source = checkpoint(place, "bert")
    export(source, place / "uit")
    return source, place / "uit"


@pytest.fixture
def folder(bert: tuple[Path, Path], tmp_path: Path) -> Path:
    copy = tmp_path / "model"
    copy.mkdir()
    for file in bert[1].iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


@pytest.mark.parametrize("kind", ["bert", "roberta", "xlm-roberta", "albert"])
def test_every_architecture_scores_as_detoxify_does(tmp_path: Path, kind: str) -> None:
    source = checkpoint(tmp_path, kind)
    export(source, tmp_path / "uit")
    onnx = build_scorer("onnx", model=str(tmp_path / "uit"), threads=1)
    theirs = build_scorer("detoxify", model=str(source), threads=1)
    short = TEXTS[:5]
    ours, original = onnx.score(short), theirs.score(short)
    seen = [result.scores["toxicity"] for result in original]
    assert max(seen) - min(seen) > 0.005, "texts that all score alike would prove nothing"
    for mine, other in zip(ours, original, strict=True):
        assert mine.error is None
        assert tuple(mine.scores) == TOXICITY_LABELS
        assert mine.scores == pytest.approx(other.scores, abs=0.03)
    assert read_manifest(tmp_path / "uit").kind == kind
    assert onnx.version.startswith(f"{kind}-int8-")


def test_a_score_does_not_depend_on_the_texts_beside_it(bert: tuple[Path, Path]) -> None:
    together = build_scorer("onnx", model=str(bert[1]), threads=1).score(TEXTS)
    for text, result in zip(TEXTS, together, strict=True):
        (alone,) = build_scorer("onnx", model=str(bert[1]), threads=1).score([text])
        assert alone.scores == pytest.approx(result.scores, abs=1e-5)


def test_every_window_of_a_long_text_counts(bert: tuple[Path, Path]) -> None:
    scorer = build_scorer("onnx", model=str(bert[1]), threads=1)
    beginning, end = "a b c " * 170, "x y z " * 170  # one window each
    (whole,) = scorer.score([beginning + end])
    (first,) = scorer.score([beginning])
    assert whole.scores != first.scores
    assert all(whole.scores[label] >= first.scores[label] - 1e-5 for label in TOXICITY_LABELS)


def test_it_runs_without_torch_and_transformers(bert: tuple[Path, Path]) -> None:
    program = (
        "import sys\n"
        "for name in ('torch', 'transformers', 'detoxify', 'onnx'): sys.modules[name] = None\n"
        "from bot.toxicity.registry import build_scorer\n"
        "print(build_scorer('onnx', model=sys.argv[1]).score(['dag'])[0].error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(bert[1])], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout.strip()) == (0, "None"), done.stderr


def test_it_says_what_it_does_and_leaves_nothing_beside_the_folder(bert: tuple[Path, Path], tmp_path: Path) -> None:
    said = export(bert[0], tmp_path / "uit")
    assert [line[:3] for line in said] == ["1/4", "2/4", "3/4", "4/4"]
    assert [path.name for path in tmp_path.iterdir()] == ["uit"]
    assert {path.name for path in (tmp_path / "uit").iterdir()} == {MANIFEST, MODEL, TOKENIZER}


def test_a_model_is_only_replaced_when_asked(bert: tuple[Path, Path], folder: Path) -> None:
    (folder / MODEL).write_bytes(b"oud")
    with pytest.raises(ConfigError, match="--force"):
        export(bert[0], folder)
    assert (folder / MODEL).read_bytes() == b"oud"
    export(bert[0], folder, force=True)
    assert build_scorer("onnx", model=str(folder)).score(["dag"])[0].error is None
    assert [path.name for path in folder.parent.iterdir()] == ["model"]


def test_a_folder_with_something_else_is_never_replaced(bert: tuple[Path, Path], folder: Path) -> None:
    (folder / "brief.txt").write_text("van mij", encoding="utf-8")
    with pytest.raises(ConfigError, match="geen map met een ONNX-model"):
        export(bert[0], folder, force=True)
    assert (folder / "brief.txt").exists()


def test_a_checkpoint_that_is_none_leaves_nothing(tmp_path: Path) -> None:
    wrong = tmp_path / "kapot.ckpt"
    wrong.write_bytes(b"geen model")
    with pytest.raises(ConfigError, match=r"kapot\.ckpt.*kon niet geladen worden"):
        export(wrong, tmp_path / "uit")
    with pytest.raises(ConfigError, match="bestaat niet"):
        export(tmp_path / "nergens.ckpt", tmp_path / "uit")
    assert [path.name for path in tmp_path.iterdir()] == ["kapot.ckpt"]


def test_packages_that_are_missing_are_named(
    bert: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ConfigError, match=r"verbinder\[export\]"):
        export(bert[0], tmp_path / "uit")
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(ConfigError, match=r"verbinder\[onnx\]"):
        build_scorer("onnx", model=str(bert[1]))


def _manifest(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        change(values)
        (folder / MANIFEST).write_text(json.dumps(values), encoding="utf-8")

    return apply


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / MANIFEST).unlink(), r"ontbreekt het bestand model\.json"),
        (lambda folder: (folder / MODEL).unlink(), r"ontbreekt het bestand model\.onnx"),
        (lambda folder: (folder / TOKENIZER).unlink(), r"ontbreekt het bestand tokenizer\.json"),
        (lambda folder: (folder / MANIFEST).write_bytes(b"{"), "geen JSON"),
        (lambda folder: (folder / MANIFEST).write_bytes(b"\xff\xfe"), "geen JSON"),
        (lambda folder: (folder / MANIFEST).write_bytes(b"[]"), "klopt niet"),
        (lambda folder: (folder / MODEL).write_bytes(b"kort"), "de kopie niet af"),
        (_manifest(lambda values: values.pop("labels")), "“labels”"),
        (_manifest(lambda values: values.update(labels=["insult"])), "“labels”"),
        (_manifest(lambda values: values.update(format=2)), "“format”"),
        (_manifest(lambda values: values.update(thresholds={"toxicity": 0})), "“thresholds”"),
        (_manifest(lambda values: values.update(extra=1)), "“extra”"),
        (_manifest(lambda values: values.update(labels=["toxicity"])), "past niet bij de labels"),
    ],
)
def test_a_broken_folder_is_one_clear_message(folder: Path, spoil: Callable[[Path], None], words: str) -> None:
    spoil(folder)
    with pytest.raises(ConfigError, match=words) as caught:
        build_scorer("onnx", model=str(folder))
    assert "export-onnx" in caught.value.remedy


@pytest.mark.parametrize(("name", "words"), [(MODEL, "geladen"), (TOKENIZER, "tokenizer")])
def test_a_file_that_is_not_what_it_is_called(folder: Path, name: str, words: str) -> None:
    (folder / name).write_bytes(b"iets anders")
    from bot.toxicity.onnx_folder import digest_of

    _manifest(lambda values: values["files"].update({name: digest_of(folder / name)}))(folder)  # type: ignore[attr-defined]
    with pytest.raises(ConfigError, match=words):
        build_scorer("onnx", model=str(folder))


def test_other_thresholds_are_another_version(folder: Path) -> None:
    before = build_scorer("onnx", model=str(folder)).version
    _manifest(lambda values: values["thresholds"].update(insult=0.5))(folder)  # type: ignore[attr-defined]
    assert build_scorer("onnx", model=str(folder)).version != before
    assert isinstance(read_manifest(folder), Manifest)
