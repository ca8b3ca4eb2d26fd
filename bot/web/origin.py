"""Decide which requests may come in at all: the right host name, and no form sent by another site. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from bot.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def host_name(header: str) -> str:
    """Return the name in a Host header, lower case, without the port; IPv6 keeps its brackets."""
    header = header.strip().lower()
    if header.startswith("["):
        return header.partition("]")[0] + "]"
    return header.partition(":")[0]


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """Return the host names that a browser may have asked for (against DNS rebinding)."""
    names = [*settings.console.hosts, settings.console.host, urlsplit(settings.console_url).netloc]
    found = {
        host_name(f"[{name}]" if ":" in name and name.count(":") > 1 and "[" not in name else name) for name in names
    }
    return frozenset(found - {"", "0.0.0.0", "[::]"})  # noqa: S104 - taken out, not bound


def same_site(method: str, headers: Mapping[str, str], own_origins: Collection[str]) -> bool:
    """Tell whether a request that changes something was sent by a page of our own.

    Browsers say where a request comes from in `Sec-Fetch-Site`; on plain http in a local network, and before 2023, only
    `Origin` is there. A request with neither comes from no browser that we know, and is refused too.
    """
    if method in SAFE_METHODS:
        return True
    fetch_site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if fetch_site is None and origin is None:
        return False
    if fetch_site is not None and fetch_site != "same-origin":
        return False
    return origin is None or _is_ours(origin, headers.get("host", ""), own_origins)


def _is_ours(origin: str, host: str, own_origins: Collection[str]) -> bool:
    if origin in own_origins:
        return True
    parts = urlsplit(origin)
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.strip().lower() != ""


def safe_path(path: str, otherwise: str = "/") -> str:
    """Return `path` where it is one of our own pages, else `otherwise`: a redirect never leaves the console."""
    if not path.startswith("/") or path.startswith("//") or "\\" in path or any(ord(char) < 33 for char in path):
        return otherwise
    parts = urlsplit(path)
    return otherwise if parts.scheme or parts.netloc else path
