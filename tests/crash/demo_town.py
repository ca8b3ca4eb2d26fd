"""The demonstration town: its script is the platform's, its ledger a file; people decide in the console, over HTTP."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import httpx

from bot.channels.demo.mapping import CHANNEL, read_script
from bot.channels.demo.sender import LEDGER_NAME, read_ledger
from bot.core.cases import ActionKind
from bot.web.links import FIRST_NAME
from tests.crash.ledger import Store
from tests.crash.lives import ADDRESS, LINK, WELCOMED, Life
from tests.crash.towns import Asked, Expected, common_environ
from tests.web.visitor import Parsed, parse

ANSWER_SECONDS = 10.0
_CASE = re.compile(r"/zaken/(\d+)")
_COMMAND = re.compile(r"/zaken/\d+/([a-z_]+)")
_HURRIED = 0.02


class DemoTown:
    """Implements `tests.crash.towns.Town`. `pace`: seconds between two reactions of the script."""

    channel = CHANNEL
    face = "web"
    removes = False

    def __init__(self, home: Path, rng: random.Random, *, pace: float) -> None:
        self.home = home
        self._rng = rng
        self._pace = pace
        self._script = read_script()
        self._cookies = httpx.Cookies()
        self._asked: list[Asked] = []
        self._waiting: list[int] = []

    def environ(self) -> Mapping[str, str]:
        return {**common_environ(self.home), "VERBINDER_DEMO__ENABLED": "on", "VERBINDER_DEMO__PACE": str(self._pace)}

    def stir(self, life: Life) -> None:
        """Deal with one case, where there is one. Whatever breaks off halfway was not told to anybody."""
        address = life.printed(ADDRESS)
        if address is None or life.printed(WELCOMED) is None:
            return
        try:
            with httpx.Client(
                base_url=address,
                cookies=self._cookies,
                timeout=ANSWER_SECONDS,
                verify=False,  # plain http: reading certificates would cost more than the visit
                headers={"sec-fetch-site": "same-origin", "origin": address},
            ) as browser:
                self._visit(browser, life)
        except httpx.TransportError:
            return

    def between(self) -> None:
        """Do nothing: the residents of the demonstration live in the service's own script."""

    def hurry(self) -> None:
        self._pace = _HURRIED

    # ── people ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _visit(self, browser: httpx.Client, life: Life) -> None:
        if not self._cookies:
            link = life.printed(LINK)
            assert link is not None, "nobody can sign in"
            answer = browser.post(link)
            if answer.status_code == 303:
                self._cookies = browser.cookies
            return
        if not self._waiting:
            page = browser.get("/wachtrij")
            assert page.status_code == 200, page.text
            found = (_CASE.fullmatch(link) for link in parse(page.text).links())
            self._waiting = list(dict.fromkeys(int(match[1]) for match in found if match))
            return
        case_id = self._waiting.pop(self._rng.randrange(len(self._waiting)))
        page = browser.get(f"/zaken/{case_id}")
        assert page.status_code == 200, page.text
        command = self._choose(parse(page.text))
        if command is not None:
            action, form = command
            asked = Asked(case_id, action, FIRST_NAME)
            self._asked.append(asked)
            answer = browser.post(f"/zaken/{case_id}/{action}", data=form)
            asked.told = answer.status_code == 303 and answer.headers["location"].startswith("/zaken/")

    def _choose(self, page: Parsed) -> tuple[ActionKind, dict[str, str]] | None:
        """Return a command that the page offers, with the form that goes with it; None where nothing is asked."""
        offered = {match[1] for path in page.actions() if (match := _COMMAND.fullmatch(path))}
        version = next((str(tag["value"]) for _, tag in page.tags if tag.get("name") == "case_version"), "")
        rules = [str(tag["value"]) for name, tag in page.tags if name == "option" and tag.get("value")]
        form = {"case_version": version}
        choices = [
            (ActionKind.APPROVE, 8, form),
            (ActionKind.EDIT, 1, {**form, "text": f"Dank u voor uw reactie. ({len(self._asked)})"}),
            (ActionKind.DROP, 1, form),
            (ActionKind.FINE, 2, form),
            (ActionKind.WARN, 1, {**form, "rule_id": self._rng.choice(rules or [""])}),
            (ActionKind.REMOVE, 1000 if self.removes else 1, {**form, "rule_id": self._rng.choice(rules or [""])}),
        ]
        possible = [choice for choice in choices if choice[0] in offered]
        if not possible:
            return None
        action, _, filled = self._rng.choices(possible, [weight for _, weight, _ in possible])[0]
        return action, filled

    # ── what the platform has ─────────────────────────────────────────────────────────────────────────────────────

    def delivered(self, store: Store) -> bool:
        query = "SELECT count(*) FROM cursors WHERE channel = 'demo' AND name = 'step' AND value = ?"
        return store.number(query, str(len(self._script))) == 1

    def messages(self) -> Sequence[Expected]:
        texts: dict[str, list[str]] = {}
        deleted = set()
        for step in self._script:
            number = step.message.ref.message_id
            if step.deletes:
                deleted.add(number)
            else:
                texts.setdefault(number, []).append(step.message.text)
        return [Expected(number, tuple(words), number in deleted) for number, words in texts.items()]

    def asked(self) -> Sequence[Asked]:
        return self._asked

    def replies(self, target: str, text: str, keys: Collection[str]) -> int:
        return sum(line["key"] in keys and line["target"] == target for line in self._lines("reply"))

    def replies_in_all(self) -> int:
        return sum(1 for _ in self._lines("reply"))

    def removals(self, target: str) -> int:
        return sum(line["target"] == target for line in self._lines("removal"))

    def tells_what_it_placed(self) -> bool:
        return True

    def _lines(self, what: str) -> Iterator[Mapping[str, str]]:
        for line in read_ledger(self.home / "data" / LEDGER_NAME):
            if line["what"] == what:
                yield line
