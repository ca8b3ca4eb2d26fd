"""Learning frames from examples: what an administrator adds is found afterwards, a new pack as well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.framing.frameset import Example, FrameSet, Pack
from bot.framing.learning import Features, learn
from bot.framing.loading import load_frames
from bot.framing.model_detector import ModelDetector
from bot.settings import ROOT
from bot.understanding.model import FOLDER, Model, shipped

NEW = (
    "Eerst de auto's buiten pesten en dan klagen dat de winkels leeg staan.",
    "Dit bestuur jaagt op wie met de wagen rijdt, elk jaar een straat minder.",
    "Weer tien parkeerplaatsen weg, ze willen ons gewoon uit de auto.",
    "Automobilisten zijn hier blijkbaar niet meer welkom.",
    "Pesterij, meer is dat niet. Wie met de auto komt, moet bloeden.",
    "Nog een knip erbij en niemand geraakt hier nog binnen met de wagen.",
    "Alles voor de fiets, en de autobestuurder mag betalen en zwijgen.",
    "Ze maken het ons met opzet moeilijk om nog met de auto te rijden.",
)
ORDINARY = (
    "Wanneer is de parking aan de kerk weer open?",
    "De bus van zeven uur reed vandaag niet.",
    "Kan er een zebrapad komen aan de school?",
    "Mijn auto staat te koop, interesse?",
    "Fijn dat het fietspad vernieuwd is!",
    "De parkeerautomaat aanvaardt mijn kaart niet.",
    "Er staat al een week een wagen zonder nummerplaat in onze straat.",
    "Hoe lang duren de werken nog?",
)
UNSEEN = "Ge wordt hier gewoon uit uw auto gepest door dat stadsbestuur."


@pytest.fixture(scope="module")
def frames() -> FrameSet:
    return load_frames(ROOT / "frames", None)


@pytest.fixture(scope="module")
def features() -> Features:
    return Features.load(FOLDER)


@pytest.fixture(scope="module")
def model() -> Model:
    return shipped()


def test_the_features_are_of_the_encoder_that_ships(features: Features, model: Model) -> None:
    assert features.encoder == model.encoder.version
    assert features.rows.shape == (len(features.frames), model.heads.weights.shape[1])
    assert len(features.known) == 11


def test_a_frame_of_a_new_pack_is_found_after_learning(frames: FrameSet, features: Features, model: Model) -> None:
    template = frames.frames["controle"]
    frame = replace(
        template,
        id="pestbeleid",
        name="pestbeleid",
        pack="proef",
        signals=(),
        examples=tuple(map(Example, NEW)),
        counterexamples=tuple(map(Example, ORDINARY)),
    )
    pack = Pack("proef", "proef", ("auto",), (), (), (), {})
    wider = replace(frames, frames={**frames.frames, "pestbeleid": frame}, packs={**frames.packs, "proef": pack})

    assert not _finds(wider, model, UNSEEN, "pestbeleid")
    taught, report = learn(wider, model, features)
    assert _finds(wider, taught, UNSEEN, "pestbeleid")
    for text in ("Wanneer gaat het containerpark open?", "De vluchtelingen krijgen alles gratis."):
        assert not _finds(wider, taught, text, "pestbeleid")
    (told,) = [one for one in report if one.frame == "pestbeleid"]
    assert told.new
    assert told.right_after == len(NEW) + len(ORDINARY) > told.right_before


def test_learning_again_changes_what_is_found_for_a_known_frame(
    frames: FrameSet, features: Features, model: Model
) -> None:
    frame = frames.frames["win_win"]
    odd = "Zonder Yusuf en zijn maten viel de band in de fabriek stil."
    added = [Example(f"{odd[:-1]}, {more}") for more in ("echt waar.", "dat zei de baas ook.", "en dan?", "elke dag.")]
    wider = replace(frames, frames={**frames.frames, "win_win": replace(frame, examples=(*frame.examples, *added))})
    taught, _ = learn(wider, model, features)
    label = "frame:win_win"
    before, after = (one.heads.logits(one.see(odd))[label] for one in (model, taught))
    assert after > before
    untouched = "toxicity:insult"
    assert taught.heads.logits(taught.see(odd))[untouched] == pytest.approx(
        model.heads.logits(model.see(odd))[untouched], abs=1e-4
    )


def _finds(frames: FrameSet, model: Model, text: str, frame: str) -> bool:
    return frame in {hit.id for hit in ModelDetector(frames, model).detect(text, context="").frames}
