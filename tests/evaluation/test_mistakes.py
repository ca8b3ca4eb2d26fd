from __future__ import annotations

from bot.evaluation.items import Doubt, Judged, Labels, Part
from bot.evaluation.mistakes import LONGEST_TEXT, MistakeList, mistakes_of, shown_text
from tests.evaluation.builders import analysis, framed, judged, toxic


def lists(*texts: Judged, doubt: Doubt = Doubt.LEFT_OUT, most: int = 10) -> dict[tuple[Part, bool], MistakeList]:
    return {(found.part, found.extra): found for found in mistakes_of(texts, doubt, most)}


def ids(found: MistakeList) -> list[str]:
    return [mistake.id for mistake in found.shown]


def test_false_alarms_stand_in_order_of_their_score_and_misses_in_order_of_how_low_it_was() -> None:
    found = lists(
        toxic({}, {"insult": 0.6}, id="a"),
        toxic({}, {"insult": 0.95}, id="b"),
        toxic({"threat": 1}, {"threat": 0.4}, id="c"),
        toxic({"threat": 1}, {"threat": 0.0}, id="d"),
        toxic({"insult": 1}, {"insult": 0.9}, id="goed"),
    )
    assert ids(found[Part.TOXICITY, True]) == ["b", "a"]
    assert ids(found[Part.TOXICITY, False]) == ["d", "c"]
    assert found[Part.TOXICITY, True].shown[0].certainty == 0.95
    assert found[Part.TOXICITY, False].shown[0].certainty == 1.0


def test_one_text_can_hold_both_and_says_what_people_and_the_program_see() -> None:
    found = lists(toxic({"threat": 1, "insult": 0.5}, {"insult": 0.7, "obscene": 0.8}, id="x"))
    extra, missed = found[Part.TOXICITY, True].shown[0], found[Part.TOXICITY, False].shown[0]
    assert extra.wrong == ("obscene",)
    assert missed.wrong == ("threat",)
    assert extra.expected == missed.expected == ("threat", "insult")
    assert dict(extra.given) == {"obscene": 0.8, "insult": 0.7}


def test_an_arguable_label_is_a_mistake_only_where_it_counts() -> None:
    missed, flagged = toxic({"insult": 0.5}, {}), toxic({"insult": 0.5}, {"insult": 0.9})
    counts = {
        doubt: [found.count for found in mistakes_of([missed, flagged], doubt, 10)[:2]] for doubt in Doubt
    }  # false alarms and misses
    assert counts == {Doubt.LEFT_OUT: [0, 0], Doubt.NO: [1, 0], Doubt.YES: [0, 1]}


def test_a_missed_frame_is_the_surer_the_higher_the_frame_in_its_place() -> None:
    found = lists(
        framed(["a"], {}, id="niets"),
        framed(["a"], {"b": 0.7}, id="zwak"),
        framed(["a"], {"b": 0.9}, id="sterk"),
        framed([], {"b": 0.8}, id="extra"),
    )
    assert ids(found[Part.FRAMES, False]) == ["sterk", "zwak", "niets"]
    assert ids(found[Part.FRAMES, True]) == ["sterk", "extra", "zwak"]


def test_the_words_that_carried_it_are_shown() -> None:
    text = "Wat een achterlijke idioot"
    found = lists(
        judged(
            Labels(toxicity={}, frames=frozenset()),
            analysis({"insult": 0.9}, {"a": 0.8}, evidence={"insult": ((20, 26), (20, 26)), "a": ((0, 7),)}),
            text=text,
        )
    )
    assert found[Part.TOXICITY, True].shown[0].evidence == ("idioot",)
    assert found[Part.FRAMES, True].shown[0].evidence == ("Wat een",)


def test_no_more_than_asked_are_shown_and_all_are_counted() -> None:
    texts = [toxic({}, {"insult": 0.9}, id=str(number)) for number in range(5)]
    found = lists(*texts, most=2)[Part.TOXICITY, True]
    assert (found.count, ids(found)) == (5, ["0", "1"])
    assert lists(*texts, most=0)[Part.TOXICITY, True].shown == ()


def test_a_text_is_shown_short_on_one_line_and_without_personal_data() -> None:
    assert shown_text("Bel\nmij  op 0470 12 34 56") == "Bel mij op [telefoonnummer]"
    assert len(shown_text("woord " * 1000)) == LONGEST_TEXT
    found = lists(
        judged(
            Labels(toxicity={}),
            analysis({"insult": 0.9}, evidence={"insult": ((0, 13),)}),
            text="0470 12 34 56 is raar",
        )
    )
    assert found[Part.TOXICITY, True].shown[0].evidence == ("[telefoonnummer]",)
