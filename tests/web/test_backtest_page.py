"""Looking back in the console: asked, seen going on, stopped, read."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.cases import ActionKind
from bot.core.people import Role
from bot.review import backtest_desk
from bot.review.backtest_desk import BacktestDesk
from bot.review.backtesting import backtest_history
from bot.review.bulletin import Topic
from bot.rules.backtest import BacktestReport
from bot.store import replay, retention
from bot.web import backtest_view, live
from tests.builders import Services, message
from tests.review.rule_town import RuleTown
from tests.rules.helpers import file_text, rule_text
from tests.store.history import decide, judged
from tests.web.scene import CORPUS
from tests.web.visitor import BRUSSELS, Visitor, console_on, parse, text_of

HERE = "/regels/terugblik"
APPLE = rule_text("{woorden: [appel]}", name="fruit")
PEAR = APPLE.replace("[appel]", "[peer]")
TEXT = {"bron": "tekst", "tekst": file_text(PEAR), "aantal": "0"}


class Town:
    """A console on a rule file, with somebody who may start, and the worker that answers."""

    def __init__(self, services: Services, folder: Path) -> None:
        self.services = services
        self.rules = RuleTown.build(services, folder)
        self.rules.write(file_text(APPLE))
        self.desk = BacktestDesk(services.database, services.clock, services.bulletin, zone=BRUSSELS)

    async def open(self) -> None:
        self.book = await self.rules.started()
        self.app = console_on(self.services, rulebook=self.book, backtests=self.desk)
        self.an = await self.visitor("An", Role.ADMINISTRATOR)

    async def visitor(self, name: str, role: Role) -> Visitor:
        return await Visitor(self.app).sign_in(await self.services.person(name, role))

    async def done(self) -> str:
        """Wait for the end; return what the page says then."""
        async with asyncio.timeout(30):
            while self.desk.running is not None:
                await asyncio.sleep(0.01)
        return await text_of(self.an, HERE)


@pytest.fixture
async def town(sqlite_services: Services, tmp_path: Path) -> AsyncIterator[Town]:
    town = Town(sqlite_services, tmp_path)
    await town.open()
    worker = asyncio.create_task(town.desk.run())
    yield town
    worker.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await worker
    await town.an.client.aclose()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let a backtest wait in its middle until it is told to go on."""
    go_on = asyncio.Event()

    async def slowly(*arguments: Any, **options: Any) -> BacktestReport:
        total = await replay.count(arguments[0])
        options["on_progress"](1, total)
        await go_on.wait()
        return await backtest_history(*arguments, **options)

    monkeypatch.setattr(backtest_desk, "backtest_history", slowly)
    return go_on


async def a_history(services: Services) -> None:
    bram = await services.person("Bram")
    texts = ("alarm appel", "alarm peer bel 0470 12 34 56", "appel", "peer", "niets")
    await judged(services, *(message(text, id=str(number)) for number, text in enumerate(texts, 1)))
    await decide(services, bram, "1", ActionKind.FINE)
    await decide(services, bram, "2", ActionKind.REMOVE, rule_id="privacy")


async def test_without_history_there_is_nothing_to_ask(town: Town) -> None:
    page = parse((await town.an.get(HERE)).text)
    assert "Nog niets om op terug te blikken" in page.text
    assert page.actions() == {"/afmelden"}
    refused = await town.an.post(HERE, TEXT)
    assert refused.status_code == 409
    assert "Er zijn nog geen reacties om op terug te blikken." in parse(refused.text).text


async def test_a_pasted_text_is_compared_with_what_applies(town: Town) -> None:
    await a_history(town.services)
    assert (await town.an.post(HERE, TEXT)).status_code == 303
    text = await town.done()
    for said in (
        "Terugblik met een geplakte tekst op 5 reacties",
        "Vergeleken met de regels die nu gelden.",
        "2 meldingen (nu 2) 2 nieuw 2 vervallen 0 ernstiger 0 minder ernstig",
        "Terecht gemeld: 1 van 1, 100% (21% tot 100%); nu 0 van 1, 0% (0% tot 79%).",
        "Een titel fruit actief ernst hoog",
        "Gaat 2 keer af (nu 2): 2 nieuw, 2 vervallen.",
        "alarm peer bel [telefoonnummer] ingegrepen · Melding 2",
        "alarm appel in orde bevonden · Melding 1",
        "Een titel fruit 2 2 2 100% (21% tot 100%)",
    ):
        assert said in text, said
    assert "0470" not in text
    assert "Gevraagd door An" in text
    html = (await town.an.get(HERE)).text
    assert "<mark>peer</mark>" in html


@pytest.mark.parametrize(("source", "what"), [("schijf", "het bestand op de schijf"), ("versie", "versie 1")])
async def test_the_file_on_the_disk_and_a_version_are_asked_alike(town: Town, source: str, what: str) -> None:
    await a_history(town.services)
    await town.an.post(HERE, {"bron": source, "versie": "1", "aantal": "0"})
    text = await town.done()
    assert f"Terugblik met {what} op 5 reacties" in text
    assert "er is niets om mee te vergelijken" in text
    if source == "schijf":
        town.rules.write(file_text(PEAR))
        await town.an.post(HERE, {"bron": "schijf", "aantal": "0"})
        assert "2 nieuw, 2 vervallen" in await town.done()


async def test_only_as_many_as_were_asked(town: Town) -> None:
    await a_history(town.services)
    await town.an.post(HERE, {**TEXT, "aantal": "2"})
    assert "op 2 reacties" in await town.done()


async def test_a_text_with_mistakes_shows_all_of_them_and_stays_in_its_field(town: Town) -> None:
    await a_history(town.services)
    wrong = file_text(PEAR.replace("ernst: hoog", "ernst: enorm").replace("doet:", "doetje:"))
    answer = await town.an.post(HERE, {**TEXT, "tekst": wrong})
    assert answer.status_code == 422
    page = parse(answer.text)
    assert "Deze huisregels kunnen niet gebruikt worden: 3 fouten." in page.text
    assert "huisregels.yaml:6:12: fout: `enorm` kan hier niet" in page.text
    assert str(town.rules.path) not in page.text
    assert "doetje: [meld_moderator]" in page.text[page.text.index("Een tekst die ik plak") :]
    assert (town.desk.running, town.desk.finished) == (None, None)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Kies eerst welke regels"),
        ({"bron": "iets"}, "Kies eerst welke regels"),
        ({"bron": "tekst", "tekst": "  "}, "Plak eerst de huisregels"),
        ({"bron": "versie", "versie": "99"}, "Er is geen versie 99"),
        ({"bron": "versie", "versie": "abc"}, "Er is geen versie 0"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(town: Town, asked: dict[str, str], said: str) -> None:
    await a_history(town.services)
    answer = await town.an.post(HERE, asked)
    assert answer.status_code == 409
    assert said in parse(answer.text).text


async def test_while_one_runs_everybody_sees_it_and_nobody_starts_another(town: Town, held: asyncio.Event) -> None:
    await a_history(town.services)
    await town.an.post(HERE, TEXT)
    await asyncio.sleep(0.05)
    carine = await town.visitor("Carine", Role.ADMINISTRATOR)
    page = parse((await carine.get(HERE)).text)
    assert "De terugblik loopt Met een geplakte tekst, gestart door An, vandaag om 13:00." in page.text
    assert "1 van 5 reacties (20%)" in page.text
    (bar,) = [attrs for tag, attrs in page.tags if tag == "progress"]
    assert (bar["value"], bar["max"]) == ("1", "5")
    assert f"{HERE}/stop" in page.actions()
    assert HERE not in page.actions()
    refused = await carine.post(HERE, TEXT)
    assert refused.status_code == 409
    assert "Er loopt al een terugblik, van An, sinds 13:00." in parse(refused.text).text
    reader = await town.visitor("Leo", Role.AUDITOR)
    assert parse((await reader.get(HERE)).text).actions() == {"/afmelden"}
    assert (await reader.post(f"{HERE}/stop")).status_code == 403

    await carine.post(f"{HERE}/stop")
    assert "De terugblik stopt" in await text_of(town.an, HERE)
    held.set()
    text = await town.done()
    assert "Wat tot dan bekend was" in text
    assert "LET OP: dit is een deel. Er zijn 0 van de 5 reacties bekeken" in text
    for visitor in (carine, reader):
        await visitor.client.aclose()


async def test_an_open_page_hears_of_progress(town: Town, held: asyncio.Event) -> None:
    await a_history(town.services)
    token = town.an.client.cookies[town.an.console.sessions.cookie]
    before = await live._look(town.an.console, token, live.BACKTEST)
    async with town.services.bulletin.listen(Topic.BACKTEST) as bell:
        await town.an.post(HERE, TEXT)
        assert await bell.wait(5)
    during = await live._look(town.an.console, token, live.BACKTEST)
    held.set()
    await town.done()
    after = await live._look(town.an.console, token, live.BACKTEST)
    assert len({before, during, after}) == 3
    assert f'data-blad="{live.BACKTEST}" data-stempel="{town.desk.stamp}"' in (await town.an.get(HERE)).text


async def test_what_is_erased_is_no_longer_shown_in_a_report(town: Town) -> None:
    await a_history(town.services)
    await town.an.post(HERE, TEXT)
    assert "alarm appel" in await town.done()
    async with town.services.database.write() as tx:
        await retention.erase_message(tx, 1, town.services.clock())
    assert "alarm appel" not in await text_of(town.an, HERE)


async def test_one_that_fails_says_why(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    await a_history(town.services)
    monkeypatch.setattr(backtest_desk, "backtest_history", fail)
    await town.an.post(HERE, TEXT)
    assert "De terugblik is niet gelukt. De terugblik is mislukt. Probeer het opnieuw" in await town.done()


@pytest.mark.parametrize("text", CORPUS, ids=[text[:20].encode("ascii", "replace").decode() for text in CORPUS])
async def test_a_hostile_reaction_in_a_report_is_text(town: Town, text: str) -> None:
    await judged(town.services, message(f"peer {text}", id="1"))
    await town.an.post(HERE, TEXT)
    assert "Nieuw: 1 om te lezen" in await town.done()
    html = (await town.an.get(HERE)).text
    page = parse(html)
    assert {tag for tag, _ in page.tags}.isdisjoint({"svg", "iframe", "object", "embed", "style"})
    assert all(str(attrs["src"]).startswith("/statisch/") for tag, attrs in page.tags if tag in {"script", "img"})
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on") or name == "style"]
    assert "\x1b" not in html
    assert "\x00" not in html
    assert len(html) < 40_000
    if "\u202e" in html:
        at = html.index("\u202e")
        assert html.rfind("</bdi>", 0, at) < html.rfind("<bdi", 0, at)


def test_of_a_long_reaction_the_part_around_what_was_found_is_shown() -> None:
    text = "a" * 900 + "PEER" + "b" * 900
    shown, marks = backtest_view._window(text, [((900, 904), "x"), ((1700, 1704), "y")])
    ((start, end), label), *rest = marks
    assert (shown[start:end], label, rest) == ("PEER", "x", [])
    assert (shown[0], shown[-1], len(shown)) == ("…", "…", backtest_view.LONGEST + 2)
    assert backtest_view._window("kort peer", [((5, 9), "x")]) == ("kort peer", [((5, 9), "x")])
    head, _ = backtest_view._window(text, [])
    assert head == "a" * backtest_view.LONGEST + "…"
