"""The model: an encoder, heads and a blend, which belong together. One ships; a town may have heads of its own.

Its own heads lie in a folder of the town, made by `verbinder train`. They are of one encoder: after an update that
brings another one they are left alone, and the shipped heads hold until the town trains again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Self

from bot.core.errors import ConfigError
from bot.core.findings import Span
from bot.understanding.blend import BLEND, Blend
from bot.understanding.encoder import HEADS, Encoder, Seen
from bot.understanding.heads import Heads
from bot.understanding.parts import parts_of

FOLDER = Path(str(files("bot.understanding").joinpath("model")))
OF_ENCODER = "encoder.txt"
"""Beside a town's own heads: the version of the encoder that they were fitted to."""

_NEARLY = 0.7
"""A part whose logit is this much less than that of the strongest part is evidence as well."""


@dataclass(frozen=True, slots=True)
class Model:
    """What reads a text. `version` changes with every weight."""

    encoder: Encoder
    heads: Heads
    blend: Blend

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Self:
        """Return the model in `folder`; raise ConfigError where it is not whole."""
        encoder = Encoder(folder)
        try:
            return cls(encoder, Heads.load(folder), Blend.load(folder))
        except (OSError, KeyError, ValueError) as error:
            raise ConfigError(
                f"Het taalmodel in “{folder}” is niet leesbaar ({error}).", remedy="Installeer Verbinder opnieuw."
            ) from error

    @property
    def version(self) -> str:
        fitted = json.dumps(sorted(self.blend.lines.items())).encode() + self.heads.version.encode()
        return f"{self.encoder.version[:6]}{hashlib.sha256(fitted).hexdigest()[:6]}"

    def with_heads(self, heads: Heads, blend: Blend) -> Self:
        """Return the same encoder with other heads."""
        return replace(self, heads=heads, blend=blend)

    def see(self, text: str, post: str = "") -> tuple[Seen, ...]:
        return self.encoder.see(text, post)

    def evidence(self, text: str, post: str, label: str) -> tuple[Span, ...]:
        """Return the parts of `text` that say most of `label` when they are read by themselves."""
        parts = parts_of(text)
        if len(parts) < 2:
            return parts
        row = self.heads.labels.index(label)
        seen = self.encoder.see_all([(text[start:end], post) for start, end in parts])
        logits = [float(self.heads.weights[row] @ one.pooled) for one in seen]
        return tuple(part for part, logit in zip(parts, logits, strict=True) if logit >= max(logits) - _NEARLY)

    def save_heads(self, folder: Path) -> None:
        """Write heads and blend for `with_own_heads`, each file at once."""
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{HEADS}"
        self.heads.save(draft)
        draft.replace(folder / HEADS)
        (folder / BLEND).write_text(json.dumps(self.blend.lines, indent=1) + "\n", encoding="utf-8")
        (folder / OF_ENCODER).write_text(self.encoder.version + "\n", encoding="utf-8")

    def with_own_heads(self, folder: Path) -> Self:
        """Return the model with the heads in `folder`; itself where there are none, or none for this encoder.

        Raises:
            ConfigError: there are heads, and they are not readable.
        """
        if not has_own_heads(folder, self.encoder.version):
            return self
        try:
            return self.with_heads(Heads.load(folder), Blend.load(folder))
        except (OSError, KeyError, ValueError) as error:
            raise ConfigError(
                f"Wat uw gemeente het taalmodel leerde, in “{folder}”, is niet leesbaar ({error}).",
                remedy="Voer `verbinder train` opnieuw uit, of haal die map weg.",
            ) from error


def has_own_heads(folder: Path, encoder: str) -> bool:
    """Tell whether `folder` holds heads for the encoder of that version."""
    try:
        return (folder / OF_ENCODER).read_text(encoding="utf-8").strip() == encoder
    except OSError:
        return False


@lru_cache(maxsize=1)
def shipped() -> Model:
    """Return the model that ships with the program, loaded once."""
    return Model.load()
