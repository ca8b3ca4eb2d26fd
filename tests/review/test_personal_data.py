"""What a card and a notice show holds no personal data; what will be placed is shown as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.core.analysis import Suggestion
from bot.core.cases import ActionKind, Case, CaseKind, CaseState
from bot.review.card import Card, card_of, shorten
from bot.review.notices import tell_administrators
from bot.store.schema import notices
from tests.builders import NOON, Services
from tests.personal import EVERYTHING, LEFT, MASKED, leaks
from tests.review.cases import POST, REACTION, case, decision


def shown(now_is: Case) -> Card:
    return card_of(now_is, now=NOON, console_url="http://127.0.0.1:8642")


@pytest.mark.parametrize(("data", "instead"), MASKED)
def test_a_reaction_on_a_card_is_masked(data: str, instead: str) -> None:
    card = shown(case(CaseKind.ALERT, message=replace(REACTION, text=f"Bereik hem op {data}, altijd.")))
    assert card.reaction == f"Bereik hem op {instead}, altijd."


@pytest.mark.parametrize("data", LEFT)
def test_what_only_looks_like_it_stays(data: str) -> None:
    assert shown(case(message=replace(REACTION, text=f"Dossier {data}."))).reaction == f"Dossier {data}."


@pytest.mark.parametrize(
    "now_is",
    [
        case(message=replace(REACTION, text=EVERYTHING)),
        case(quoted=EVERYTHING),
        case(forwarded=EVERYTHING),
        case(post=replace(POST, text=EVERYTHING)),
        case(reasons=(f"Notitie van een collega: {EVERYTHING}",)),
        case(state=CaseState.CLOSED, reasons=(EVERYTHING,)),
        case(CaseKind.ALERT, proposal=decision(ActionKind.PROPOSE_REMOVAL, reason=f"Noemt {EVERYTHING}")),
    ],
    ids=["reaction", "quote", "forwarded", "post", "reason", "closed", "proposal"],
)
def test_no_part_of_a_card_tells_it(now_is: Case) -> None:
    card = shown(now_is)
    assert leaks(repr(card)) == []
    assert all(data in repr(card) for data in LEFT)


def test_what_will_be_placed_is_read_as_it_will_be_placed() -> None:
    card = shown(case(suggestions=(Suggestion("Bel ons gerust op 03 123 45 67."),)))
    assert card.suggestion == "Bel ons gerust op 03 123 45 67."


def test_addresses_of_the_platforms_stay_whole() -> None:
    link = "https://t.me/c/0475123456/0475123456"
    now_is = case(message=replace(REACTION, link=link))
    assert shown(now_is).reaction_link == link


def test_a_number_at_the_place_where_a_card_is_cut_is_not_half_shown() -> None:
    card = shown(case(message=replace(REACTION, text="x" * 30 + " 0475 12 34 56")))
    assert "0475" not in shorten(card.reaction, 38)


async def test_a_notice_for_administrators_is_masked(sqlite_services: Services) -> None:
    async with sqlite_services.database.write() as tx:
        await tell_administrators(tx, NOON, "key", f"Dit ging mis: {EVERYTHING}")
        (row,) = (await tx.execute(select(notices))).all()
    assert leaks(row.text) == []
    assert row.text.startswith("Dit ging mis: [telefoonnummer]")
