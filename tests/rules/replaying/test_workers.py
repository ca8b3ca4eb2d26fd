"""Processes that judge: as one process would, in the same order, from the same bytes, and gone when it is over."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from bot.core.errors import RuleFileError
from bot.rules import RuleSet, load_rules
from bot.rules.backtest import Replayed
from bot.rules.replaying.sidebyside import SideBySide
from bot.rules.replaying.workers import Judged, Source, WorkerLostError, Workers
from bot.settings import ROOT
from bot.toxicity.embedded import EmbeddedScorer
from tests.rules.helpers import loaded
from tests.rules.replaying.builders import replayed, rule

TOXIC = "{een: [{woorden: [peer]}, {toxiciteit: {label: insult, vanaf: 0.5}}]}"


def file(tmp_path: Path, words: str) -> RuleSet:
    """Return a rule file that names a list beside it."""
    folder = tmp_path / f"map-{len(words)}"
    folder.mkdir()
    (folder / "fruit.txt").write_text(words, encoding="utf-8")
    written = [rule("'@fruit'", name="fruit"), rule(TOXIC, name="toxisch")]
    return loaded(folder, *written, head="lijsten: {fruit: {bestand: fruit.txt}}\n")


def chunks(count: int = 7) -> list[list[Replayed]]:
    texts = ("een appel", "een peer", "niets", "a.p.p.e.l")
    return [
        [
            replayed(texts[(number + at) % 4], at % 3 == 0 or None, scores={"insult": at / 10, "threat": 0.0})
            for at in range(11)
        ]
        for number in range(count)
    ]


def judged_by(workers: Workers, given: list[list[Replayed]]) -> list[Judged]:
    done = [found for chunk in given if (found := workers.hand_out(chunk)) is not None]
    return [*done, *workers.gather()]


@pytest.mark.parametrize("processes", [1, 2])
def test_processes_judge_as_this_one_does_and_in_order(tmp_path: Path, processes: int) -> None:
    live, candidate, given = file(tmp_path, "appel"), file(tmp_path, "appel\npeer"), chunks()
    here = SideBySide(live, candidate)
    with Workers(live, candidate, processes=processes) as workers:
        found = judged_by(workers, given)
    assert found == [(chunk, here.judge_all(chunk)) for chunk in given]
    assert any(outcome.swept for _, outcomes in found for outcome in outcomes), "or there was little to compare"


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_few_chunks_all_come_back(tmp_path: Path, count: int) -> None:
    given = chunks(count)
    with Workers(None, file(tmp_path, "appel"), processes=2) as workers:
        assert [chunk for chunk, _ in judged_by(workers, given)] == given


def test_they_judge_by_the_bytes_that_were_read_whatever_is_saved_meanwhile(tmp_path: Path) -> None:
    live = file(tmp_path, "appel")
    for saved in live.path.parent.iterdir():
        saved.unlink()
    assert Source.of(live).compiled().hash == live.hash
    with Workers(None, live, processes=1) as workers:
        ((_, outcomes),) = judged_by(workers, [[replayed("appel")]])
    assert [live.rules[position].id for position in outcomes[0].candidate.fired] == ["fruit"]


def test_the_shipped_rules_compile_again_without_a_scorer() -> None:
    """What was proved once, with scores, is not proved again: the other process has no scorer."""
    scorer = EmbeddedScorer()
    shipped = load_rules(ROOT / "rules" / "huisregels.yaml", score=lambda text: scorer.score([text])[0].scores)
    found = Source.of(shipped).compiled()
    assert [rule.definition for rule in found.rules] == [rule.definition for rule in shipped.rules]
    assert found.hash == shipped.hash


def test_bytes_that_are_no_rule_file_any_more_are_refused_not_guessed(tmp_path: Path) -> None:
    broken = dataclasses.replace(Source.of(file(tmp_path, "appel")), text=b"versie: 1\nregels: nee\n")
    with pytest.raises(RuleFileError, match="regels"):
        broken.compiled()


def test_none_is_left_when_the_block_ends_however_it_ends(tmp_path: Path) -> None:
    live, started = file(tmp_path, "appel"), set[int | None]()

    def interrupted() -> None:
        with Workers(None, live, processes=2) as workers:
            workers.hand_out(chunks(1)[0])
            started.update(process.pid for process in multiprocessing.active_children())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(started) == 2
    assert not {process.pid for process in multiprocessing.active_children()} & started


def test_none_starts_once_it_was_stopped(tmp_path: Path) -> None:
    """Who is cancelled stops them at once, while another thread may still be starting them."""
    workers = Workers(None, file(tmp_path, "appel"), processes=2)
    workers.stop()
    workers.start()
    assert multiprocessing.active_children() == []


def test_a_process_that_is_lost_is_noticed(tmp_path: Path) -> None:
    with Workers(None, file(tmp_path, "appel"), processes=1) as workers:
        workers.hand_out(chunks(1)[0])
        (child,) = multiprocessing.active_children()
        child.kill()
        with pytest.raises(WorkerLostError, match="-9"):
            judged_by(workers, chunks(3))


def test_ctrl_c_is_for_the_parent(tmp_path: Path) -> None:
    """The terminal sends it to every process: one that answers it would take the report down with it."""
    given = chunks(2)
    with Workers(None, file(tmp_path, "appel"), processes=1) as workers:
        (child,) = multiprocessing.active_children()
        assert child.pid is not None
        os.kill(child.pid, signal.SIGINT)  # while it starts
        assert workers.hand_out(given[0]) is None
        assert workers.hand_out(given[1]) is not None
        os.kill(child.pid, signal.SIGINT)  # while it works
        assert len(list(workers.gather())) == 1


def test_a_process_that_lost_its_parent_ends(tmp_path: Path) -> None:
    live = file(tmp_path, "appel")
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import multiprocessing, time
            from pathlib import Path
            from bot.rules import load_rules
            from bot.rules.backtest import Replayed
            from bot.rules.replaying.workers import Workers

            if __name__ == "__main__":
                live = load_rules(Path({str(live.path)!r}), score=lambda text: {{}})
                with Workers(None, live, processes=1) as workers:
                    workers.hand_out([Replayed(1, "appel")])
                    list(workers.gather())
                    print(multiprocessing.active_children()[0].pid, flush=True)
                    time.sleep(60)
            """
        ),
        encoding="utf-8",
    )
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    for _ in range(100):
        if not runs(child):
            return
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the process outlived its parent")


def runs(pid: int) -> bool:
    """Tell whether a process runs; one that ended and was never waited for does not."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
