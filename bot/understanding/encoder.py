"""The encoder: a fine-tuned multilingual-e5-small in 8 bits, run by ONNX Runtime on one core.

It turns a text, alone or under the post it answers, into one vector for each piece of a word. It knows no labels: what
a vector means is for `heads`. Made by `training/`; the model card is `docs/model.md`.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from sentencepiece import SentencePieceProcessor

from bot.core.errors import ConfigError
from bot.core.findings import Span

GRAPH, PIECES, WORDS, HEADS = "encoder.onnx", "pieces.model", "words.npz", "heads.npz"
TEXT_PIECES, POST_PIECES = 160, 40
"""What is read at once of a text and of a post. A longer text is read in windows that overlap."""

_START, _END = 0, 2
_OVERLAP = 40
_REMEMBERED = 256

Floats = npt.NDArray[np.float32]
_Row = tuple[list[int], tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A window of a text as the encoder saw it. `states`: (all pieces, hidden), those of the text from the second on.

    `spans`: where each piece of the text stands in it.
    """

    states: Floats
    spans: tuple[Span, ...]

    @property
    def pooled(self) -> Floats:
        """Return the mean over all pieces: (hidden,)."""
        return np.asarray(self.states.mean(axis=0), np.float32)


class Encoder:
    """Reads texts. Thread-safe; remembers the latest ones, because a text is asked for by more than one part."""

    def __init__(self, folder: Path) -> None:
        try:
            graph = (folder / GRAPH).read_bytes()
            model = (folder / PIECES).read_bytes()
            with np.load(folder / WORDS, allow_pickle=False) as stored:
                self._words, self._scales = stored["words"], stored["scales"].astype(np.float32)
        except (OSError, KeyError, ValueError) as error:
            raise ConfigError(
                f"Het taalmodel in “{folder}” is niet leesbaar ({error}).",
                remedy="Installeer Verbinder opnieuw, of kies de scorer “lexicaal”.",
            ) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._pieces = SentencePieceProcessor(model_proto=model)
        digest = hashlib.sha256(graph + model + self._words.tobytes())
        self.version = digest.hexdigest()[:12]
        self._lock = threading.Lock()
        self._recent: OrderedDict[tuple[str, str], tuple[Seen, ...]] = OrderedDict()

    def see(self, text: str, post: str = "") -> tuple[Seen, ...]:
        """Return `text` as it is seen alone, or under `post`: one window, more for a long text."""
        key = (text, post)
        with self._lock:
            if key in self._recent:
                self._recent.move_to_end(key)
                return self._recent[key]
        seen = self._run(self._windows(text, post))
        with self._lock:
            self._recent[key] = seen
            if len(self._recent) > _REMEMBERED:
                self._recent.popitem(last=False)
        return seen

    def see_all(self, pairs: Sequence[tuple[str, str]], *, together: int = 32) -> Iterator[Seen]:
        """Yield the first window of each of `pairs` (text, post), in order; for many texts at once."""
        rows = [self._windows(text, post)[0] for text, post in pairs]
        found: dict[int, Seen] = {}
        order = sorted(range(len(rows)), key=lambda row: len(rows[row][0]))
        for start in range(0, len(order), together):
            chosen = order[start : start + together]
            found.update(zip(chosen, self._run([rows[row] for row in chosen]), strict=True))
        yield from (found[row] for row in range(len(rows)))

    def _run(self, rows: Sequence[_Row]) -> tuple[Seen, ...]:
        longest = max(len(numbers) for numbers, _ in rows)
        ids = np.ones((len(rows), longest), np.int64)
        mask = np.zeros((len(rows), longest), np.float32)
        for row, (numbers, _) in enumerate(rows):
            ids[row, : len(numbers)] = numbers
            mask[row, : len(numbers)] = 1.0
        vectors = self._words[ids].astype(np.float32) * self._scales[ids][..., None]
        (states,) = self._session.run(None, {"words": vectors, "mask": mask})
        return tuple(Seen(states[row, : len(numbers)], spans) for row, (numbers, spans) in enumerate(rows))

    def _windows(self, text: str, post: str) -> list[_Row]:
        found = self._pieces.encode(_encodable(text), return_type="offset_mapping")
        ids, spans = found["ids"], found["offsets"]
        after = [_END, *self._pieces.encode(_encodable(post))[:POST_PIECES], _END] if post.strip() else []
        starts = range(0, max(len(ids) - _OVERLAP, 1), TEXT_PIECES - _OVERLAP)
        windows = [slice(start, start + TEXT_PIECES) for start in starts]
        return [([_START, *ids[window], _END, *after], tuple(map(tuple, spans[window]))) for window in windows]


def _encodable(text: str) -> str:
    """Return `text` with lone surrogates replaced, one for one: no tokenizer takes them."""
    return text.encode("utf-8", "replace").decode("utf-8")
