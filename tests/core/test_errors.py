from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.core import errors
from bot.core.errors import (
    ChannelError,
    ConfigError,
    MissingPermission,
    RateLimited,
    TargetGone,
    Transient,
    VerbinderError,
)

BRANCH = re.compile(r"^(?P<indent>[ │]*)(?:[├└]── )(?P<name>\w+)  +\S", re.MULTILINE)
CLASSES = {
    name: kind for name, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__
}


def drawn() -> Iterator[tuple[str, str]]:
    """Yield (error, its parent) as the tree in the module's docstring has them."""
    path = ["VerbinderError"]
    for match in BRANCH.finditer(errors.__doc__ or ""):
        depth = len(match["indent"]) // 4  # the tree itself is indented once
        path[depth:] = [match["name"]]
        yield match["name"], path[depth - 1]


def test_the_tree_that_is_drawn_is_the_tree_of_the_classes() -> None:
    real = {(name, kind.__mro__[1].__name__) for name, kind in CLASSES.items() if kind is not VerbinderError}
    assert set(drawn()) == real
    assert ("Transient", "ChannelError") in real


@pytest.mark.parametrize("kind", CLASSES.values(), ids=list(CLASSES))
def test_every_error_says_what_it_means_and_has_one_root(kind: type[VerbinderError]) -> None:
    assert issubclass(kind, VerbinderError)
    assert kind.__doc__


def test_an_error_shows_what_is_wrong_and_then_what_to_do() -> None:
    assert str(ConfigError("Er ontbreekt iets.", remedy="Vul het aan.")) == "Er ontbreekt iets.\nVul het aan."
    assert str(ConfigError("Er ontbreekt iets.")) == "Er ontbreekt iets."
    error = TargetGone("weg", remedy="kijk na")
    assert (error.message, error.remedy) == ("weg", "kijk na")


def test_errors_of_a_platform_carry_what_the_outbox_decides_on() -> None:
    assert Transient("…").sent is False
    assert Transient("…", sent=True).sent is True
    assert RateLimited("…", retry_after=timedelta(seconds=3)).retry_after == timedelta(seconds=3)
    assert MissingPermission("…", permission="can_delete_messages").permission == "can_delete_messages"
    assert all(issubclass(kind, ChannelError) for kind in (Transient, RateLimited, MissingPermission, TargetGone))
