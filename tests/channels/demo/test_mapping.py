"""The script as steps: in the order in which things happen, each with the pause before it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bot.channels.demo.mapping import CHANNEL, STANDARD_PACE, read_script, steps_of
from bot.core.messages import AuthorRole, Deleted, Message, MessageKind, MessageRef
from tests.builders import NOON
from tests.channels.demo.town import SMALL, STEPS


def test_everything_happens_in_the_order_of_its_time() -> None:
    happens = [(step.message.ref.message_id, step.message.text, step.deletes) for step in STEPS]
    assert happens == [
        ("p1", "Er komt een zwembad.", False),  # a post comes just before its first reaction …
        ("r1", "Wanneer?", False),
        ("r2", "Vraag: waar?", False),
        ("p2", "De markt verhuist.", False),  # … also when that is halfway
        ("r3", "Spijtig", False),
        ("r4", "Weg", False),
        ("r2", "Vraag: waar precies?", False),  # 6 seconds after r2: after r4
        ("r4", "Weg", True),
    ]


def test_the_pauses_are_those_of_the_script() -> None:
    pauses = [step.pause.total_seconds() for step in STEPS]
    assert pauses == [1, 0, STANDARD_PACE, 3, 0, 2, 1, 1]


def test_a_reaction_says_what_it_answers_and_under_which_post_it_stands() -> None:
    by_id = {step.message.ref.message_id: step.message for step in reversed(STEPS)}
    assert (by_id["r1"].post_id, by_id["r1"].reply_to) == ("p1", "p1")
    assert (by_id["r2"].post_id, by_id["r2"].reply_to) == ("p1", "r1")
    assert (by_id["r3"].quoted, by_id["r3"].text) == ("verhuist", "Spijtig")


def test_the_municipality_posts_and_residents_react() -> None:
    post, reaction = STEPS[0].message, STEPS[1].message
    assert (post.kind, post.author.role, post.author.name) == (
        MessageKind.POST,
        AuthorRole.MUNICIPALITY,
        "Gemeente Zavelrode",
    )
    assert (reaction.kind, reaction.author.role, reaction.author.name) == (
        MessageKind.REACTION,
        AuthorRole.RESIDENT,
        "Marleen",
    )
    assert post.ref == MessageRef(CHANNEL, "plein", "p1")
    assert post.chat_name == reaction.chat_name == "Zavelrode praat mee"


def test_a_step_happens_when_it_is_played() -> None:
    later = NOON + timedelta(minutes=3)
    first, edited, deleted = STEPS[1].at(NOON), STEPS[6].at(later), STEPS[7].at(later)
    assert isinstance(first, Message)
    assert (first.sent_at, first.edited_at) == (NOON, None)
    assert isinstance(edited, Message)
    assert edited.edited_at == later
    assert deleted == Deleted(MessageRef(CHANNEL, "plein", "r4"), later)


def test_a_script_without_reactions_has_no_steps() -> None:
    assert steps_of({**SMALL, "reacties": []}) == ()


def test_the_town_has_everything_in_it() -> None:
    steps = read_script()
    kinds = Counter(
        "delete"
        if step.deletes
        else "edit"
        if step.message.edited_at is not None
        else "post"
        if step.message.kind is MessageKind.POST
        else "reaction"
        for step in steps
    )
    assert kinds == {"post": 8, "reaction": 152, "edit": 2, "delete": 1}
    assert all(step.pause >= timedelta() for step in steps)
