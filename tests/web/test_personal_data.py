"""Who decides reads a reaction as it was written; lists, and whoever only reads along, are shown no personal data."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cases import ActionKind, CaseKind
from bot.core.people import Role
from bot.text.personal import mask
from bot.web.highlight import masked, pieces
from tests.builders import Services, message, post
from tests.personal import EVERYTHING, MASKED, leaks
from tests.web.conftest import Enter
from tests.web.scene import TOWN, with_evidence
from tests.web.visitor import text_of

ALARM = f"alarm vraag {EVERYTHING} achterlijke idioten"
QUOTED, FORWARDED = "van 0471 11 22 33", "van 0472 11 22 33"
DECIDERS = [Role.MODERATOR, Role.COMMUNITY_MANAGER, Role.ADMINISTRATOR]


async def play(services: Services) -> None:
    await with_evidence(services).receive(
        replace(post("Bel ons op 03 999 88 77", id="100"), author=TOWN),
        message("Dag allemaal", id="101", post_id="100"),
        message(ALARM, id="102", post_id="100", author="u2", quoted=QUOTED, forwarded=FORWARDED),
        message(f"Dat is {EVERYTHING}", id="103", post_id="100", author="u3"),
    )


@pytest.mark.parametrize("role", DECIDERS)
async def test_who_decides_reads_what_was_written(enter: Enter, sqlite_services: Services, role: Role) -> None:
    await play(sqlite_services)
    case = await sqlite_services.one(CaseKind.ALERT)
    shown = await text_of(await enter(role), f"/zaken/{case.id}")
    assert leaks(shown) == [data for data, _ in MASKED]
    assert QUOTED in shown
    assert FORWARDED in shown


async def test_who_reads_along_is_shown_the_rest_of_it(enter: Enter, sqlite_services: Services) -> None:
    await play(sqlite_services)
    case = await sqlite_services.one(CaseKind.ALERT)
    shown = await text_of(await enter(Role.AUDITOR), f"/zaken/{case.id}")
    assert leaks(shown) == []
    assert shown.count("van [telefoonnummer]") == 2, "what it quotes and what it forwards"
    assert "achterlijke idioten" in shown


@pytest.mark.parametrize("path", ["/wachtrij", "/kanalen/demo", "/geschiedenis"])
@pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUDITOR])
async def test_a_list_shows_none_of_it(enter: Enter, sqlite_services: Services, path: str, role: Role) -> None:
    services = sqlite_services
    await play(services)
    if path == "/geschiedenis":
        case = await services.one(CaseKind.ALERT)
        await services.do(ActionKind.FINE, case, await services.person("Bram"))
    shown = await text_of(await enter(role), path)
    assert leaks(shown) == []
    assert "[telefoonnummer]" in shown


async def test_the_number_of_the_town_itself_is_no_secret(enter: Enter, sqlite_services: Services) -> None:
    await play(sqlite_services)
    case = await sqlite_services.one(CaseKind.ALERT)
    visitor = await enter(Role.AUDITOR)
    for path in ("/kanalen/demo", f"/zaken/{case.id}"):
        assert "Bel ons op 03 999 88 77" in await text_of(visitor, path)


@pytest.mark.parametrize(
    ("text", "span", "marked"),
    [
        ("bel 0475 12 34 56 nu", (18, 20), "nu"),  # after it
        ("bel 0475 12 34 56 nu", (0, 3), "bel"),  # before it
        ("bel 0475 12 34 56 nu", (4, 17), "[telefoonnummer]"),  # all of it
        ("bel 0475 12 34 56 nu", (9, 11), "[telefoonnummer]"),  # a part of it
        ("bel 0475 12 34 56 nu", (0, 11), "bel [telefoonnummer]"),
        ("bel 0475 12 34 56 nu", (11, 20), "[telefoonnummer] nu"),
        ("a@b.be 0475 12 34 56 nu", (21, 23), "nu"),  # one shorter, one longer
        ("niets te verbergen", (6, 8), "te"),
    ],
)
def test_a_mark_stays_on_its_words(text: str, span: tuple[int, int], marked: str) -> None:
    shown, (mark,) = masked(text, [(span, "x")])
    assert shown[slice(*mark[0])] == marked


@given(
    st.lists(st.sampled_from(["0475 12 34 56", "a@b.be", "1-ABC-123", "nu", " ", ", ", "é\U0001f642"]), max_size=8).map(
        " ".join
    ),
    st.lists(st.tuples(st.tuples(st.integers(-3, 90), st.integers(-3, 90)), st.sampled_from("xyz")), max_size=6),
)
def test_pieces_of_a_masked_text_are_that_text(text: str, marks: list[tuple[tuple[int, int], str]]) -> None:
    shown, moved = masked(text, marks)
    assert shown == mask(text)
    assert "".join(piece.text for piece in pieces(shown, moved)) == shown
