from __future__ import annotations

import sys

import pytest

from bot.core.errors import ConfigError
from bot.toxicity.embedded import EmbeddedScorer
from bot.toxicity.registry import SCORERS, build_scorer


def test_the_scorers_are_known_by_name() -> None:
    assert set(SCORERS) == {"embedded", "detoxify"}
    assert isinstance(build_scorer("embedded", model="multilingual", threads=2), EmbeddedScorer)


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(ConfigError, match="detoxify, embedded"):
        build_scorer("perspective")


def test_a_checkpoint_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigError, match=r"/nergens/model\.ckpt"):
        build_scorer("detoxify", model="/nergens/model.ckpt")


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ConfigError, match=r"pip install 'verbinder\[detoxify\]'"):
        build_scorer("detoxify")
