"""What travels between the rooms cannot be changed on the way."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import bot.core
from bot.core.analysis import Suggestion
from bot.core.cases import Case, CaseKind, CaseState, Command, ThreadMessage
from bot.core.findings import Severity
from bot.core.messages import AuthorRole, Deleted, Message, MessageKind, MessageRef
from tests.builders import NOON, message


def values() -> Iterator[type[Any]]:
    """Yield every data class of the core."""
    for module in pkgutil.iter_modules(bot.core.__path__, "bot.core."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if kind.__module__ == module.name and dataclasses.is_dataclass(kind):
                yield kind


KINDS = list(values())


def case(**changes: Any) -> Case:
    said = ThreadMessage(MessageRef("demo", "1", "2"), MessageKind.REACTION, "Bewoner", AuthorRole.RESIDENT, "x", NOON)
    base = Case(1, 1, CaseKind.REPLY, CaseState.OPEN, None, NOON, said, "", "", None, None, ())
    return dataclasses.replace(base, **changes)


def test_the_search_finds_the_values() -> None:
    assert {Message, Case, Command, Suggestion} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_a_value_is_frozen_and_slotted_and_holds_no_list(kind: type[Any]) -> None:
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)
    # A list or set could be changed behind the back of a frozen value. (Mappings are typed as such and copied.)
    assert not [f.name for f in dataclasses.fields(kind) if str(f.type).startswith(("list[", "set["))]


@pytest.mark.parametrize(
    ("value", "field"),
    [(message(), "text"), (message().ref, "message_id"), (Deleted(message().ref, NOON), "at"), (case(), "state")],
    ids=["message", "address", "deletion", "case"],
)
def test_a_value_cannot_be_changed_or_extended(value: object, field: str) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, field, "anders")
    with pytest.raises((dataclasses.FrozenInstanceError, TypeError, AttributeError)):
        setattr(value, "nieuw", 1)  # noqa: B010 - the point


def test_messages_are_equal_by_what_they_say() -> None:
    assert message() == message()
    assert len({message(), message(), message("anders")}) == 2


@pytest.mark.parametrize(
    ("count", "index", "shown"), [(0, 0, None), (0, 3, None), (1, 5, "0"), (3, 0, "0"), (3, 2, "2"), (3, 4, "1")]
)
def test_turning_through_suggestions_comes_round(count: int, index: int, shown: str | None) -> None:
    offered = tuple(Suggestion(str(number)) for number in range(count))
    suggestion = case(suggestions=offered, suggestion_index=index).suggestion
    assert (suggestion.text if suggestion else None) == shown


def test_severities_are_ordered_and_go_by_the_words_of_the_rule_file() -> None:
    assert Severity.LOW < Severity.MODERATE < Severity.HIGH < Severity.CRITICAL
    assert [severity.label for severity in Severity] == ["laag", "matig", "hoog", "kritiek"]
    assert [Severity.parse(severity.label) for severity in Severity] == list(Severity)
    with pytest.raises(KeyError):
        Severity.parse("ernstig")
