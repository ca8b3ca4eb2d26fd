"""Play `docs/verhaal-huisregels.md`: every file that it changes, and every command that it shows, in order.

A console block holds commands (`$ …`) and what they said. A comment before a block of YAML says where it goes. When the
program says something else on purpose, renew the document with `.venv/bin/python -m tests.docs.story`, and read it.
"""

from __future__ import annotations

import asyncio
import getpass
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

from bot.app import open_services
from bot.settings import ROOT, load_settings

STORY = ROOT / "docs" / "verhaal-huisregels.md"
FILES = Path(__file__).with_name("verhaal")
SHOWN_HOME = "/opt/verbinder"
SHOWN_NAME = "fatima"

Run = Callable[..., str]

_BLOCK = re.compile(r"(?:<!-- (?P<place>[^\n]*) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)```\n", re.DOTALL)
_REPLACING = re.compile(r"in (?P<file>[\w./]+)(?P<second>, de tweede keer)?: (?P<old>.+)")
_APPENDING = re.compile(r"onderaan (?P<file>[\w./]+)")
_VARIABLE = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "<hash>"),
    (re.compile(r"\b\d{2}/\d{2}/20\d{2} \d{2}:\d{2}\b"), "<tijd>"),
)


def comparable(text: str) -> str:
    """Return `text` without what differs from one time to the next: times and hashes."""
    for pattern, instead in _VARIABLE:
        text = pattern.sub(instead, text)
    return text


def prepare(home: Path) -> None:
    """Lay the town's files in `home`: its rules, a copy to try things in, and an export of its group."""
    (home / "rules").mkdir()
    (home / "data").mkdir(exist_ok=True)
    shutil.copy(FILES / "result.json", home)
    shutil.copy(FILES / "spiegels.yaml", home / "rules")
    for name in ("huisregels.yaml", "kandidaat.yaml"):
        shutil.copy(FILES / "huisregels.yaml", home / "rules" / name)
    apply()


def apply() -> None:
    """Do what the running service does when it notices the rule file."""

    async def start() -> None:
        async with open_services(load_settings()) as services:
            await services.rulebook.start()

    asyncio.run(start())


def played(story: str, home: Path, run: Run) -> str:
    """Return `story` with what its commands say when they are run in `home`, which is the present folder."""

    def play(block: re.Match[str]) -> str:
        if block["kind"] == "yaml":
            _change(home, block["place"] or "", block["body"])
            return block[0]
        commands = [line[2:] for line in block["body"].splitlines() if line.startswith("$ ")]
        assert commands, f"a console block without a command: {block[0]}"
        said = "".join([f"$ {command}\n{_outcome(command, home, run)}" for command in commands])
        return f"```console\n{said}```\n"

    return _BLOCK.sub(play, story)


def _outcome(command: str, home: Path, run: Run) -> str:
    name, *arguments = shlex.split(command)
    if name == "cp":
        shutil.copy(*[home / argument for argument in arguments])
        apply()
        return ""
    assert name == "verbinder", command
    said = run(*arguments)
    if arguments[:2] == ["rules", "rollback"]:
        apply()
    return said.replace(str(home), SHOWN_HOME).replace(f"({getpass.getuser()})", f"({SHOWN_NAME})")


def _change(home: Path, place: str, body: str) -> None:
    if appending := _APPENDING.fullmatch(place):
        with (home / appending["file"]).open("a", encoding="utf-8") as file:
            file.write(body)
        return
    replacing = _REPLACING.fullmatch(place)
    assert replacing, f"nobody knows where this goes: {place!r}"
    path = home / replacing["file"]
    text = path.read_text(encoding="utf-8")
    at = text.index(replacing["old"])
    if replacing["second"]:
        at = text.index(replacing["old"], at + 1)
    path.write_text(text[:at] + body.strip() + text[at + len(replacing["old"]) :], encoding="utf-8")


if __name__ == "__main__":
    import os
    import subprocess
    import sys
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        os.chdir(here)
        os.environ |= {
            "VERBINDER_DATA_DIR": str(here / "data"),
            "VERBINDER_DATABASE__URL": f"sqlite:///{here / 'data' / 'verbinder.db'}",
            "VERBINDER_RULES": str(here / "rules" / "huisregels.yaml"),
        }

        def process(*arguments: str) -> str:
            executable = Path(sys.executable).with_name("verbinder")
            done = subprocess.run([executable, *arguments], capture_output=True, text=True, check=False)
            return done.stdout + done.stderr

        prepare(here)
        STORY.write_text(played(STORY.read_text(encoding="utf-8"), here, process), encoding="utf-8")
