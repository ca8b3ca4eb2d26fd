"""Judge history in processes of their own: more than one processor, and a service that goes on answering meanwhile.

Each process compiles the same bytes (`RuleSet.files`), so both judge alike, also when somebody saves a file meanwhile.
Chunks are handed out in turn and come back in that order: the outcome is the same as in one process. A process that
lost its parent ends by itself.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.core.errors import RuleFileError, VerbinderError
from bot.rules.files import RuleFiles
from bot.rules.loading import check_rules, refusal
from bot.rules.replaying.replayed import Replayed
from bot.rules.replaying.sidebyside import Outcome, SideBySide
from bot.rules.ruleset import RuleSet

PROCESSES = 2

Judged = tuple[Sequence[Replayed], list[Outcome]]


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of an accepted rule file and of the files beside it: all that another process needs to compile it."""

    path: Path
    text: bytes
    beside: dict[str, bytes]
    hash: str

    @classmethod
    def of(cls, rules: RuleSet) -> Source:
        """Return the bytes that `rules` were read from; raise ValueError where nobody kept them."""
        if rules.files is None:
            msg = "a rule set without its files cannot be compiled again"
            raise ValueError(msg)
        return cls(rules.path, rules.files.text(), dict(rules.files.beside), rules.hash)

    def compiled(self) -> RuleSet:
        """Return the rule set; raise RuleFileError where the bytes do not make one any more."""
        files = RuleFiles(self.path, text=self.text, beside=self.beside, alone=True)
        report = check_rules(self.path, score=_no_scores, files=files, prove=False)
        if report.rule_set is None or report.rule_set.hash != self.hash:
            raise refusal(report)
        return report.rule_set


class WorkerLostError(VerbinderError):
    """A process ended before it had answered. Nothing is lost: a replay only reads."""


class Workers:
    """Processes that judge. Every method waits for them: call it in a thread where an event loop has to go on.

    As a context manager it leaves none at the end of the block.
    """

    def __init__(self, live: RuleSet | None, candidate: RuleSet, *, processes: int = PROCESSES) -> None:
        self._sources = (Source.of(live) if live else None, Source.of(candidate))
        self._count = processes
        self._workers: list[_Worker] = []
        self._turn = 0
        self._starting = threading.Lock()
        self._stopped = False

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the processes. Whatever comes of that, `stop` has to follow; it may come meanwhile."""
        context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold
        for number in range(self._count):
            with self._starting, _without_interrupts():
                if self._stopped:
                    return
                ours, theirs = context.Pipe()
                process = context.Process(
                    target=_judge_until_done, args=(theirs,), name=f"replay-{number}", daemon=True
                )
                process.start()
                theirs.close()  # so that the end of the process is the end of the pipe
                self._workers.append(_Worker(process, ours))
        for worker in self._workers:  # only now: what is large waits until it is read, and they start side by side
            worker.send(self._sources)

    def stop(self) -> None:
        """End the processes, whatever they are doing."""
        with self._starting:
            self._stopped = True
        for worker in self._workers:
            worker.process.kill()  # it holds nothing that has to be put away; whoever waits for it hears at once
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()

    def hand_out(self, chunk: Sequence[Replayed]) -> Judged | None:
        """Give a chunk to the next process; wait for what it was doing and return that, None where it was idle."""
        worker = self._workers[self._turn]
        self._turn = (self._turn + 1) % len(self._workers)
        done = worker.collect()
        worker.give(chunk)
        return done

    def gather(self) -> Iterator[Judged]:
        """Wait for what is still being judged, in the order in which it was handed out."""
        for worker in (*self._workers[self._turn :], *self._workers[: self._turn]):
            done = worker.collect()
            if done is not None:
                yield done


@dataclass(slots=True)
class _Worker:
    """One process with our end of its pipe. It has at most one chunk, so neither side ever waits to be read."""

    process: SpawnProcess
    pipe: Connection
    chunk: Sequence[Replayed] | None = None

    def give(self, chunk: Sequence[Replayed]) -> None:
        self.chunk = chunk
        self.send(chunk)

    def send(self, what: object) -> None:
        try:
            self.pipe.send(what)
        except OSError as error:
            raise self._lost() from error

    def collect(self) -> Judged | None:
        if self.chunk is None:
            return None
        try:
            answer: list[Outcome] | Exception = self.pipe.recv()
        except (EOFError, OSError) as error:
            raise self._lost() from error
        if isinstance(answer, Exception):
            raise answer
        chunk, self.chunk = self.chunk, None
        return chunk, answer

    def _lost(self) -> WorkerLostError:
        self.process.join(1)
        return WorkerLostError(
            f"Een hulpproces van de terugblik viel weg ({self.process.name}: {self.process.exitcode}).",
            remedy="Probeer het opnieuw. Gebeurt het weer, kijk dan of er genoeg geheugen vrij is.",
        )


def _judge_until_done(pipe: Connection) -> None:
    """Work in the other process: read what to compile, then answer every chunk, until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who decides when it is enough
    with contextlib.suppress(EOFError, OSError):  # the parent is done, or gone
        live, candidate = pipe.recv()
        try:
            sides = SideBySide(live.compiled() if live else None, candidate.compiled())
        except RuleFileError as error:
            pipe.recv()
            pipe.send(error)
            return
        while True:
            chunk: Sequence[Replayed] = pipe.recv()
            pipe.send(sides.judge_all(chunk))


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let processes that start in the block be born deaf to Ctrl-C: they would answer it before they can ignore it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _no_scores(_text: str) -> dict[str, float]:
    """Stand in for the scorer: nothing is proved again of a file that was accepted before."""
    return {}
