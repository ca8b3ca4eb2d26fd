"""How reading grows with the length of a text that is awkward on purpose: `python -m benchmarks.long_texts`."""

from __future__ import annotations

import time

from bot.text.fingerprint import fingerprint
from bot.text.links import find_links
from bot.text.normalise import normalise
from bot.text.personal import find_personal_data
from bot.text.tokens import tokenise
from bot.text.words import Vocabulary

PIECES = ("a ", "a", "k.l ", "k l o o t ", "klootzak ", "a!b*c", "e\u0301\u0337", "a@b.", "0475 ", "x.x.")
SHORT, LONG = 12_500, 50_000
ROUNDS = 3
WORDS = Vocabulary(["kloot", "kol", "lok", "oo"], inflections=True, compounds=True, exceptions=["klok"])


def measure() -> None:
    """Print, for each awkward text, how many times longer one takes that is four times as long; quadratic is 16."""
    print(f"{LONG} characters against {SHORT}: {LONG // SHORT} times the text")
    for piece in PIECES:
        short, long = (min(_seconds(piece, length) for _ in range(ROUNDS)) for length in (SHORT, LONG))
        print(f"  {piece!r:12} {1000 * short:6.0f} ms, {1000 * long:6.0f} ms: {long / short:4.1f} times")


def _seconds(piece: str, length: int) -> float:
    text = (piece * length)[:length]
    started = time.process_time()
    WORDS.find(tokenise(normalise(text)))
    find_personal_data(text)
    find_links(text)
    fingerprint(text)
    return time.process_time() - started


if __name__ == "__main__":
    measure()
