"""Compose two or three replies that differ in approach, from building blocks, for a person to choose, edit or drop.

Every reply acknowledges first, starts from a shared value or a concrete service, opens a third perspective where a
frame was told, and ends in a question or an invitation. It never repeats the words of the frame it answers, never
denies them, never promises, and says nothing about facts it does not know. The choice varies by text and is the same
every time. What it cannot do: take up the details of a reaction; that is for the person who edits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.analysis import Suggestion
from bot.core.findings import FramingResult, Tension, Tone
from bot.framing.frameset import FrameSet, Kind
from bot.replies.blocks import Blocks, load_blocks
from bot.replies.checks import check_draft

_MOST_SUGGESTIONS = 3
_ATTEMPTS = 10

LISTEN, INVITE, PERSPECTIVE, SERVICE, CALM, MEDIATE, THANK = (
    "luisteren",
    "uitnodigen",
    "ander perspectief",
    "concreet antwoord",
    "rust brengen",
    "bemiddelen",
    "bedanken",
)


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes from `blocks` for the frames, values and topics of `frames`."""

    frames: FrameSet
    blocks: Blocks

    def compose(self, message_text: str, context: str, framing: FramingResult, language: str) -> tuple[Suggestion, ...]:
        """Return two or three suggestions in Dutch, each with the frame and value it opens.

        `language` is that of the reaction: a French or English one gets a Dutch proposal as well, which its reader
        may translate. `context` is the post; both texts only steer the choice and are never repeated in a reply.
        """
        plan = _Plan.of(framing, self.frames, self.blocks)
        seed = _seed(f"{language}\0{context}\0{message_text}")
        found: list[Suggestion] = []
        for approach, frame in plan.approaches():
            suggestion = self._one(plan, approach, frame, seed, len(found))
            if suggestion is not None and all(suggestion.text != other.text for other in found):
                found.append(suggestion)
            if len(found) == _MOST_SUGGESTIONS:
                break
        return tuple(found)

    def _one(self, plan: _Plan, approach: str, frame: str | None, seed: int, sibling: int) -> Suggestion | None:
        """Return the first variant that passes its own checks, or None where no variant does."""
        for attempt in range(_ATTEMPTS):
            # The second half leaves the topic out: its name may be a word of the frame.
            topic = plan.topic if attempt < _ATTEMPTS // 2 else None
            turn = sibling + attempt
            value = None
            if plan.values and approach not in {SERVICE, MEDIATE}:
                value = plan.values[(seed + turn) % len(plan.values)]
            choice = _Choice(seed, turn)
            text = " ".join(self._sentences(plan, approach, frame, value, topic, choice))
            if not check_draft(text, frames=self.frames, detected=plan.detected):
                return Suggestion(text=text, frame=frame, value=value, approach=approach)
        return None

    def _sentences(
        self, plan: _Plan, approach: str, frame: str | None, value: str | None, topic: str | None, choice: _Choice
    ) -> Iterator[str]:
        blocks = self.blocks
        over = blocks.topic(topic)
        service = self.frames.topics[plan.topic].service if plan.topic is not None else "de bevoegde dienst"
        yield choice.of(blocks.erkenning[plan.tone]).format(over=over)
        if approach == SERVICE:
            yield choice.of(_service(blocks, plan.tone)).format(dienst=service)
            # Who asks for a place and a time is not to be asked for a place and a time.
            yield choice.of(blocks.vragen.navraag if plan.tone is Tone.QUESTION else blocks.vragen.concreet)
            return
        if approach == MEDIATE:
            yield choice.of(blocks.bemiddeling).format(dienst=service)
            yield choice.of(blocks.vragen.concreet)
            return
        if approach == CALM:
            yield choice.of(blocks.rust)
        if approach == THANK:
            yield choice.of(blocks.dank)
        if value is not None:
            yield choice.of(blocks.waarden[value])
        if frame is not None:
            yield choice.of(blocks.perspectieven[frame])
        if approach == LISTEN and plan.tone is Tone.QUESTION:
            yield choice.of(blocks.vragen.navraag)
        else:
            yield choice.of(blocks.vragen.algemeen if approach in {LISTEN, CALM} else blocks.vragen.uitnodiging)


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which of several sentences: by text (`seed`), and the next one for every sibling or attempt (`turn`)."""

    seed: int
    turn: int

    def of(self, sentences: Sequence[str]) -> str:
        # The first sentence goes into the hash, so that places with equally many sentences do not move in step.
        return sentences[(_seed(f"{self.seed}\0{sentences[0]}") + self.turn) % len(sentences)]


def load_composer(folder: Path, frames: FrameSet) -> Composer:
    """Return the composer for `folder`; raise RuleFileError where its blocks are wrong."""
    return Composer(frames, load_blocks(folder, frames))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a reply has to work with: tone, topic, values and the perspectives that may be opened."""

    tone: Tone
    tension: Tension
    topic: str | None
    detected: tuple[str, ...]
    problem: bool
    values: tuple[str, ...]
    opens: tuple[str, ...]

    @classmethod
    def of(cls, framing: FramingResult, frames: FrameSet, blocks: Blocks) -> _Plan:
        detected = tuple(hit.id for hit in framing.frames if hit.id in frames.frames)
        told = [frames.frames[frame_id] for frame_id in detected]
        candidates = dict.fromkeys(name for frame in told for name in frame.opens_frames)
        opens = tuple(
            name
            for name in candidates
            if name not in detected
            and blocks.apart(name, frozenset(detected))
            and frames.frames[name].kind is Kind.COUNTER
        )
        shared = [value for value in framing.values if value in frames.values]
        values = dict.fromkeys([*shared, *(value for frame in told for value in frame.opens_values)])
        return cls(
            tone=framing.tone,
            tension=framing.tension,
            topic=framing.topics[0] if framing.topics and framing.topics[0] in frames.topics else None,
            detected=detected,
            problem=any(frame.kind is Kind.PROBLEM for frame in told),
            values=tuple(values),
            opens=opens,
        )

    def approaches(self) -> Sequence[tuple[str, str | None]]:
        """Return the approaches to try, the best first, each with the frame that it opens."""
        first = self.opens[0] if self.opens else None
        second = self.opens[1] if len(self.opens) > 1 else first
        service = [(SERVICE, None)] if self.topic is not None else []
        if self.tension is Tension.CONFLICT:
            return [(SERVICE, None), (MEDIATE, None), (LISTEN, None)]
        if self.tension is Tension.AFFECTIVE or self.tone is Tone.HOSTILE:
            return [(CALM, None), *([(PERSPECTIVE, first)] if first else []), (LISTEN, None)]
        if self.problem:
            return [(PERSPECTIVE, first), (LISTEN, None), *service, (PERSPECTIVE, second), (CALM, None)]
        if self.tone is Tone.CONNECTING:
            return [(THANK, None), (INVITE, None)]
        if self.tone is Tone.QUESTION:
            return [(SERVICE, None), (LISTEN, None)]
        return [*service, (LISTEN, None), (INVITE, None), (SERVICE, None)]


def _service(blocks: Blocks, tone: Tone) -> Sequence[str]:
    return {
        Tone.QUESTION: blocks.dienst.vraag,
        Tone.WORRY: blocks.dienst.zorg,
        Tone.CRITICISM: blocks.dienst.kritiek,
    }.get(tone, blocks.dienst.algemeen)


def _seed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:6], "big")
