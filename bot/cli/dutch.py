"""Click's own words ("Usage:", "No such option") in Dutch, by way of the gettext catalogue in `locale/`.

`locale/nl/LC_MESSAGES/messages.po` is the source; `python -m bot.cli.catalogue` compiles it.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"


def install() -> None:
    """Make Dutch the language of this process's command line."""
    os.environ["LANGUAGE"] = "nl"  # the only language there is so far; gettext looks here first
    gettext.bindtextdomain("messages", str(LOCALE))
