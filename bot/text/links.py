"""Links in a text, written with or without a scheme, and the host they lead to.

Works on the text as it stands, not on a normalised view: `gemeentе.be` with a Cyrillic letter is another host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.findings import Span

# Endings that mark a bare `host.ending` as a link. Words like "deze.maar" after a forgotten space are not links.
_ENDINGS = (
    "be|nl|com|net|org|eu|fr|de|uk|lu|info|io|me|co|biz|ru|cn|tk|ml|ga|cf|gq|xyz|top|shop|store|online|site|website|"
    "link|click|club|live|app|dev|vip|win|bet|casino|loan|work|gent|brussels|vlaanderen|ly|gl|tv|to|cc"
)
_LINK = re.compile(
    r"(?P<scheme>https?://)(?P<web>[^\s<>\"'«»]{1,2000})"
    r"|(?<![\w@.-])(?P<bare>(?:www\.[^\s/<>\"'«»@]{1,250}|(?:[a-z0-9-]{1,63}\.){1,5}(?:" + _ENDINGS + r"))"
    r"(?![\w@-])(?:[/?#:][^\s<>\"'«»]{0,2000})?)",
    re.IGNORECASE,
)
_ANYTHING = re.compile(r"://|\.\S")  # no link is without one of these
_TRAILING = ".,;:!?)]}*_~|"


@dataclass(frozen=True, slots=True)
class Link:
    """A link as written, and its host in lower case without `www.` and port."""

    span: Span
    url: str
    host: str


def find_links(text: str) -> tuple[Link, ...]:
    """Return the links of a text in order."""
    if not _ANYTHING.search(text):
        return ()
    links = []
    for match in _LINK.finditer(text):
        url = match[0].rstrip(_TRAILING)
        host = _host(url)
        if host:
            links.append(Link((match.start(), match.start() + len(url)), url, host))
    return tuple(links)


def _host(url: str) -> str:
    rest = url.split("://", 1)[-1]
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    # What stands before an @ is a user name: https://gemeente.be@elders.com leads elsewhere.
    host = authority.rsplit("@", 1)[-1].split(":", 1)[0].casefold().strip(".")
    return host.removeprefix("www.")


def host_within(host: str, domain: str) -> bool:
    """Tell whether `host` is `domain` or a part of it."""
    domain = domain.casefold().strip().removeprefix("www.").strip(".")
    return host == domain or host.endswith(f".{domain}")
