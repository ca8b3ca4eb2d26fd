"""What a card says and which buttons it has."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.analysis import Suggestion
from bot.core.cases import ActionKind, Case, CaseKind, CaseState, EffectKind, EffectState
from bot.core.findings import Severity
from bot.review.card import card_of, shorten, status_line
from tests.builders import NOON
from tests.review.cases import BEA, REACTION, case, claimed, decided, decision, effect

A = ActionKind
ALERT = CaseKind.ALERT
URL = "http://127.0.0.1:8642"
GONE = "De reactie is intussen verwijderd. Er is niets geplaatst."


def line(now_is: Case) -> str:
    return status_line(now_is, NOON)


@pytest.mark.parametrize(
    ("now_is", "said"),
    [
        (case(), "Wacht op een beslissing."),
        (claimed(BEA), "Bea behandelt dit."),
        (
            case(ALERT, proposal=decision(A.PROPOSE_REMOVAL, reason="Noemt een nummer.")),
            "An stelde voor om dit te verwijderen: Noemt een nummer.",
        ),
        (case(state=CaseState.RETURNED, returned_because=GONE), f"Terug bij u. {GONE}"),
        (
            case(state=CaseState.CLOSED, reasons=("Een vraag.", "De reactie is gewist.")),
            "Afgesloten. De reactie is gewist.",
        ),
        (decided(A.DROP), "An koos om niet te antwoorden."),
        (
            decided(A.APPROVE, effect()),
            "An keurde dit antwoord goed. Antwoord: wordt zo meteen uitgevoerd.",
        ),
        (
            decided(A.APPROVE, effect(EffectState.SENDING)),
            "An keurde dit antwoord goed. Antwoord: wordt nu uitgevoerd.",
        ),
        (
            decided(A.APPROVE, effect(EffectState.SENT, link="https://example.invalid/9")),
            "An keurde dit antwoord goed. Antwoord: uitgevoerd. https://example.invalid/9",
        ),
        (
            decided(A.APPROVE, effect(error="Telegram is niet bereikbaar.")),
            "An keurde dit antwoord goed. Antwoord: wordt zo meteen uitgevoerd. Telegram is niet bereikbaar.",
        ),
        (
            decided(A.REMOVE, effect(EffectState.CANCELLED, kind=EffectKind.REMOVE, error="al weg"), kind=ALERT),
            "An besliste om dit te verwijderen. Verwijdering: geannuleerd.",
        ),
        (
            decided(A.APPROVE, effect(EffectState.UNCERTAIN, error="Kijk het na.")),
            "An keurde dit antwoord goed. Antwoord: misschien uitgevoerd: kijk het na op het kanaal. Kijk het na.",
        ),
    ],
)
def test_the_status_line_says_where_the_case_stands(now_is: Case, said: str) -> None:
    assert line(now_is) == said


def test_a_claim_that_ran_out_is_no_longer_on_the_card() -> None:
    assert status_line(claimed(BEA), NOON + timedelta(minutes=15)) == "Wacht op een beslissing."


@pytest.mark.parametrize(
    ("now_is", "actions"),
    [
        (case(), [A.APPROVE, A.EDIT, A.ANOTHER, A.DROP, A.PASS_ON]),
        (case(suggestions=(Suggestion("Dank u."),)), [A.APPROVE, A.EDIT, A.DROP, A.PASS_ON]),
        (case(suggestions=()), [A.EDIT, A.DROP, A.PASS_ON]),
        (case(state=CaseState.RETURNED), [A.APPROVE, A.EDIT, A.ANOTHER, A.DROP, A.PASS_ON]),
        (case(ALERT), [A.FINE, A.WARN, A.PROPOSE_REMOVAL, A.REMOVE, A.PASS_ON]),
        (decided(A.APPROVE, effect()), [A.UNDO]),
        (decided(A.APPROVE, effect(EffectState.SENT)), []),
        (case(state=CaseState.CLOSED), []),
    ],
)
def test_a_card_has_the_buttons_of_its_state(now_is: Case, actions: list[ActionKind]) -> None:
    card = card_of(now_is, now=NOON, console_url=URL)
    assert [button.action for button in card.buttons] == actions
    assert all(button.label for button in card.buttons)


def test_an_alert_is_headed_by_its_severity_and_by_how_many_are_like_it() -> None:
    card = card_of(case(ALERT, severity=Severity.CRITICAL, like_count=100), now=NOON, console_url=URL)
    assert card.title == "Melding 7, ernst kritiek (100 gelijkaardige reacties)"
    assert card.severity is Severity.CRITICAL
    assert card.harsh


def test_a_suggestion_is_headed_without_a_severity() -> None:
    card = card_of(case(severity=Severity.LOW), now=NOON, console_url=URL)
    assert card.title == "Voorstel van antwoord 7"
    assert card.severity is None
    assert not card.harsh


def test_a_card_carries_all_it_takes_to_decide() -> None:
    now_is = case(ALERT, quoted="Wat een ander schreef", chat_name="Zwembadgroep")
    card = card_of(now_is, now=NOON, console_url=URL)
    assert (card.case_id, card.version) == (7, 3)
    assert card.where == "Demonstratie · Zwembadgroep"
    assert card.author == "Bewoner K7QF"
    assert card.reaction == REACTION.text
    assert card.quoted == "Wat een ander schreef"
    assert card.post == "Nieuw zwembad"
    assert card.reasons == ("Een vraag.",)
    assert card.link == f"{URL}/zaken/7"
    assert card.reaction_link == "https://example.invalid/101"


def test_a_forwarded_text_stands_where_a_quoted_one_would() -> None:
    assert card_of(case(forwarded="Doorgestuurd"), now=NOON, console_url=URL).quoted == "Doorgestuurd"


def test_a_reaction_without_a_post_or_a_chat_name_still_has_a_card() -> None:
    card = card_of(case(post=None), now=NOON, console_url=URL)
    assert (card.post, card.where) == ("", "Demonstratie")


@pytest.mark.parametrize(
    ("now_is", "label", "text"),
    [
        (case(), "Voorstel 1 van 2", "Dank u."),
        (case(suggestion_index=1), "Voorstel 2 van 2", "Goede vraag."),
        (case(suggestion_index=2), "Voorstel 1 van 2", "Dank u."),  # round and round
        (case(suggestions=(Suggestion("Dank u."),)), "Voorstel", "Dank u."),
        (case(suggestions=()), "Voorstel", ""),
        (case(ALERT, suggestions=(Suggestion("Dank u."),)), "Voorstel", ""),  # no reply is asked of a moderator
    ],
)
def test_the_suggestion_that_is_shown_is_the_one_that_would_be_placed(now_is: Case, label: str, text: str) -> None:
    card = card_of(now_is, now=NOON, console_url=URL)
    assert (card.suggestion_label, card.suggestion) == (label, text)


def test_after_a_decision_the_card_shows_the_words_that_were_chosen() -> None:
    now_is = decided(A.EDIT, effect())
    assert now_is.decision is not None
    own = replace(now_is, decision=replace(now_is.decision, text="Mijn eigen woorden", original="Dank u."))
    card = card_of(own, now=NOON, console_url=URL)
    assert (card.suggestion_label, card.suggestion) == ("Antwoord", "Mijn eigen woorden")


@given(text=st.text(), limit=st.integers(min_value=0, max_value=80), marker=st.sampled_from(["…", "", "… lees verder"]))
def test_what_is_shortened_never_exceeds_its_limit(text: str, limit: int, marker: str) -> None:
    assert len(shorten(text, limit, marker=marker)) <= limit


@given(text=st.text(max_size=80))
def test_what_fits_is_left_alone(text: str) -> None:
    assert shorten(text, len(text)) == text


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("een twee drie vier", 15, "een twee drie…"),  # at the last space
        ("een tweedriviervijfzeszeven", 15, "een tweedrivie…"),  # the space is too far back
        ("aaaaaaaaaaaaaaaaaaaa", 5, "aaaa…"),
        ("een twee", 8, "een twee"),
    ],
)
def test_a_text_is_cut_at_a_space_where_there_is_one_near(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short
