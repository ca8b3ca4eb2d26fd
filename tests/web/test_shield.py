"""What goes around every page: headers, hosts, origins, sizes and errors."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import structlog

from bot.core.people import Role
from bot.store import people, views
from bot.web.shield import LARGEST_BODY
from tests.web.conftest import Enter
from tests.web.visitor import Visitor

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@pytest.fixture
async def admin(enter: Enter) -> Visitor:
    return await enter(Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/wachtrij", 200), ("/aanmelden", 303), ("/niets", 404), ("/statisch/console.css", 200), ("/gezond", 200)],
)
async def test_every_answer_carries_the_security_headers(admin: Visitor, path: str, status: int) -> None:
    response = await admin.get(path)
    assert response.status_code == status
    assert response.headers["content-security-policy"] == CSP
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["referrer-policy"] == "same-origin"
    assert response.headers["cache-control"] == ("no-cache" if path.startswith("/statisch") else "no-store")


async def test_another_host_name_is_refused(admin: Visitor) -> None:
    response = await admin.client.get("/wachtrij", headers={"host": "boos.example"})
    assert response.status_code == 400
    assert "Dit adres kennen we niet" in response.text
    assert (await admin.client.get("/gezond", headers={"host": "10.0.0.7"})).text == "ok"  # whoever watches the machine


async def test_a_form_of_another_site_is_refused(admin: Visitor) -> None:
    response = await admin.client.post(
        "/afmelden", headers={"sec-fetch-site": "cross-site", "origin": "https://boos.example"}
    )
    assert response.status_code == 403
    assert (await admin.get("/wachtrij")).status_code == 200  # still signed in


async def test_a_body_that_says_it_is_too_large_is_refused_unread(admin: Visitor) -> None:
    response = await admin.client.post("/mensen", content=b"x" * (LARGEST_BODY + 1))
    assert response.status_code == 413
    assert "Dat is te veel tekst" in response.text


async def test_a_body_that_keeps_coming_is_cut_off(admin: Visitor) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 1024 + 2):
            yield b"naam=" + b"x" * 1019

    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = await admin.client.post("/mensen", content=drip(), headers=headers)
    assert response.status_code == 413
    assert response.headers["content-security-policy"] == CSP


async def test_errors_are_pages_in_plain_dutch(admin: Visitor) -> None:
    missing = await admin.get("/zaken/999")
    assert missing.status_code == 404
    assert "Deze pagina bestaat niet" in missing.text
    wrong_method = await admin.post("/wachtrij")
    assert wrong_method.status_code == 405
    assert "Dit kan hier niet" in wrong_method.text
    assert wrong_method.headers["allow"]


async def test_an_unforeseen_error_is_a_page_that_tells_nothing_of_the_inside(
    admin: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fall_over(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("geheim van binnen")

    monkeypatch.setattr(views, "queue_ids", fall_over)
    response = await admin.get("/wachtrij")
    assert response.status_code == 500
    assert "Er ging iets mis" in response.text
    assert "geheim" not in response.text
    assert response.headers["content-security-policy"] == CSP


async def test_a_one_time_link_never_stands_in_the_log(admin: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fall_over(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("kapot")

    monkeypatch.setattr(people, "use_sign_in_link", fall_over)
    with structlog.testing.capture_logs() as logged:
        assert (await admin.post("/aanmelden/geheimelink")).status_code == 500
    assert [line["event"] for line in logged] == ["page failed"]
    assert "geheimelink" not in str(logged)


@pytest.mark.parametrize("value", ["-1", "zes", "1e9"])
async def test_a_length_that_is_no_number_is_refused(admin: Visitor, value: str) -> None:
    response = await admin.client.post("/mensen", content=b"", headers={"content-length": value})
    assert response.status_code == 413
