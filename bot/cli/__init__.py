"""The command `verbinder`: one file a command. Commands ask `bot.app` to do the work and put the outcome in Dutch.

Exit status: 0 fine, 1 the thing that was looked at is wrong, 2 wrong usage. Nothing heavy is imported before it is
needed, so that `verbinder --help` answers at once.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit status."""
    from bot.cli.running import status_of

    sys.exit(status_of(sys.argv[1:]))
