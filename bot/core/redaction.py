"""Take out whatever looks like a token or a password, wherever a text may end up (trap 20). Pure."""

from __future__ import annotations

import re

_SECRETS = re.compile(
    r"\d{5,}:[\w-]{25,}"  # a token of Telegram
    r"|[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}"  # a token of Discord
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # a password in an address
    r"|(?<=/aanmelden/)[\w-]{20,}"  # a one-time link of the console
)


def redacted(text: str) -> str:
    """Return `text` with everything that looks like a token or a password replaced by stars."""
    return _SECRETS.sub("***", text)
