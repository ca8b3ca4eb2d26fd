"""How far two people agree on the labels: `python -m training.agreement`, as a table in Markdown.

Krippendorff's alpha: 1 is full agreement, 0 what chance would give. Ordinal for grades, nominal for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial

import krippendorff
import numpy as np

from training.corpus import CORPUS, first_and_second
from training.labels import DIGITS, FRAMES, TENSIONS, TONES, VALUES, Labels

Pairs = Sequence[tuple[Labels, Labels]]


def alpha(pairs: Pairs, of: Callable[[Labels], Hashable], *, ordinal: bool = False) -> float:
    """Return Krippendorff's alpha for what `of` takes from the labels; nan where everybody says the same always."""
    told = [(of(first), of(second)) for first, second in pairs]
    names = sorted({value for pair in told for value in pair}, key=repr)
    if len(names) < 2:
        return float("nan")
    numbers = np.array([[names.index(value) for value in pair] for pair in told], float).T
    return float(krippendorff.alpha(numbers, level_of_measurement="ordinal" if ordinal else "nominal"))


def rows(pairs: Pairs) -> Iterator[tuple[str, int, float]]:
    """Yield a label, how often at least one of the two gave it, and the agreement on it."""
    for number, name in enumerate(DIGITS):
        given = sum(max(a.toxicity[number], b.toxicity[number]) == 2 for a, b in pairs)
        yield name, given, alpha(pairs, partial(_grade, number), ordinal=True)
    for kind, names, part in (("frame", FRAMES, "frames"), ("value", VALUES, "values")):
        for name in names.values():
            held = [(name in getattr(a, part), name in getattr(b, part)) for a, b in pairs]
            yield f"{kind} {name}", sum(map(any, held)), alpha(pairs, partial(_holds, part, name))
    yield "any frame", sum(bool(a.frames or b.frames) for a, b in pairs), alpha(pairs, lambda one: bool(one.frames))
    yield f"tone ({len(TONES)})", len(pairs), alpha(pairs, lambda one: one.tone)
    yield f"tension ({len(TENSIONS)})", len(pairs), alpha(pairs, lambda one: one.tension)


def _grade(number: int, one: Labels) -> int:
    return one.toxicity[number]


def _holds(part: str, name: str, one: Labels) -> bool:
    return name in getattr(one, part)


def main() -> None:
    pairs = first_and_second(CORPUS)
    print(f"{len(pairs)} reactions, each labelled twice.\n\n| label | by one or both | alpha |\n| --- | ---: | ---: |")
    for name, count, agreed in rows(pairs):
        print(f"| {name} | {count} | {agreed:.2f} |")


if __name__ == "__main__":
    main()
