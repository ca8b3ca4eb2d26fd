"""Cut the vocabulary of 250,000 pieces down to what Dutch, French and English need, as a model of SentencePiece."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from importlib.resources import files

import numpy as np
import numpy.typing as npt
from sentencepiece import SentencePieceProcessor
from sentencepiece.sentencepiece_model_pb2 import ModelProto  # type: ignore[attr-defined]
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from training.e5 import E5

START, PAD, END, UNKNOWN = range(4)
SPECIAL = 4
LANGUAGES = ("nl", "fr", "en")
_LATIN = 0x250
_TEXT_WEIGHT = 1_000_000


def words() -> list[str]:
    """Return the forms of words in Dutch, French and English that simplemma knows."""
    factory = DefaultDictionaryFactory()
    found = (str(word) for language in LANGUAGES for word in factory.get_dictionary(language))
    return [word for word in found if word.isprintable()]


def cut(
    source: E5, texts: Iterable[str], dictionary: Iterable[str], *, size: int
) -> tuple[bytes, npt.NDArray[np.int64]]:
    """Return a SentencePiece model of some `size` pieces and the row of each in the whole vocabulary.

    Kept are single Latin letters, signs and pictures, every piece that `texts` need, then what most words of
    `dictionary` need. What is left out is spelled with smaller pieces.
    """
    whole = SentencePieceProcessor(model_proto=_model(source, range(len(source.pieces))))
    counts = np.zeros(len(source.pieces), np.int64)
    for many, weight in ((list(texts), _TEXT_WEIGHT), (list(dictionary), 1)):
        for ids in whole.encode(many):
            np.add.at(counts, ids, weight)
    single = {n for n, piece in enumerate(source.pieces) if n >= SPECIAL and _is_single(piece)}
    ranked = [int(n) for n in np.argsort(-counts, kind="stable") if counts[n] and n >= SPECIAL]
    kept = [*range(SPECIAL), *sorted({*single, *ranked[:size]})]
    return _model(source, kept), np.array(kept, np.int64)


def _is_single(piece: str) -> bool:
    bare = piece.removeprefix("▁")
    return (
        not bare
        or all(0x2010 <= ord(c) < 0x2C00 or ord(c) > 0x1F000 for c in bare)
        or (len(bare) == 1 and ord(bare) < _LATIN)
    )


def _model(source: E5, kept: Iterable[int]) -> bytes:
    model = ModelProto()
    kinds = ModelProto.SentencePiece
    for number in kept:
        kind = kinds.UNKNOWN if number == UNKNOWN else kinds.CONTROL if number < SPECIAL else kinds.NORMAL
        model.pieces.add(piece=source.pieces[number], score=float(source.scores[number]), type=kind)
    trainer, normaliser = model.trainer_spec, model.normalizer_spec
    trainer.model_type = trainer.UNIGRAM
    trainer.bos_id, trainer.pad_id, trainer.eos_id, trainer.unk_id = START, PAD, END, UNKNOWN
    trainer.vocab_size = len(model.pieces)
    normaliser.name = "nmt_nfkc"
    normaliser.precompiled_charsmap = _characters()
    normaliser.add_dummy_prefix = normaliser.remove_extra_whitespaces = normaliser.escape_whitespaces = True
    return bytes(model.SerializeToString())


def _characters() -> bytes:
    """Return how the model of multilingual-e5-small folds characters, from the wheel of its tokenizer (MIT)."""
    place = files("semantra_multilingual").joinpath("assets/multilingual-e5-small/tokenizer.json")
    steps = json.loads(place.read_text(encoding="utf-8"))["normalizer"]["normalizers"]
    return base64.b64decode(next(step["precompiled_charsmap"] for step in steps if step["type"] == "Precompiled"))
