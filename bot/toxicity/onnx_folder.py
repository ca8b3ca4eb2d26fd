"""The folder that `verbinder export-onnx` writes and the scorer `onnx` reads: what is in it, and whether it is whole.

::

    model.json        what it is: a `Manifest`
    model.onnx        input_ids and attention_mask (batch, length), int64 → scores (batch, labels), float32 in [0, 1]
    tokenizer.json    the tokenizer, in the form of the package `tokenizers`

The digests in `model.json` are those of the two other files, so a copy that broke off is noticed before it scores.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.core.errors import ConfigError
from bot.core.findings import TOXICITY_LABELS

MANIFEST, MODEL, TOKENIZER = "model.json", "model.onnx", "tokenizer.json"
INPUTS = ("input_ids", "attention_mask")
OUTPUT = "scores"

AGAIN = "Maak de map opnieuw met: verbinder export-onnx CHECKPOINT MAP"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Threshold = Annotated[float, Field(gt=0, le=1)]


class Source(BaseModel):
    """What the folder was made from: a name of Detoxify or of a file, and the digest of its weights."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    sha256: Sha256


class Manifest(BaseModel):
    """What `model.json` says. `labels` are the columns of the scores, in Detoxify's names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    kind: str = Field(min_length=1, description="the architecture: bert, roberta, xlm-roberta, albert")
    labels: tuple[str, ...] = Field(min_length=1)
    thresholds: Mapping[Literal[TOXICITY_LABELS], Threshold]  # type: ignore[valid-type]
    max_tokens: int = Field(ge=8, le=65536, description="of one window, with the two tokens around it")
    pad_id: int = Field(ge=0)
    source: Source
    files: Mapping[Literal["model.onnx", "tokenizer.json"], Sha256]

    @model_validator(mode="after")
    def _complete(self) -> Manifest:
        if len(set(self.labels)) != len(self.labels) or "toxicity" not in self.labels:
            msg = "labels"
            raise ValueError(msg)
        if set(self.thresholds) != set(TOXICITY_LABELS):
            msg = "thresholds"
            raise ValueError(msg)
        if set(self.files) != {MODEL, TOKENIZER}:
            msg = "files"
            raise ValueError(msg)
        return self

    @property
    def digest(self) -> str:
        """Return what changes whenever a score could: twelve hexadecimal digits."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]


def read_manifest(folder: Path) -> Manifest:
    """Return what the folder says it is, after its files were compared with that.

    Raises:
        ConfigError: no folder, a file that is missing or another one, or a `model.json` that is not what it should be.
    """
    if not folder.is_dir():
        raise ConfigError(
            f"De map {folder} met een ONNX-model bestaat niet.",
            remedy=f"Zet in VERBINDER_SCORER_MODEL het pad van die map. {AGAIN}",
        )
    manifest = _parsed(folder / MANIFEST)
    for name, digest in manifest.files.items():
        if digest_of(folder / name) != digest:
            raise ConfigError(
                f"{folder / name} is niet het bestand dat bij {MANIFEST} hoort: misschien is de kopie niet af.",
                remedy=f"Kopieer de map opnieuw. {AGAIN}",
            )
    return manifest


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file of such a folder; raise ConfigError where it cannot be read."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(file, error) from None


def _parsed(file: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(file.read_bytes())
    except OSError as error:
        raise _unreadable(file, error) from None
    except ValidationError as error:
        raise ConfigError(f"{file} klopt niet: {_in_dutch(error)}.", remedy=AGAIN) from None


def _in_dutch(error: ValidationError) -> str:
    """Return which parts are wrong, without repeating what stands in them."""
    items = error.errors(include_url=False, include_input=False, include_context=False)
    if any(item["type"] == "json_invalid" for item in items):
        return "het is geen JSON"
    named = sorted(
        {str(item["loc"][0]) if item["loc"] else item["msg"].removeprefix("Value error, ") for item in items}
    )
    return "kijk na wat er staat bij " + ", ".join(f"“{name}”" for name in named)


def _unreadable(file: Path, error: OSError) -> ConfigError:
    if isinstance(error, FileNotFoundError):
        return ConfigError(f"In de map {file.parent} ontbreekt het bestand {file.name}.", remedy=AGAIN)
    return ConfigError(
        f"{file} kan niet gelezen worden ({error.strerror}).", remedy="Kijk de rechten van het bestand na."
    )
