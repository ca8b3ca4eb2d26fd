"""The pipeline, in reading order: what Verbinder thinks of one reaction. Pure and total.

Only the author's own text is judged, never what it quotes or forwards, nor a display name (trap 14). A part that
fails is recorded as not evaluated and never stops the rest (law 3). Whether a message is judged at all (not a
colleague's, not our own) is for the caller.
"""

from __future__ import annotations

from bot.core.analysis import Analysis
from bot.core.findings import ToxicityResult
from bot.core.messages import Message
from bot.core.policy import decide
from bot.engine import Engine, framing_of, language_of, rules_of, suggestions_of, toxicity_of, versions_of
from bot.text.fingerprint import fingerprint

JUDGED_CHARACTERS = 20_000
"""What is judged of one text. No platform sends more (Telegram 4,096, Discord 4,000); a rest is reported, not clean."""


def analyse(message: Message, engine: Engine, toxicity: ToxicityResult | None = None) -> Analysis:
    """Return everything there is to say about `message.text`, read under `message.post_text`. Never raises.

    `toxicity` is what the scorer said of it, where it was asked for several texts at once (`toxicities_of`).
    """
    text = message.text[:JUDGED_CHARACTERS]
    context = message.post_text[:JUDGED_CHARACTERS]
    language = language_of(text)
    toxicity = toxicity_of(text, engine) if toxicity is None else toxicity
    rules = rules_of(message, text, language, toxicity, engine)
    framing = framing_of(text, context, toxicity, engine)
    left_out = len(message.text) - len(text)
    decision = decide(
        rules,
        toxicity,
        framing,
        frame_effects=engine.rules.frames,
        frame_names=engine.detector.names,
        unseen={"einde van de tekst": f"{left_out} tekens te lang"} if left_out else {},
    )
    return Analysis(
        language=language,
        toxicity=toxicity,
        framing=framing,
        rules=rules,
        decision=decision,
        suggestions=suggestions_of(text, context, framing, language, engine) if decision.suggest_reply else (),
        fingerprint=likeness(message),
        versions=versions_of(engine),
    )


def likeness(message: Message) -> str:
    """Return what messages with like words share, empty where there is nothing to compare."""
    return fingerprint(message.text[:JUDGED_CHARACTERS])
