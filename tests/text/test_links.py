"""Links and the host that they really lead to."""

from __future__ import annotations

import pytest

from bot.text.links import find_links, host_within


@pytest.mark.parametrize(
    ("text", "url", "host"),
    [
        ("zie https://www.gemeente.be/info.", "https://www.gemeente.be/info", "gemeente.be"),
        ("(www.shop.xyz/a)", "www.shop.xyz/a", "shop.xyz"),
        ("kijk op bit.ly/3xYz!", "bit.ly/3xYz", "bit.ly"),
        ("https://gemeente.be@kwaad.com/x", "https://gemeente.be@kwaad.com/x", "kwaad.com"),
        ("http://KWAAD.com:8080/", "http://KWAAD.com:8080/", "kwaad.com"),
    ],
)
def test_a_link_is_found_with_its_host(text: str, url: str, host: str) -> None:
    assert [(link.url, link.host) for link in find_links(text)] == [(url, host)]


@pytest.mark.parametrize("text", ["Goed.Maar niet genoeg", "jan@telenet.be", "12.30 uur", "d.w.z. niets", "..."])
def test_no_link_is_seen_where_there_is_none(text: str) -> None:
    assert find_links(text) == ()


@pytest.mark.parametrize(
    ("host", "within"),
    [
        ("gemeente.be", True),
        ("jeugd.gemeente.be", True),
        ("gemeente.be.kwaad.com", False),
        ("mijngemeente.be", False),
        ("gemeentе.be", False),  # a Cyrillic е
    ],
)
def test_a_host_is_within_a_domain_or_not(host: str, within: bool) -> None:
    assert host_within(host, "gemeente.be") is within
