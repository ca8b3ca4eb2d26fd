"""Make the folder that the scorer `onnx` reads from a checkpoint of Detoxify: `verbinder export-onnx`.

Needs torch, transformers, detoxify and onnx: the extra `export`. What was made is compared with the original on
sentences, and is not kept where it says something else. A checkpoint is unpickled by torch and can run code: only
export one that you trust as much as the program itself.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.core.errors import ConfigError
from bot.toxicity.detoxify_scorer import DEFAULT_MODEL, MODELS
from bot.toxicity.onnx_folder import INPUTS, MANIFEST, MODEL, OUTPUT, TOKENIZER, Manifest, Source, digest_of
from bot.toxicity.quantise import OPSET, quantise
from bot.toxicity.threads import threads_of
from bot.toxicity.thresholds import DETOXIFY

Step = Callable[[str], None]
"""Told what is being done, in Dutch."""

MOST_DIFFERENCE = 0.1
"""An export that differs more than this from its original on a probe sentence is broken, not merely rounded."""

PROBES = (
    "Wanneer gaat het zwembad weer open?",
    "Wat een achterlijke idioot ben jij",
    "Ik maak mij zorgen over het verkeer aan de school, en niemand die antwoordt op mijn mails.",
    "Ga terug naar uw eigen land",
    "👍",
    "Dank aan iedereen die meehielp met het straatfeest, het was fantastisch en volgend jaar doen we dat opnieuw! " * 4,
)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was made. `difference` is the largest one between a score and the original's, on the probe sentences."""

    manifest: Manifest
    difference: float
    bytes: int


def export(checkpoint: str, out: Path, *, force: bool = False, threads: int | None = None, step: Step) -> Exported:
    """Write the folder `out`, whole or not at all, from a name of Detoxify or the path of a checkpoint.

    Raises:
        ConfigError: no such checkpoint, packages that are missing, a folder that is in the way or cannot be written,
            or a model that cannot be turned into one that says the same.
    """
    if checkpoint not in MODELS and not Path(checkpoint).is_file():
        raise ConfigError(
            f"Het checkpoint “{checkpoint}” bestaat niet.",
            remedy=f"Geef het pad van een checkpoint van Detoxify, of een van deze namen: {', '.join(MODELS)}.",
        )
    _refuse_what_is_in_the_way(out, force=force)
    _require()
    step("1/4 Het model lezen …")
    inner, source = _load(checkpoint, threads)
    with _beside(out) as part:
        step("2/4 Omzetten naar ONNX …")
        tokenizer = _write_tokenizer(inner, part)
        pad, most = _limits(inner)
        _write_graph(inner, part / MODEL, pad)
        step("3/4 Verkleinen naar int8 …")
        _shrink(part / MODEL)
        manifest = Manifest(
            kind=inner.model.config.model_type,
            labels=tuple(inner.class_names),
            thresholds=dict(DETOXIFY),
            max_tokens=most,
            pad_id=pad,
            source=source,
            files={MODEL: digest_of(part / MODEL), TOKENIZER: digest_of(part / TOKENIZER)},
        )
        (part / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
        step("4/4 Vergelijken met het origineel …")
        difference = _difference(inner, tokenizer, part, manifest)
        size = sum(file.stat().st_size for file in part.iterdir())
        _put(part, out)
    return Exported(manifest, difference, size)


def _require() -> None:
    try:
        import detoxify  # noqa: F401
        import onnx  # noqa: F401
        import tokenizers  # noqa: F401
        import torch  # noqa: F401
    except ImportError as error:
        raise ConfigError(
            f"Voor het omzetten zijn pakketten nodig die hier niet staan ({error.name or error}).",
            remedy="Installeer ze met: pip install 'verbinder[export]'. Om het resultaat te gebruiken volstaat "
            "'verbinder[onnx]'.",
        ) from error


def _load(checkpoint: str, threads: int | None) -> tuple[Any, Source]:
    """Return a Detoxify and what it is. One with a name is downloaded by Detoxify the first time."""
    import torch
    from detoxify import Detoxify
    from detoxify.detoxify import MODEL_URLS

    torch.set_num_threads(threads_of(threads))
    try:
        if checkpoint in MODELS:
            file = Path(torch.hub.get_dir(), "checkpoints", MODEL_URLS[checkpoint].rpartition("/")[2])
            inner, name = Detoxify(checkpoint), checkpoint
        else:
            file = Path(checkpoint)
            inner, name = Detoxify(model_type=DEFAULT_MODEL, checkpoint=checkpoint, device="cpu"), file.name
    except Exception as error:
        raise ConfigError(
            f"Het checkpoint “{checkpoint}” kon niet geladen worden: {_first_line(error)}",
            remedy="Kijk na of het een checkpoint van Detoxify is, en of deze machine bij huggingface.co kan: daar "
            "komen de eerste keer de tokenizer en de gewichten vandaan.",
        ) from error
    inner.model.eval()
    return inner, Source(name=name, sha256=digest_of(file))


def _limits(inner: Any) -> tuple[int, int]:
    """Return the number of the padding token, and how many tokens the model reads."""
    config = inner.model.config
    pad = int(inner.tokenizer.pad_token_id)
    # RoBERTa and its kin count positions from the padding token on.
    positions = config.max_position_embeddings - (pad + 1 if "roberta" in config.model_type else 0)
    return pad, min(positions, inner.tokenizer.model_max_length)


def _write_tokenizer(inner: Any, part: Path) -> Any:
    """Write `tokenizer.json` and return the tokenizer that it makes, after it was seen to cut texts the same way."""
    from tokenizers import Tokenizer

    with tempfile.TemporaryDirectory() as folder:
        inner.tokenizer.save_pretrained(folder)
        written = Path(folder, TOKENIZER)
        if not written.is_file():
            raise ConfigError(
                "De tokenizer van dit checkpoint heeft geen vorm die zonder transformers te lezen is.",
                remedy="Gebruik de scorer “detoxify” met dit checkpoint.",
            )
        shutil.copyfile(written, part / TOKENIZER)
    tokenizer = Tokenizer.from_file(str(part / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    if any(tokenizer.encode(text).ids != inner.tokenizer(text)["input_ids"] for text in PROBES):
        raise ConfigError(
            "De tokenizer van dit checkpoint knipt teksten anders zonder transformers dan ermee.",
            remedy="Gebruik de scorer “detoxify” met dit checkpoint.",
        )
    return tokenizer


def _write_graph(inner: Any, file: Path, pad: int) -> None:
    import torch

    class Scores(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        """The checkpoint's model up to scores between 0 and 1."""

        def __init__(self, model: Any) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: Any, mask: Any) -> Any:
            return torch.sigmoid(self.model(input_ids=ids, attention_mask=mask)[0])

    # Two rows of which one is padded, so that the mask is part of what is traced.
    ids = torch.full((2, 8), pad + 4)
    mask = torch.ones_like(ids)
    ids[1, 5:], mask[1, 5:] = pad, 0
    axes = {0: "batch", 1: "length"}
    inner.model.config._attn_implementation = "eager"  # noqa: SLF001 (transformers' own way; the others do not trace)
    try:
        with _quiet():
            torch.onnx.export(
                Scores(inner.model).eval(),
                (ids, mask),
                str(file),
                input_names=list(INPUTS),
                output_names=[OUTPUT],
                dynamic_axes={**dict.fromkeys(INPUTS, axes), OUTPUT: {0: "batch"}},
                opset_version=OPSET,
                dynamo=False,  # the newer exporter needs one more package and writes the same graph
            )
    except Exception as error:
        raise _impossible(error) from error


def _shrink(file: Path) -> None:
    import onnx

    model = onnx.load(str(file))
    if not quantise(model):
        raise _impossible(ValueError("geen gewichten om te verkleinen"))
    onnx.save(model, str(file))


def _difference(inner: Any, tokenizer: Any, part: Path, manifest: Manifest) -> float:
    """Return the largest difference from the original's scores on the probes; raise ConfigError where it is large."""
    from bot.toxicity.onnx_scorer import OnnxScorer, open_session

    scorer = OnnxScorer(open_session(part / MODEL, manifest, 1), tokenizer, manifest)
    differences = [
        abs(ours - theirs)
        for text in PROBES
        for ours, theirs in zip(scorer.columns(text), inner.predict([text]).values(), strict=True)
    ]
    difference = float(np.max(differences))
    if not difference <= MOST_DIFFERENCE:
        raise ConfigError(
            f"Het verkleinde model geeft andere scores dan het origineel (tot {difference:.2f} verschil).",
            remedy="Gebruik de scorer “detoxify” met dit checkpoint.",
        )
    return difference


def _impossible(error: Exception) -> ConfigError:
    return ConfigError(
        f"Dit model kan niet omgezet worden naar ONNX: {_first_line(error)}",
        remedy="Gebruik de scorer “detoxify” met dit checkpoint.",
    )


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep warnings of torch about its own insides away from who exports a model."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


# ── the folder ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _refuse_what_is_in_the_way(out: Path, *, force: bool) -> None:
    if not out.exists() and not out.is_symlink():
        return
    if not out.is_dir() or out.is_symlink() or not _replaceable(list(out.iterdir())):
        raise ConfigError(f"{out} bestaat al, en is geen map met een ONNX-model.", remedy="Kies een andere map.")
    if any(out.iterdir()) and not force:
        raise ConfigError(
            f"{out} bestaat al en bevat een model.",
            remedy="Kies een andere map, of vervang het model met --force.",
        )


def _replaceable(files: Sequence[Path]) -> bool:
    """Tell whether all of it was written by an export, so that nothing else is ever thrown away."""
    return {file.name for file in files} <= {MANIFEST, MODEL, TOKENIZER}


@contextlib.contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Yield a new folder beside `out`, which is gone afterwards unless it was moved."""
    try:
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=out.absolute().parent, prefix=f".{out.name}."))
    except OSError as error:
        raise _unwritable(out, error) from None
    try:
        yield part
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _put(part: Path, out: Path) -> None:
    """Move the finished folder to its place. What stood there is only removed once the new one is in."""
    part.chmod(0o755)
    if not out.exists():
        part.rename(out)
        return
    old = part.with_name(f"{part.name}.oud")
    out.rename(old)
    try:
        part.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _unwritable(out: Path, error: OSError) -> ConfigError:
    return ConfigError(
        f"{out} kan niet geschreven worden ({error.strerror or error}).",
        remedy="Kies een map waarin u mag schrijven, op een schijf met plaats genoeg (ongeveer viermaal het model).",
    )
