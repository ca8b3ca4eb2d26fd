"""Whatever a resident writes, a page shows it as text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.web
from bot.core.cases import CaseKind
from bot.store.types import storable
from bot.text.untrusted import visible
from tests.builders import Services, message, post
from tests.web.scene import CORPUS
from tests.web.visitor import Visitor, parse

TEMPLATES = sorted((Path(bot.web.__file__).parent / "templates").rglob("*.html"))
OURS = re.compile(r"/statisch/|/stroom")


@pytest.mark.parametrize("text", CORPUS, ids=[text[:20].encode("ascii", "replace").decode() for text in CORPUS])
async def test_a_hostile_reaction_is_text_on_every_page(an: Visitor, services: Services, text: str) -> None:
    # Also as a post, a quotation, a name of a chat, and in what staff write themselves.
    await services.receive(
        post(text, id="90"),
        message(text, id="91", reply_to="90", post_id="90", quoted=text, forwarded=text, chat_name=text[:200]),
    )
    (reply,) = await services.desk.queue(kinds=[CaseKind.REPLY])
    (alert,) = await services.desk.queue(kinds=[CaseKind.ALERT])
    await services.intake.notice("x", storable(text))
    typed = {"case_version": "0", "text": text, "reason": text, "rule_id": text[:50]}
    pages = [
        *[await an.get(path) for path in ("/wachtrij", "/kanalen", "/kanalen/demo")],
        *[await an.get(f"/zaken/{case.id}") for case in (reply, alert)],
        await an.post(f"/zaken/{reply.id}/aanpassen", typed),
        await an.post(f"/zaken/{alert.id}/verwijderen", typed),
    ]  # fmt: skip
    for response in pages:
        assert response.status_code in {200, 409}, response.text[:500]
        page = parse(response.text)
        assert {tag for tag, _ in page.tags}.isdisjoint({"svg", "iframe", "object", "embed", "style"})
        assert [attrs.get("src") for tag, attrs in page.tags if tag in {"script", "img"}] == [
            "/statisch/console.js",
            "/statisch/verbinder.svg",
        ]
        for _tag, attrs in page.tags:
            assert not [name for name in attrs if name.startswith("on") or name == "style"]
            assert "javascript:" not in str(attrs.get("href") or "")
        assert "49" not in re.findall(r"\{\{?(\d+)\}", page.text)
        assert "\x1b" not in response.text
        assert "\x00" not in response.text


async def test_a_hostile_reaction_is_readable_to_the_last_letter(an: Visitor, services: Services) -> None:
    for number, text in enumerate(CORPUS):
        await services.receive(message(text, id=str(700 + number), author=f"h{number}"))
        (case,) = [
            case
            for case in await services.desk.queue(kinds=[CaseKind.ALERT])
            if case.message.ref.message_id == str(700 + number)
        ]
        shown = re.sub(r"\s+", " ", visible(text.replace("\x00", "\u2400"))).strip()
        assert shown in parse((await an.get(f"/zaken/{case.id}")).text).text


async def test_turning_marks_stay_inside_their_own_element(an: Visitor, services: Services) -> None:
    await services.receive(message(CORPUS[2]))
    for path in ("/wachtrij", "/zaken/1", "/kanalen/demo"):
        html = (await an.get(path)).text
        for match in re.finditer("\u202e", html):
            opened = html.rfind("<bdi", 0, match.start())
            inside_field = html.rfind("<textarea", 0, match.start()) > html.rfind("</textarea>", 0, match.start())
            assert inside_field or html.rfind("</bdi>", 0, match.start()) < opened, path
    assert "leesrichting omkeren" in (await an.get("/zaken/1")).text


@pytest.mark.parametrize("template", TEMPLATES, ids=[path.name for path in TEMPLATES])
def test_no_template_holds_style_or_script_of_its_own_or_switches_escaping_off(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?! src=\"/statisch/)", source)
    assert not re.search(r"\|\s*safe\b|autoescape|javascript:", source)
    for address in re.findall(r"(?:src|href)=\"(https?:[^\"]*)", source):
        raise AssertionError(f"{template.name} loads {address} from elsewhere")
