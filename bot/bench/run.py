"""The benchmarks in order: what is measured, on which texts, and what is said where something is absent."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.analysis import analyse
from bot.app import build_engine
from bot.bench import measures, words
from bot.bench.texts import reactions
from bot.core.clock import Clock
from bot.core.messages import Author, Message, MessageRef
from bot.engine import toxicity_of
from bot.settings import Settings
from bot.toxicity.memory import RememberingScorer
from bot.toxicity.registry import build_scorer

Say = Callable[[str], None]

NEEDS = "geen model gegeven: kies --checkpoint BESTAND, of --random-xlmr voor willekeurige gewichten"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure. `checkpoint` is Detoxify's, by name or path; `random` makes one of the size of XLM-R base."""

    settings: Settings
    quick: bool = False
    checkpoint: str | None = None
    random: bool = False
    threads: int = 1


def run(plan: Plan, now: Clock, say: Say, step: Say) -> None:
    """Measure and `say` each figure as soon as it is known; `step` tells what takes long.

    Raises:
        VerbinderError: the scorer of the settings or the checkpoint cannot be used.
    """
    texts = reactions(40 if plan.quick else 400)
    say(f"Machine: {words.facts_line(measures.facts())}")
    _engine_rows(plan, texts, now, say)
    say(words.memory_line(plan.settings.scorer, measures.resident_memory(plan.settings.scorer)))
    _onnx_rows(plan, texts[: 40 if plan.quick else 160], say, step)


def _engine_rows(plan: Plan, texts: Sequence[str], now: Clock, say: Say) -> None:
    scorer = plan.settings.scorer
    engine = build_engine(plan.settings.model_copy(update={"scorer_threads": plan.threads}))

    def judged(text: str) -> None:
        analyse(Message(MessageRef("bench", "bench", "1"), Author(""), text, now()), engine)

    # Each on texts of its own: a scorer may remember what it saw.
    half = len(texts) // 2
    say(words.latency_line(f"Scorer {scorer}", measures.latency(lambda text: toxicity_of(text, engine), texts[:half])))
    say(words.latency_line(f"Hele analyse met {scorer}", measures.latency(judged, texts[half:])))
    remembering = RememberingScorer(engine.scorer)
    say(words.repeated_line(f"Scorer {scorer} met geheugen", *measures.repeated(remembering, texts)))


def _onnx_rows(plan: Plan, texts: Sequence[str], say: Say, step: Say) -> None:
    if plan.checkpoint is None and not plan.random:
        say(f"onnx tegenover Detoxify: overgeslagen ({NEEDS})")
        return
    try:
        import torch
        from detoxify import Detoxify
    except ImportError as error:
        say(f"onnx tegenover Detoxify: overgeslagen (het pakket {error.name or error} staat hier niet)")
        return
    from bot.toxicity.onnx_export import export

    with tempfile.TemporaryDirectory() as place:
        checkpoint = plan.checkpoint or _random(Path(place), texts, step)
        folder = Path(place) / "onnx"
        export(checkpoint, folder, threads=plan.threads, step=step)
        torch.set_num_threads(plan.threads)
        step("Vergelijken …")
        named = not Path(checkpoint).exists()
        original = Detoxify(checkpoint) if named else Detoxify("multilingual", checkpoint=checkpoint)
        onnx = build_scorer("onnx", model=str(folder), threads=plan.threads)
        for line in words.comparison_lines(measures.compare(original, onnx, texts), plan.threads):
            say(line)
        fresh = build_scorer("onnx", model=str(folder), threads=plan.threads)
        say(words.repeated_line("onnx", *measures.repeated(fresh, texts)))


def _random(place: Path, texts: Sequence[str], step: Say) -> str:
    from bot.bench.random_model import write_checkpoint

    step("Een XLM-R met willekeurige gewichten maken …")
    folder = place / "random"
    folder.mkdir()
    return str(write_checkpoint(folder, texts))
