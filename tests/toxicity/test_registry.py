from __future__ import annotations

import sys
from datetime import timedelta

import pytest

from bot.core.errors import ConfigError
from bot.core.findings import TOXICITY_LABELS
from bot.toxicity.embedded import EmbeddedScorer
from bot.toxicity.limits import GuardedScorer
from bot.toxicity.registry import SCORERS, assemble, build_scorer
from bot.toxicity.thresholds import SHIPPED
from tests.toxicity.fixed import Fixed


def test_the_scorers_are_known_by_name() -> None:
    assert set(SCORERS) == {"embedded", "detoxify", "model", "onnx"}
    assert isinstance(build_scorer("embedded", model="multilingual", threads=2), EmbeddedScorer)


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(ConfigError, match="detoxify, embedded, model, onnx"):
        build_scorer("perspective")


def test_every_scorer_has_thresholds_that_ship() -> None:
    assert set(SHIPPED) == set(SCORERS)
    for thresholds in SHIPPED.values():
        assert set(thresholds) == set(TOXICITY_LABELS)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("embedded+perspective", r"“perspective” bestaat niet \(in “embedded\+perspective”\)"),
        ("embedded+", "ontbreekt een naam"),
        ("+", "ontbreekt een naam"),
        ("", "ontbreekt een naam"),
        ("embedded+embedded", "meer dan één keer"),
    ],
)
def test_a_joint_name_that_cannot_be_is_refused(name: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        build_scorer(name)


def test_each_of_several_scorers_goes_through_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "bot.toxicity.registry.SCORERS", {"one": lambda **_: Fixed("one"), "two": lambda **_: Fixed("two")}
    )
    assembly = assemble("one + two", rule="mean", guard=lambda scorer: GuardedScorer(scorer, timedelta(seconds=1)))
    assert all(isinstance(part, GuardedScorer) for part in assembly.parts)
    assert assembly.under({}).name == "one+two"
    assert assembly.under({}).version.startswith("mean(")


def test_a_checkpoint_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigError, match=r"/nergens/model\.ckpt"):
        build_scorer("detoxify", model="/nergens/model.ckpt")


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ConfigError, match=r"pip install 'verbinder\[detoxify\]'"):
        build_scorer("detoxify")
