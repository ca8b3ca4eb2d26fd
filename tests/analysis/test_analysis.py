from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.analysis import JUDGED_CHARACTERS, analyse
from bot.core.findings import FramingResult, Severity, Tension, Tone, ToxicityResult
from bot.engine import Engine
from bot.framing.ports import FrameDetector
from bot.replies.composer import Composer
from bot.rules import RuleSet
from bot.toxicity.ports import Scorer
from tests.analysis.conftest import message

CENTRE = "In maart opent het opvangcentrum voor asielzoekers in de Kerkstraat."


class BrokenScorer:
    name = "broken"
    version = "0"

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        raise RuntimeError("stuk")


class BrokenDetector:
    version = "0"
    names: Mapping[str, str] = {}

    def detect(self, text: str, *, context: str) -> FramingResult:
        raise RuntimeError("stuk")


def broken(*args: object, **kwargs: object) -> NoReturn:
    raise RuntimeError("stuk")


def test_the_main_job(engine: Engine) -> None:
    found = analyse(message("Die gasten komen hier alleen stelen, gooi ze buiten!", post=CENTRE), engine)
    assert found.language == "nl"
    assert "vijandige_indringer" in {hit.id for hit in found.framing.frames if hit.flagged}
    assert found.framing.tension is Tension.AFFECTIVE
    assert found.decision.suggest_reply
    assert 2 <= len(found.suggestions) <= 3
    assert found.fingerprint
    assert set(found.versions) == {"program", "normaliser", "scorer", "rules", "frames", "thresholds"}
    assert found.versions["rules"] == engine.rules.hash
    assert all(found.versions.values())


def test_a_frame_alone_is_marked_and_answered_and_raises_no_alert(engine: Engine) -> None:
    found = analyse(message("Nieuwkomers passen zich niet aan onze gewoontes aan.", post=CENTRE), engine)
    assert [hit.id for hit in found.framing.frames] == ["botsende_beschavingen"]
    assert not found.decision.alert
    assert found.decision.suggest_reply


def test_a_concrete_worry_is_answered_by_the_service(engine: Engine) -> None:
    found = analyse(message("Ik maak me zorgen over het verkeer aan de school."), engine)
    assert (found.decision.alert, found.decision.suggest_reply) == (False, True)
    assert "mobiliteitsdienst" in found.suggestions[0].text


def test_a_bare_insult_alerts_and_gets_no_suggestion(engine: Engine) -> None:
    found = analyse(message("Klootzak!", post=CENTRE), engine)
    assert found.decision.alert
    assert found.decision.severity is not None
    assert found.suggestions == ()


def test_an_attack_on_people_is_hostile_however_dry_the_words(engine: Engine) -> None:
    found = analyse(message("Moslims horen hier niet thuis, ze passen zich niet aan.", post=CENTRE), engine)
    assert "identity_attack" in found.toxicity.flags
    assert found.framing.tone is Tone.HOSTILE


def test_only_the_author_s_own_words_are_judged(engine: Engine) -> None:
    """Trap 14: what is quoted, forwarded or used as a display name is not theirs."""
    clean = message("Dat vind ik geen manier van spreken.", post=CENTRE)
    dirty = message(
        "Dat vind ik geen manier van spreken.", post=CENTRE, quoted="Klootzak", forwarded="Klootzak", name="Klootzak"
    )
    assert analyse(dirty, engine) == analyse(clean, engine)
    assert not analyse(dirty, engine).decision.alert


@pytest.mark.parametrize(
    ("broken_part", "named"),
    [("scorer", "toxiciteit"), ("detector", "kaders"), ("rules", "regels")],
)
def test_a_part_that_fails_is_named_and_the_rest_goes_on(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, broken_part: str, named: str
) -> None:
    """Trap 10 and law 3: unknown is not clean."""
    scorer: Scorer = BrokenScorer()
    detector: FrameDetector = BrokenDetector()
    if broken_part == "scorer":
        engine = replace(engine, scorer=scorer)
    elif broken_part == "detector":
        engine = replace(engine, detector=detector)
    else:
        monkeypatch.setattr(RuleSet, "evaluate", broken)
    found = analyse(message("Wanneer wordt het glas opgehaald?"), engine)
    assert named in found.decision.not_evaluated
    assert found.decision.alert
    assert found.decision.severity is Severity.MODERATE
    assert any("fout: RuntimeError" in reason for reason in found.decision.reasons)
    assert found.language == "nl"


def test_without_scores_the_rules_that_need_them_are_named(engine: Engine) -> None:
    found = analyse(message("Dag allemaal"), replace(engine, scorer=BrokenScorer()))
    assert any(name.startswith("regel:") for name in found.decision.not_evaluated)


def test_a_composer_that_fails_leaves_the_decision_standing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Composer, "compose", broken)
    found = analyse(message("Wanneer wordt het glas opgehaald?"), engine)
    assert found.decision.suggest_reply
    assert found.suggestions == ()


def test_what_is_left_out_of_a_long_text_is_reported(engine: Engine) -> None:
    whole = analyse(message("dag buur " * (JUDGED_CHARACTERS // 9)), engine)
    assert "einde van de tekst" not in whole.decision.not_evaluated
    cut = analyse(message("dag buur " * (JUDGED_CHARACTERS // 9) + "x" * 30 + " klootzak"), engine)
    assert "einde van de tekst" in cut.decision.not_evaluated
    assert cut.decision.alert


def test_like_messages_share_a_fingerprint(engine: Engine) -> None:
    prints = {analyse(message(text), engine).fingerprint for text in ("Vol is vol!", "VOL  IS VOL", "vol is v0l")}
    assert len(prints) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=200), post=st.text(max_size=50))
def test_any_text_is_survived(engine: Engine, text: str, post: str) -> None:
    found = analyse(message(text, post=post), engine)
    assert found.decision.not_evaluated == ()


def test_hostile_texts_are_survived(engine: Engine) -> None:
    for text in ("\x00\ud800\u202e@everyone", "<b>[x](y)</b>" * 500, "a" * 50_000, "z\u0300\u0301" * 5_000):
        analyse(message(text), engine)
