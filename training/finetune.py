"""Fine-tune the encoder on the corpus: `python -m training.finetune OUT`. PyTorch on a CPU; about an hour on 2 cores.

Each batch is read alone or under its post, by lot: alone it learns toxicity above all, under the post frames.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from sentencepiece import SentencePieceProcessor
from sklearn.metrics import f1_score
from torch import Tensor, nn
from torch.nn import functional

from bot.framing.loading import load_frames
from bot.settings import ROOT
from training import corpus
from training.corpus import Reaction
from training.e5 import E5, load
from training.encoder import Encoder
from training.groups import swapped
from training.labels import DIGITS, FRAMES, GRADES, TENSIONS, TONES, VALUES
from training.noise import disturbed
from training.vocabulary import END, START, cut, words

PIECES = 36_000
TEXT_PIECES, POST_PIECES = 160, 40
TARGETS = (0.0, 0.4, 1.0)
HEADS = {
    "toxicity": len(DIGITS),
    "frames": len(FRAMES),
    "values": len(VALUES),
    "tone": len(TONES),
    "tension": len(TENSIONS),
}
WEIGHTS = {"toxicity": 5.0, "frames": 6.0, "values": 1.5, "tone": 0.3, "tension": 0.3}
FRAME_WEIGHT = 2.0
NOT_SAID = -100
NOT_ASKED = -1.0
EXAMPLES = 3  # how often an example of a frame is read in one epoch


class Reader(nn.Module):
    """The encoder with its heads; the words stay as they are."""

    def __init__(self, source: E5, rows: np.ndarray, layers: Sequence[int]) -> None:
        super().__init__()
        self.words = nn.Embedding.from_pretrained(torch.from_numpy(source.tensors["emb.word"][rows]), freeze=True)
        self.encoder = Encoder(source, layers)
        self.head = nn.Linear(source.hidden, sum(HEADS.values()))
        # All texts lie close together as the encoder comes: what they share is taken off before the heads look.
        self.register_buffer("middle", torch.zeros(source.hidden))
        self.register_buffer("spread", torch.ones(source.hidden))

    def pooled(self, ids: Tensor, mask: Tensor, drop: float = 0.0) -> Tensor:
        """Return the mean over the pieces of each text: (batch, hidden)."""
        seen = self.encoder(self.words(ids), mask, drop)
        return (seen * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)

    def judge(self, pooled: Tensor) -> Tensor:
        return self.head((pooled - self.middle) / self.spread)

    def forward(self, ids: Tensor, mask: Tensor, drop: float = 0.0) -> Tensor:
        """Return the logits of every label: (batch, labels)."""
        return self.judge(functional.dropout(self.pooled(ids, mask, drop), drop, self.training))


def pieces(tokenizer: SentencePieceProcessor, text: str, post: str, *, vary: bool = False) -> list[int]:
    """Return the numbers of `<s> text </s>`, or `<s> text </s> </s> post </s>`; `vary` splits words in other ways."""
    split_up = tokenizer.encode(text, enable_sampling=vary, alpha=0.3, nbest_size=-1)
    found = [START, *split_up[:TEXT_PIECES], END]
    return [*found, END, *tokenizer.encode(post)[:POST_PIECES], END] if post else found


def batch(rows: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    longest = max(map(len, rows))
    ids = torch.ones(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), longest)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
        mask[number, : len(row)] = 1.0
    return ids, mask


def targets(items: Sequence[Reaction]) -> dict[str, Tensor]:
    """Return what there is to learn; a tone or tension on which people did not agree is left alone."""
    return {
        "toxicity": torch.tensor([_grades(item) for item in items]),
        "frames": torch.tensor([_frames(item) for item in items]),
        "values": torch.tensor([_values(item) for item in items]),
        "tone": torch.tensor([_place(TONES, item.tone) for item in items]),
        "tension": torch.tensor([_place(TENSIONS, item.tension) for item in items]),
    }


def _grades(item: Reaction) -> list[float]:
    return [TARGETS[GRADES.index(grade)] for grade in item.toxicity] or [NOT_ASKED] * len(DIGITS)


def _frames(item: Reaction) -> list[float]:
    asked = FRAMES.values() if item.asked is None else item.asked
    return [float(name in item.frames) if name in asked else NOT_ASKED for name in FRAMES.values()]


def _values(item: Reaction) -> list[float]:
    return [float(name in item.values) if item.toxicity else NOT_ASKED for name in VALUES.values()]


def _place(names: Mapping[str, str], name: str) -> int:
    return list(names.values()).index(name) if name else NOT_SAID


def split(logits: Tensor) -> dict[str, Tensor]:
    return dict(zip(HEADS, logits.split(list(HEADS.values()), dim=1), strict=True))


def loss_of(logits: Tensor, wanted: dict[str, Tensor], *, alone: bool) -> Tensor:
    found = split(logits.float())
    parts = {
        "toxicity": _told(found["toxicity"], wanted["toxicity"], high=2.0),
        "frames": _told(found["frames"], wanted["frames"], high=FRAME_WEIGHT) * (0.3 if alone else 1.0),
        "values": _told(found["values"], wanted["values"], high=1.0),
        "tone": _one_of(found["tone"], wanted["tone"]),
        "tension": _one_of(found["tension"], wanted["tension"]),
    }
    return sum(WEIGHTS[name] * part for name, part in parts.items())


def _told(found: Tensor, wanted: Tensor, *, high: float) -> Tensor:
    """Return the loss over what was asked; what clearly holds counts `high` times."""
    weights = (wanted >= 0).float() * (1.0 + (high - 1.0) * (wanted > 0.9).float())
    return functional.binary_cross_entropy_with_logits(found, wanted.clamp(min=0.0), weight=weights)


def _one_of(found: Tensor, wanted: Tensor) -> Tensor:
    total = functional.cross_entropy(found, wanted, ignore_index=NOT_SAID, reduction="sum")
    return total / (wanted != NOT_SAID).sum().clamp(min=1)


def batches(
    items: Sequence[Reaction], tokenizer: SentencePieceProcessor, rng: random.Random, size: int
) -> Iterator[tuple[list[Reaction], Tensor, Tensor, bool]]:
    rows = []
    for item in items:
        alone = rng.random() < 0.5
        text = item.text
        if rng.random() < (0.5 if item.groups or item.kind in {"neutraal", "spiegel"} else 0.25):
            text = swapped(text, rng, newcomers_only=bool(item.frames) or not alone)
        text = disturbed(text, rng)
        rows.append((alone, item, pieces(tokenizer, text, "" if alone else item.post, vary=rng.random() < 0.2)))
    rows.sort(key=lambda row: (row[0], len(row[2]) + rng.random() * 8))
    chunks = [rows[start : start + size] for start in range(0, len(rows), size)]
    rng.shuffle(chunks)
    for chunk in chunks:
        ids, mask = batch([row[2] for row in chunk])
        yield [row[1] for row in chunk], ids, mask, chunk[0][0]


@torch.no_grad()
def outputs(
    reader: Reader, tokenizer: SentencePieceProcessor, items: Sequence[Reaction], *, alone: bool, raw: bool = False
) -> np.ndarray:
    """Return the logits of all labels for `items`, or `raw` what the heads look at."""
    reader.eval()
    rows = [pieces(tokenizer, item.text, "" if alone else item.post) for item in items]
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    found = np.zeros((len(rows), reader.head.in_features if raw else reader.head.out_features), np.float32)
    for start in range(0, len(order), 32):
        chosen = order[start : start + 32]
        with torch.autocast("cpu", torch.bfloat16):
            given = batch([rows[number] for number in chosen])
            found[chosen] = (reader.pooled(*given) if raw else reader(*given)).float().numpy()
    return found


def warm_up(reader: Reader, tokenizer: SentencePieceProcessor, items: Sequence[Reaction], *, steps: int = 300) -> None:
    """Fit the heads to the encoder as it comes, so that the first steps of fine-tuning do not wreck it."""
    seen = [torch.from_numpy(outputs(reader, tokenizer, items, alone=alone, raw=True)) for alone in (True, False)]
    together = torch.cat(seen)
    reader.middle.copy_(together.mean(0))
    reader.spread.copy_(together.std(0))
    wanted = targets(items)
    optimiser = torch.optim.AdamW(reader.head.parameters(), lr=0.01, weight_decay=0.05)
    for _ in range(steps):
        loss = sum(
            loss_of(reader.judge(one), wanted, alone=alone) for one, alone in zip(seen, (True, False), strict=True)
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    print(f"heads alone: {loss.item() / 2:.4f}", flush=True)


def told(reader: Reader, tokenizer: SentencePieceProcessor, items: Sequence[Reaction]) -> str:
    """Return in one line how well it does, each label at its best threshold: to look on, not to report."""
    alone, under = (split(torch.from_numpy(outputs(reader, tokenizer, items, alone=a))) for a in (True, False))
    wanted = targets(items)
    said = []
    for label in ("toxicity", "identity_attack", "insult", "threat", "obscene"):
        at = DIGITS.index(label)
        truth = wanted["toxicity"][:, at].numpy() > 0.9
        said.append(f"{label} {_best(truth, alone['toxicity'][:, at].numpy()):.3f}")
    frames = [_best(wanted["frames"][:, n].numpy() > 0.5, under["frames"][:, n].numpy()) for n in range(len(FRAMES))]
    said.append(
        f"frames {np.mean(frames):.3f} [{' '.join(f'{code} {f:.2f}' for code, f in zip(FRAMES, frames, strict=True))}]"
    )
    for name in ("tone", "tension"):
        agreed = wanted[name] != NOT_SAID
        given = under[name].argmax(1)[agreed]
        said.append(f"{name} {f1_score(wanted[name][agreed], given, average='macro'):.3f}")
    return "  ".join(said)


def _best(truth: np.ndarray, scores: np.ndarray) -> float:
    order = np.argsort(-scores)
    hits = np.cumsum(truth[order])
    return float(np.max(2 * hits / (np.arange(1, len(truth) + 1) + truth.sum()))) if truth.any() else 0.0


def train(
    out: Path, *, epochs: int = 6, rate: float = 2e-4, size: int = 32, seed: int = 7, start: Path | None = None
) -> None:
    """Train and keep the reader in `out` after each epoch; from the reader in `start`, or from E5 as it comes."""
    torch.manual_seed(seed)
    torch.set_num_threads(2)
    rng = random.Random(seed)
    source = load()
    items, dev = corpus.load("train"), corpus.load("dev")
    told_of = [*items, *EXAMPLES * list(corpus.examples(load_frames(ROOT / "frames", None)))]
    model, rows = cut(source, [text for item in items for text in (item.text, item.post)], words(), size=PIECES)
    tokenizer = SentencePieceProcessor(model_proto=model)
    reader = Reader(source, rows, range(12))
    print(f"{len(items)} reactions, {len(rows)} pieces", flush=True)
    if start is None:
        warm_up(reader, tokenizer, items)
    else:
        reader.load_state_dict(torch.load(start, weights_only=False)["reader"])
    print("  dev: " + told(reader, tokenizer, dev), flush=True)
    heads = list(reader.head.parameters())
    body = [p for p in reader.encoder.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW([{"params": body, "lr": rate}, {"params": heads, "lr": rate * 3}], weight_decay=0.01)
    steps = epochs * (len(told_of) // size + 2)
    warm = steps // 12
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min(n / warm, max((steps - n) / (steps - warm), 0.02))
    )
    for epoch in range(epochs):
        began, total, count = time.monotonic(), 0.0, 0
        reader.train()
        for chunk, ids, mask, alone in batches(told_of, tokenizer, rng, size):
            with torch.autocast("cpu", torch.bfloat16):
                logits = reader(ids, mask, 0.1)
            loss = loss_of(logits, targets(chunk), alone=alone)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total, count = total + loss.item(), count + 1
            if count % 100 == 0:
                print(f"  {count}: {total / count:.4f} {time.monotonic() - began:.0f} s", flush=True)
        print(f"epoch {epoch + 1}: loss {total / count:.4f}, {time.monotonic() - began:.0f} s", flush=True)
        print("  dev: " + told(reader, tokenizer, dev), flush=True)
        torch.save({"reader": reader.state_dict(), "rows": rows, "pieces": model}, out)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("out", type=Path)
    options.add_argument("--epochs", type=int, default=6)
    options.add_argument("--rate", type=float, default=2e-4)
    options.add_argument("--start", type=Path, help="a reader to go on from")
    chosen = options.parse_args()
    train(chosen.out, epochs=chosen.epochs, rate=chosen.rate, start=chosen.start)
