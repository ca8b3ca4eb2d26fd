from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core.messages import Author, Message, MessageRef
from bot.engine import Engine
from bot.framing.detector import LexicalDetector
from bot.framing.loading import load_frames
from bot.replies.composer import load_composer
from bot.rules import load_rules
from bot.toxicity.embedded import EmbeddedScorer

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def engine() -> Engine:
    frames = load_frames(ROOT / "frames", LexicalDetector)
    scorer = EmbeddedScorer()
    return Engine(
        rules=load_rules(
            ROOT / "rules" / "huisregels.yaml",
            score=lambda text: scorer.score([text])[0].scores,
            known_frames=frames.frames,
        ),
        scorer=scorer,
        detector=LexicalDetector(frames),
        composer=load_composer(ROOT / "frames", frames),
        zone=ZoneInfo("Europe/Brussels"),
    )


def message(text: str, *, post: str = "", quoted: str = "", forwarded: str = "", name: str = "Buur") -> Message:
    return Message(
        ref=MessageRef("demo", "chat", "1"),
        author=Author("1", name),
        text=text,
        sent_at=datetime(2026, 3, 2, 10, tzinfo=UTC),
        quoted=quoted,
        forwarded=forwarded,
        post_text=post,
    )
