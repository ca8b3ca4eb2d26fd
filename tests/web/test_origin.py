from __future__ import annotations

import pytest

from bot.settings import ConsoleSettings, Settings
from bot.web.origin import allowed_hosts, host_name, safe_path, same_site

OWN = frozenset({"https://verbinder.dorpbeke.be"})
HOST = "127.0.0.1:8642"

SENDERS = [
    # (headers, may it change something, why)
    ({"sec-fetch-site": "same-origin"}, True, "a form of our own"),
    ({"sec-fetch-site": "same-origin", "origin": f"http://{HOST}"}, True, "both say so"),
    ({"origin": f"http://{HOST}"}, True, "an older browser, or plain http in a local network"),
    ({"origin": "https://verbinder.dorpbeke.be"}, True, "behind a proxy that changes the host"),
    ({"sec-fetch-site": "cross-site"}, False, "another site"),
    ({"sec-fetch-site": "same-site"}, False, "another name of the same town: not ours to trust"),
    ({"sec-fetch-site": "none"}, False, "typed in the address bar: nobody types a form"),
    ({"sec-fetch-site": "same-origin", "origin": "https://boos.example"}, False, "the two contradict each other"),
    ({"origin": "https://boos.example"}, False, "another site"),
    ({"origin": "null"}, False, "a page without an origin: a sandboxed frame"),
    ({"origin": "http://127.0.0.1:9999"}, False, "another port is another program"),
    ({"origin": f"ftp://{HOST}"}, False, "not a web page"),
    ({}, False, "no browser that we know"),
]


@pytest.mark.parametrize(("headers", "allowed", "why"), SENDERS, ids=[row[2] for row in SENDERS])
def test_only_our_own_pages_change_something(headers: dict[str, str], allowed: bool, why: str) -> None:
    assert same_site("POST", {"host": HOST, **headers}, OWN) is allowed
    assert same_site("GET", {"host": HOST, **headers}, OWN)


PATHS = [
    ("/zaken/12", "/zaken/12"),
    ("/wachtrij?soort=melding", "/wachtrij?soort=melding"),
    ("", "/"),
    ("https://boos.example/", "/"),
    ("//boos.example/", "/"),  # browsers read this as another host
    ("/\\boos.example", "/"),  # and this too
    ("/\tboos", "/"),
    ("/a\r\nSet-Cookie: x", "/"),
    ("javascript:alert(1)", "/"),
    ("zaken/12", "/"),
]


@pytest.mark.parametrize(("asked", "path"), PATHS)
def test_a_redirect_never_leaves_the_console(asked: str, path: str) -> None:
    assert safe_path(asked) == path


@pytest.mark.parametrize(
    ("header", "name"),
    [("Localhost:8642", "localhost"), ("[::1]:8642", "[::1]"), ("127.0.0.1", "127.0.0.1"), ("", "")],
)
def test_a_host_header_without_its_port(header: str, name: str) -> None:
    assert host_name(header) == name


def test_the_console_answers_to_its_own_names_only() -> None:
    console = ConsoleSettings(host="::1", hosts=("verbinder.lan",), url="https://verbinder.dorpbeke.be/")
    assert allowed_hosts(Settings(console=console)) == {"[::1]", "verbinder.lan", "verbinder.dorpbeke.be"}
    assert "0.0.0.0" not in allowed_hosts(Settings(console=ConsoleSettings(host="0.0.0.0")))
