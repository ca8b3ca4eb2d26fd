"""Cards as Telegram messages: they always fit, and nothing of a resident's text fires."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.cards import Rendered, fitted, keyboard_of, render, rule_code, rule_keyboard
from bot.channels.telegram.plaintext import defused, sendable, undefused, units
from bot.channels.telegram.surface import parted
from bot.core.cases import ActionKind
from bot.core.findings import Severity
from bot.review.card import Button, Card, parse_callback
from bot.review.desk import RemovalRule
from tests.standins.botapi.formatting import formatted, keyboard

CARD = Card(
    case_id=12,
    version=3,
    title="Melding 12, ernst hoog",
    severity=Severity.HIGH,
    where="Telegram · Velddorp praat",
    author="bewoner k7",
    reaction="Wat een idioten",
    harsh=True,
    quoted="",
    post="Het zwembad gaat open",
    reasons=("Huisregel 2 (Respect): scheldt iemand uit.",),
    suggestion="Dank u voor uw bericht.",
    suggestion_label="Voorstel 1 van 3",
    status="Wacht op een beslissing.",
    buttons=(
        Button(ActionKind.FINE, "In orde", "success"),
        Button(ActionKind.WARN, "Herinner aan de huisregels", "primary"),
        Button(ActionKind.PASS_ON, "Doorgeven", "secondary"),
        Button(ActionKind.REMOVE, "Verwijderen", "danger"),
    ),
    link="https://verbinder.velddorp.example/zaken/12",
    reaction_link="https://t.me/c/1234567890/7",
)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=3000)


def sent(page: Rendered) -> tuple[str, dict[str, list[str]]]:
    """Send a card through the stand-in's checks; return its text and the marked passages by kind."""
    entities = [entity.to_dict() for entity in page.entities]
    text, marked = formatted(page.text, parse_mode=None, entities=entities)
    wide = text.encode("utf-16-le", "surrogatepass")
    kinds: dict[str, list[str]] = {}
    for entity in marked:
        passage = wide[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])]
        kinds.setdefault(entity["type"], []).append(passage.decode("utf-16-le", "surrogatepass"))
    return text, kinds


def test_a_card_shows_everything_it_takes_to_decide() -> None:
    text, kinds = sent(render(CARD))
    for part in (
        CARD.title,
        CARD.where,
        CARD.reaction,
        CARD.post,
        *CARD.reasons,
        CARD.suggestion,
        CARD.status,
        CARD.link,
    ):
        assert part in text
    assert kinds["blockquote"] == [CARD.post, CARD.reaction, CARD.suggestion]
    assert kinds["spoiler"] == [CARD.reaction]


def test_a_civil_reaction_is_not_veiled() -> None:
    assert "spoiler" not in sent(render(replace(CARD, harsh=False, severity=None)))[1]


def test_a_reaction_without_words_says_so() -> None:
    assert sent(render(replace(CARD, reaction="")))[1]["blockquote"][1] == "(geen tekst)"


@pytest.mark.parametrize(
    "reaction",
    [
        "@burgemeester doe iets",
        "@everyone @here @velddorp_bot",
        "mail naar iemand@velddorp.example",
        "/ban@velddorp_bot en /start",
        "hé/@schepen",
    ],
)
def test_trap_15_no_mention_or_command_of_a_resident_fires(reaction: str) -> None:
    page = render(
        replace(CARD, reaction=reaction, quoted=reaction, post=reaction, suggestion=reaction, reasons=(reaction,))
    )
    text, kinds = sent(page)
    assert not {"mention", "bot_command", "email"} & set(kinds)
    assert undefused(text).count(reaction) == 5


def test_trap_15_markup_and_turned_text_stay_text() -> None:
    text, _ = sent(render(replace(CARD, reaction="<b>vet</b> *x* [y](tg://z) \u202egnippots\u202c")))
    assert "<b>vet</b> *x* [y](tg://z) gnippots" in text


@given(reaction=ANY_TEXT, post=ANY_TEXT, suggestion=ANY_TEXT, reason=ANY_TEXT)
def test_trap_19_every_card_fits_and_keeps_its_link(reaction: str, post: str, suggestion: str, reason: str) -> None:
    card = replace(
        CARD, reaction=reaction, post=post, quoted=post, suggestion=suggestion, reasons=(reason,) * 9, status=reason
    )
    text, _ = sent(render(card))
    assert units(text) <= 4096
    assert card.link in text


@pytest.mark.parametrize("filler", ["a", "😀", "@a ", "/a "])
def test_trap_19_the_longest_card_of_all_fits(filler: str) -> None:
    long = filler * 10_000
    card = replace(
        CARD, title=long, where=long, author=long, reaction=long, quoted=long, post=long, reasons=(long,) * 20,
        suggestion=long, status=long,
    )  # fmt: skip
    assert CARD.link in sent(render(card))[0]


def test_trap_19_buttons_keep_their_meaning_in_64_bytes() -> None:
    card = replace(CARD, case_id=999_999_999_999, version=999_999_999)
    markup = keyboard_of(card)
    assert markup is not None
    buttons = [button for row in markup.inline_keyboard for button in row]
    assert [parse_callback(str(b.callback_data))[:3] for b in buttons] == [
        (button.action, 999_999_999_999, 999_999_999) for button in card.buttons
    ]
    assert keyboard(markup.to_dict()) == markup.to_dict()  # the stand-in refuses what Telegram would
    assert all(sum(len(button.text) for button in row) <= 30 or len(row) == 1 for row in markup.inline_keyboard)


def test_trap_19_a_house_rule_fits_in_a_button_however_long_its_id() -> None:
    rules = tuple(RemovalRule(f"{'lange-naam-' * 20}{n}", "Titel " * 40, "2", "Omdat.") for n in range(3))
    markup = rule_keyboard(ActionKind.REMOVE, 999_999_999_999, 999_999_999, rules)
    assert keyboard(markup.to_dict()) is not None
    codes = [parse_callback(str(row[0].callback_data))[3] for row in markup.inline_keyboard]
    assert codes == [*(rule_code(rule.id) for rule in rules), "terug"]


def test_a_decided_card_has_no_buttons() -> None:
    assert render(replace(CARD, buttons=())).keyboard is None


@given(text=st.text(), limit=st.integers(min_value=1, max_value=50))
def test_a_shortened_text_never_exceeds_its_room(text: str, limit: int) -> None:
    assert units(fitted(text, limit)) <= limit


@given(text=ANY_TEXT)
def test_what_is_sendable_can_be_sent(text: str) -> None:
    clean = sendable(text)
    clean.encode()
    assert "\x00" not in clean


@pytest.mark.parametrize("text", ["Dag @gemeente, zie /help", "geen van beide", "a@b.be en 1/2"])
def test_a_text_copied_from_a_card_is_what_it_was(text: str) -> None:
    assert undefused(defused(text)) == text


@given(text=st.text(st.sampled_from("ab \n😀"), max_size=400))
def test_a_long_notice_is_cut_into_parts_that_fit_and_loses_nothing(text: str) -> None:
    parts = list(parted(sendable(text), 50))
    assert all(0 < units(part) <= 50 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
