"""Renew constraints.txt: resolve everything anew on each Python given, the oldest first, and write the versions down.

    make pins                                       # python3.11 and python3.13
    make pins PYTHONS="python3.11 python3.14"

The oldest Python decides, because a newer one can take an older release and not the other way round; the others add
only what they alone need. Nothing is installed but pip itself, in a throw-away environment for each Python.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "constraints.txt"
HEADER = """\
# The versions that `make run`, `make test` and the extras install, on every Python from 3.11 on.
# Made by `make pins`: run that to renew them, then `make test`. Do not edit by hand.
# Packages for a GPU are left out: torch asks for them by exact version where it wants them.
"""
ROOTS = ["--editable", ".[export]", "--group", "dev", "hatchling", "editables", "pip"]
FOR_A_GPU = ("cuda-", "nvidia-", "triton")


def resolve(python: str, constraints: dict[str, str]) -> dict[str, str]:
    """Return name → version of all that `python` would install, within `constraints`."""
    with tempfile.TemporaryDirectory() as folder:
        _run(python, "-m", "venv", folder)
        pip = [f"{folder}/bin/python", "-m", "pip", "install", "--quiet"]
        _run(*pip, "--upgrade", "pip")
        limits = Path(folder, "limits.txt")
        limits.write_text(text_of(constraints), encoding="utf-8")
        report = Path(folder, "report.json")
        _run(*pip, "--dry-run", "--ignore-installed", "--constraint", limits, "--report", report, *ROOTS)
        found = [item["metadata"] for item in json.loads(report.read_text(encoding="utf-8"))["install"]]
    versions = {item["name"].lower().replace("_", "-"): item["version"].partition("+")[0] for item in found}
    return {name: version for name, version in versions.items() if not name.startswith((*FOR_A_GPU, "verbinder"))}


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 - the words come from this file and who runs it


def text_of(versions: dict[str, str]) -> str:
    return "".join(f"{name}=={version}\n" for name, version in sorted(versions.items()))


def main(pythons: list[str]) -> None:
    versions: dict[str, str] = {}
    for python in pythons:
        versions |= resolve(python, versions)
    TARGET.write_text(HEADER + text_of(versions), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:] or ["python3.11", "python3.13"])
