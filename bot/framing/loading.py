"""Load `frames/`: read every file, check form and patterns, run its own examples, or say all that is wrong.

A folder with one error is refused whole (law 7): the caller keeps the set that it had.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.core.errors import RuleFileError
from bot.framing.diagnostics import Problem, YamlFile, report
from bot.framing.frameset import Frame, FrameSet
from bot.framing.patterns import PatternError, compile_pattern
from bot.framing.ports import FrameDetector
from bot.framing.schema import FrameForm, PacksForm, ToneForm, TopicsForm, ValuesForm

PACKS, VALUES, TOPICS, TONE = "pakketten.yaml", "waarden.yaml", "onderwerpen.yaml", "toon.yaml"
ANSWERS = "antwoorden.yaml"
"""Read by `bot.replies`, not here; it does count in the hash."""

_NOT_FRAMES = frozenset({PACKS, VALUES, TOPICS, TONE, ANSWERS})
MakeDetector = Callable[[FrameSet], FrameDetector]
_Form = TypeVar("_Form", bound=BaseModel)


def load_frames(folder: Path, detector: MakeDetector | None) -> FrameSet:
    """Return what `folder` says; raise RuleFileError with every problem, its file, line and column.

    Every example has to be found, and no counterexample, by what `detector` makes of the frames; None to leave that be.
    """
    return _Loader(folder, detector).load()


class _Loader:
    def __init__(self, folder: Path, detector: MakeDetector | None) -> None:
        self._folder = folder
        self._detector = detector
        self._problems: list[Problem] = []
        self._files: dict[str, YamlFile] = {}
        self._hash = hashlib.sha256()

    def load(self) -> FrameSet:
        try:
            paths = sorted(self._folder.glob("*.yaml"))
        except OSError as error:
            raise RuleFileError(f"{self._folder}: deze map is niet leesbaar ({error}).") from error
        for path in paths:
            self._read(path)
        packs, values = self._shared(PACKS, PacksForm), self._shared(VALUES, ValuesForm)
        topics, tone = self._shared(TOPICS, TopicsForm), self._shared(TONE, ToneForm)
        frames = dict(self._frames())
        if not frames and not self._problems:
            self._problems.append(Problem(str(self._folder), 1, 1, "in deze map staat geen enkel kader"))
        if packs is None or values is None or topics is None or tone is None or self._problems:
            raise self._error()
        loaded = FrameSet(
            hash=self._hash.hexdigest(),
            frames=frames,
            values=values.value(),
            packs=packs.value(),
            topics=topics.value(),
            tone=tone.value(),
        )
        self._check_names(loaded)
        self._check_patterns(loaded)
        if not self._problems:
            self._run_examples(loaded)
        if self._problems:
            raise self._error()
        return loaded

    def _error(self) -> RuleFileError:
        return RuleFileError(
            report(self._problems), remedy="Verbeter wat hierboven staat; tot dan blijven de vorige kaders gelden."
        )

    def _read(self, path: Path) -> None:
        try:
            content = path.read_bytes()
            text = content.decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self._problems.append(Problem(str(path), 1, 1, f"dit bestand is niet leesbaar: {error}"))
            return
        self._hash.update(path.name.encode() + b"\0" + content + b"\0")
        if path.name == ANSWERS:
            return
        file = YamlFile(path, text)
        self._problems += file.problems
        if not file.problems:
            self._files[path.name] = file

    def _form(self, name: str, form: type[_Form]) -> _Form | None:
        file = self._files[name]
        try:
            return form.model_validate(file.data)
        except ValidationError as error:
            self._problems += file.from_validation(error)
            return None

    def _shared(self, name: str, form: type[_Form]) -> _Form | None:
        if name not in self._files:
            if not any(problem.file == str(self._folder / name) for problem in self._problems):
                self._problems.append(Problem(str(self._folder / name), 1, 1, "dit bestand ontbreekt"))
            return None
        return self._form(name, form)

    def _frames(self) -> Iterator[tuple[str, Frame]]:
        for name, file in self._files.items():
            if name in _NOT_FRAMES:
                continue
            form = self._form(name, FrameForm)
            if form is None:
                continue
            if f"{form.id}.yaml" != name:
                self._problems.append(file.at(["id"], f"dit bestand hoort {form.id}.yaml te heten"))
            yield form.id, form.value()

    def _check_names(self, loaded: FrameSet) -> None:
        """Refuse a frame that points at a pack, frame or value that is not there."""
        for frame in loaded.frames.values():
            file = self._files[f"{frame.id}.yaml"]
            if frame.pack not in loaded.packs:
                self._problems.append(file.at(["pakket"], f"het pakket “{frame.pack}” staat niet in {PACKS}"))
            for key, names, known in (
                ("kaders", frame.opens_frames, loaded.frames),
                ("waarden", frame.opens_values, loaded.values),
            ):
                for position, name in enumerate(names):
                    if name not in known:
                        self._problems.append(file.at(["opent", key, position], f"“{name}” bestaat niet"))

    def _check_patterns(self, loaded: FrameSet) -> None:
        for name, file in self._files.items():
            frame = loaded.frames.get(name.removesuffix(".yaml"))
            pack = loaded.packs.get(frame.pack) if frame else None
            for path, pattern in _patterns(file.data, []):
                lists = {**(pack.lists if pack else {}), **(frame.lists if frame else {})}
                if name == PACKS:
                    lists = dict(loaded.packs[str(path[1])].lists)
                elif name == TONE:
                    lists = dict(loaded.tone.lists)
                try:
                    compile_pattern(pattern, lists)
                except PatternError as error:
                    self._problems.append(file.at(path, str(error)))

    def _run_examples(self, loaded: FrameSet) -> None:
        """Refuse a frame that misses one of its own examples, or finds itself in a counterexample."""
        if self._detector is None:
            return
        detector = self._detector(loaded)
        for frame in loaded.frames.values():
            file = self._files[f"{frame.id}.yaml"]
            for key, examples, wanted in (
                ("voorbeelden", frame.examples, True),
                ("tegenvoorbeelden", frame.counterexamples, False),
            ):
                for position, example in enumerate(examples):
                    found = detector.detect(example.text, context=example.context)
                    if any(hit.id == frame.id for hit in found.frames) is not wanted:
                        verdict = "dit voorbeeld wordt niet herkend" if wanted else "dit tegenvoorbeeld wordt herkend"
                        self._problems.append(file.at([key, position], f"{verdict} als “{frame.name}”"))


_PATTERN_KEYS = frozenset(
    (
        *("patronen", "onderwerp", "verwijzing", "voornaamwoord", "anderen"),
        *("ontkenning", "einde_ontkenning", "algemene_ontkenning", "aanhaling", "open_vraag"),
    )
)


def _patterns(node: object, path: list[str | int]) -> Iterator[tuple[list[str | int], str]]:
    """Yield every pattern in a file with the path to it."""
    if not isinstance(node, Mapping):
        return
    for key, value in node.items():
        if isinstance(value, list) and (key in _PATTERN_KEYS or (path and path[-1] == "lijsten")):
            yield from (([*path, key, i], entry) for i, entry in enumerate(value) if isinstance(entry, str))
        elif isinstance(value, list):
            for i, entry in enumerate(value):
                yield from _patterns(entry, [*path, key, i])
        else:
            yield from _patterns(value, [*path, key])
