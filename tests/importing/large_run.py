"""Import one file in a process of its own: `python -m tests.importing.large_run FILE DATABASE`.

Prints a line for every batch, and at the end the peak of memory that the import added, in bytes.
"""

from __future__ import annotations

import asyncio
import resource
import sys
from pathlib import Path

from bot.importing import Progress, import_file
from tests.importing.doubles import FileIntake


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    intake = FileIntake(sys.argv[2], keep=False)
    before = _peak()

    def show(progress: Progress) -> None:
        print(progress.messages, flush=True)

    report = asyncio.run(import_file(Path(sys.argv[1]), intake, on_progress=show))
    print("peak", _peak() - before, "imported", report.imported, "known", report.known, flush=True)
    intake.close()


if __name__ == "__main__":
    main()
