"""The language model that ships: whole, deterministic, total, and traceable to words."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import ConfigError
from bot.core.findings import TOXICITY_LABELS, Tension, Tone
from bot.understanding.encoder import TEXT_PIECES, Encoder
from bot.understanding.heads import Heads, softmax
from bot.understanding.model import FOLDER, OF_ENCODER, Model, shipped
from bot.understanding.parts import MOST, parts_of

POST = "In maart opent het opvangcentrum voor asielzoekers in de Kerkstraat."


@pytest.fixture(scope="module")
def model() -> Model:
    return shipped()


def test_it_has_a_head_and_a_blend_for_every_label_of_the_contract(model: Model) -> None:
    labels = set(model.heads.labels)
    assert {f"toxicity:{label}" for label in TOXICITY_LABELS} <= labels & set(model.blend.lines)
    assert {f"tone:{tone}" for tone in Tone} | {f"tension:{tension}" for tension in Tension} <= labels
    assert sum(label.startswith("frame:") for label in labels) == 11
    assert sum(label.startswith("value:") for label in labels) == 9


def test_the_same_text_is_seen_the_same_alone_and_in_company(model: Model) -> None:
    texts = ["Amai, wat een drukte", "Ik ben het daar niet mee eens, en mijn buren ook niet.", "?"]
    together = list(model.encoder.see_all([(text, POST) for text in texts]))
    for text, seen in zip(texts, together, strict=True):
        (alone,) = model.encoder.see(text, POST)
        assert alone.spans == seen.spans
        # 8-bit rows are scaled by the whole batch, so the last digits differ.
        assert np.dot(alone.pooled, seen.pooled) > 0.98 * np.linalg.norm(alone.pooled) * np.linalg.norm(seen.pooled)


def test_the_post_is_part_of_what_is_seen(model: Model) -> None:
    text = "Daar gaan we weer."
    alone, under = (model.heads.logits(model.see(text, post)) for post in ("", POST))
    assert alone != under
    assert model.see(text, "  ")[0].states.shape == model.see(text)[0].states.shape


def test_a_long_text_is_read_to_its_end(model: Model) -> None:
    calm = "Het was een mooie dag op de markt en iedereen was vriendelijk. "
    windows = model.see(calm * 30 + "Gij zijt een vuile klootzak.")
    assert len(windows) > 1
    assert all(len(window.spans) <= TEXT_PIECES for window in windows)
    assert windows[-1].spans[-1][1] == len(calm * 30 + "Gij zijt een vuile klootzak.")
    calm_logit = model.heads.logits(model.see(calm * 30))["toxicity:insult"]
    assert model.heads.logits(windows)["toxicity:insult"] > calm_logit


def test_the_evidence_is_the_part_that_says_it(model: Model) -> None:
    text = "Morgen om acht uur is er vergadering in de zaal. Gij zijt een vuile klootzak."
    (span,) = model.evidence(text, "", "toxicity:insult")
    assert text[slice(*span)] == "Gij zijt een vuile klootzak."
    assert model.evidence("klootzak", "", "toxicity:insult") == ((0, 8),)
    assert model.evidence(" ?! ", "", "toxicity:insult") == ()


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=120), st.text(max_size=30))
def test_any_text_is_survived_and_spans_stay_inside(text: str, post: str) -> None:
    found = shipped()
    windows = found.see(text, post)
    assert all(np.isfinite(value) for value in found.heads.logits(windows).values())
    for start, end in found.evidence(text, post, "toxicity:insult"):
        assert 0 <= start <= end <= len(text)


def test_a_text_falls_apart_into_clauses_and_a_long_one_into_sentences() -> None:
    text = " Goed, maar duur!\nEn nu?  "
    assert [text[start:end] for start, end in parts_of(text)] == ["Goed,", "maar duur!", "En nu?"]
    long = "Dit is een zin, met een deel. " * 30
    assert len(parts_of(long)) == MOST
    assert parts_of(long)[-1][1] == len(long.rstrip())
    assert parts_of("...") == ()


def test_shares_add_up_to_one_and_keep_the_order() -> None:
    shares = softmax({"a": 2.0, "b": 0.0, "c": -500.0})
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["a"] > shares["b"] > shares["c"]


def test_a_folder_that_is_not_whole_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="niet leesbaar"):
        Encoder(tmp_path)
    shutil.copytree(FOLDER, tmp_path / "model")
    (tmp_path / "model" / "blend.json").write_text("{", encoding="utf-8")
    with pytest.raises(ConfigError, match="niet leesbaar"):
        Model.load(tmp_path / "model")


def test_own_heads_hold_for_the_encoder_they_were_fitted_to(model: Model, tmp_path: Path) -> None:
    label = "frame:controle"
    heads = model.heads.with_label(label, np.zeros(model.heads.weights.shape[1]), 3.0)
    model.with_heads(heads, model.blend).save_heads(tmp_path)
    own = model.with_own_heads(tmp_path)
    assert own.heads.logits(own.see("Dag"))[label] == pytest.approx(3.0)
    assert own.version != model.version
    assert own.version == model.with_own_heads(tmp_path).version

    (tmp_path / OF_ENCODER).write_text("of another one", encoding="utf-8")
    assert model.with_own_heads(tmp_path).version == model.version
    assert model.with_own_heads(tmp_path / "nowhere").version == model.version

    (tmp_path / OF_ENCODER).write_text(model.encoder.version, encoding="utf-8")
    (tmp_path / "heads.npz").write_bytes(b"PK")
    with pytest.raises(ConfigError, match="verbinder train"):
        model.with_own_heads(tmp_path)


def test_a_new_label_leaves_the_others_alone(model: Model) -> None:
    heads = model.heads.with_label("frame:nieuw", np.ones(model.heads.weights.shape[1]), -1.0)
    windows = model.see("Dag allemaal")
    before, after = model.heads.logits(windows), heads.logits(windows)
    assert {label: after[label] for label in before} == pytest.approx(before, abs=1e-4)
    assert set(after) - set(before) == {"frame:nieuw"}
    assert isinstance(heads, Heads)
