"""Settle what people said of each reaction, and write it into the corpus: `python -m training.settle`.

`corpus/labels/` holds what the writer, a second and (where these differed on what matters most) a third voice said,
each blind to the others. Settled is: of grades the middle one; of all else what two say. What stays open is left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from statistics import median_low
from typing import Any

from training.corpus import CORPUS, SPLITS, said
from training.labels import DIGITS, GRADES, Labels

VOICES = ("first", "second", "third")


def voices(folder: Path) -> list[dict[str, Labels]]:
    """Return what the first, the second and the third person said, by id."""
    return [said(folder / "labels" / f"{name}.txt") for name in VOICES]


def differ(one: Labels, other: Labels) -> bool:
    """Tell whether a third person has to look: toxicity, hate, insult, threat or a frame is seen otherwise."""
    telling = [DIGITS.index(name) for name in ("toxicity", "identity_attack", "insult", "threat")]
    return any(one.toxicity[n] != other.toxicity[n] for n in telling) or one.frames != other.frames


def settled(said: Sequence[Labels]) -> dict[str, Any]:
    """Return the labels of one reaction in the form that `verbinder eval` reads."""
    grades = {name: GRADES[_middle([one.toxicity[n] for one in said])] for n, name in enumerate(DIGITS)}
    enough = min(len(said), 2)
    labels: dict[str, Any] = {
        "toxicity": {name: grade for name, grade in grades.items() if grade},
        "frames": _kept(said, lambda one: one.frames, enough),
        "values": _kept(said, lambda one: one.values, enough),
    }
    for part in ("tone", "tension"):
        (value, count), *_ = Counter(getattr(one, part) for one in said).most_common(1)
        if count > 1:
            labels[part] = value
    return labels


def attacked(said: Sequence[Labels]) -> list[str]:
    """Return which groups are attacked: those that two name, else all that are named; none where hate does not hold."""
    if not _middle([one.toxicity[DIGITS.index("identity_attack")] for one in said]):
        return []
    return _kept(said, _groups, 2) or _kept(said, _groups, 1)


def _groups(one: Labels) -> frozenset[str]:
    return one.groups


def _middle(grades: Sequence[int]) -> int:
    # Two who differ by one without a third: the milder, for what one person doubts is not clear.
    return median_low(grades)


def _kept(said: Sequence[Labels], of: Callable[[Labels], frozenset[str]], enough: int) -> list[str]:
    counts: Counter[Hashable] = Counter(name for one in said for name in of(one))
    return sorted(str(name) for name, count in counts.items() if count >= enough)


def main(folder: Path = CORPUS) -> None:
    first, second, third = voices(folder)
    for writer in (writer for names in SPLITS.values() for writer in names):
        path = folder / f"{writer}.jsonl"
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for row in rows:
            told = [voice[row["id"]] for voice in (first, second, third) if row["id"] in voice]
            row["labels"] = settled(told)
            row["slices"].pop("groep", None)
            if groups := attacked(told):
                row["slices"]["groep"] = "+".join(groups)
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
