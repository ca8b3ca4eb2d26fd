"""Conditions and messages drawn by hypothesis: few words and few values, so that what is drawn meets often."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.core.messages import SAME_AUTHOR, AuthorRole, Recent
from bot.rules import RuleInput
from bot.rules.inputs import Subject
from bot.rules.lists import Lists, make_list

VOCABULARY = Lists({
    "kort": make_list("kort", ["aap", "beer"]),
    "lang": make_list("lang", ["aap", "beer", "kameel", "grote aap"]),
    "met": make_list("met", ["aap", "beren", "!beer", "!grote aap"]),
})  # fmt: skip
WORDS = ["aap", "beer", "grote aap", "@kort", "@met", "apen"]
PHRASES = ["grote aap", "grote …1 aap", "grote … aap|beer", "grote @kort", "grote @met", "aap", "@kort", "@met"]


def some(values: list[Any], most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)


YES_NO = st.sampled_from(["ja", "nee"])
BEHALVE = st.one_of(
    st.just({}),
    st.builds(lambda v: {"behalve": v}, some(["beer", "grote aap", "@kort", "grote|kleine aap", "grote …1 aap"], 2)),
)
KINDS: list[st.SearchStrategy[dict[str, Any]]] = [
    st.builds(
        lambda words, forms, parts, out: {
            "woorden": {"lijst": words, "verbuigingen": forms, "samenstellingen": parts, **out}
        },
        some(WORDS), YES_NO, YES_NO, BEHALVE,
    ),
    st.builds(lambda words, out: {"zinnen": {"lijst": words, **out}}, some(PHRASES), BEHALVE),
    st.builds(lambda label, bound: {"toxiciteit": {"label": label, "vanaf": str(bound)}},
              st.sampled_from(["insult", "threat"]), st.sampled_from([0.2, 0.5, 0.8])),
    st.builds(lambda n, out, to: {"links": {"minstens": str(n), **out, **to}}, st.integers(1, 2),
              st.one_of(st.just({}), st.builds(lambda v: {"behalve": v}, some(["stad.be", "www.stad.be", "x.com"]))),
              st.one_of(st.just({}), st.builds(lambda v: {"naar": v}, some(["stad.be", "A.stad.be", "x.com"])))),
    st.builds(lambda kinds, out: {"persoonsgegevens": {"soorten": kinds, **out}},
              some(["telefoonnummer", "e-mailadres"]),
              st.one_of(st.just({}), st.just({"behalve": ["@stad.be"]}), st.just({"behalve": ["a@stad.be"]}))),
    st.builds(lambda share, n: {"schreeuwen": {"aandeel": str(share), "minstens": str(n)}},
              st.sampled_from([0.3, 0.7]), st.sampled_from([2, 9])),
    st.builds(lambda v: {"bijlage": v}, st.one_of(st.just("elke"), some(["exe", "photo", "image"]))),
    st.builds(lambda n, m, w: {"herhaling": {"keer": str(n), "binnen": m, "minstens": str(w)}},
              st.integers(2, 3), st.sampled_from(["1 minuut", "1 uur"]), st.integers(1, 2)),
    st.builds(lambda n, m, w: {"overval": {"auteurs": str(n), "binnen": m, "minstens": str(w)}},
              st.integers(2, 3), st.sampled_from(["1 minuut", "1 uur"]), st.integers(1, 2)),
    st.builds(lambda n, m: {"stortvloed": {"berichten": str(n), "binnen": m}},
              st.integers(2, 3), st.sampled_from(["1 minuut", "1 uur"])),
    st.builds(lambda v: {"rol": v}, some(["bewoner", "medewerker", "gemeente"])),
    st.builds(lambda v: {"kanaal": v}, some(["telegram", "discord"])),
    st.builds(lambda v: {"draad": v}, some(["1", "2"])),
    st.builds(lambda v: {"taal": v}, some(["nl", "fr"])),
    st.builds(lambda v: {"eerste_bericht": v}, YES_NO),
    st.builds(lambda v: {"patroon": v}, st.sampled_from(["aap", "gr.te", "be+r", "gróte"])),
    st.builds(lambda days: {"tijd": {"dagen": days}}, some(["ma", "za", "zo"])),
    st.builds(lambda a, b, days: {"tijd": {"van": a, "tot": b, **days}}, st.sampled_from(["00:00", "08:00", "22:00"]),
              st.sampled_from(["06:00", "12:00", "24:00"]), st.sampled_from([{}, {"dagen": ["zo"]}])),
]  # fmt: skip
LEAVES = st.one_of(KINDS)
# Two of one kind: only these can be within each other.
PAIRS = st.one_of([st.tuples(kind, kind) for kind in KINDS] + [st.tuples(KINDS[1], KINDS[0])] * 2)
NODES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda kind, parts: {kind: parts},
        st.sampled_from(["alle", "een", "geen"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=5,
)
PIECES = ["aap", "apen", "beer", "grote aap", "grote", "kleine", "de", "een", "kameel", "apenkot", "klootzak", "a.a.p",
          "aaaap", "k*meel", "GROTE APEN", "beren", "gróte beer", "niet", ". De", "https://www.stad.be/x",
          "http://a.stad.be", "x.com", "0475 12 34 56", "a@stad.be", "b@stad.be", "klootzakken", "b33r"]  # fmt: skip
AGES = st.sampled_from([timedelta(seconds=5), timedelta(minutes=10), timedelta(hours=3)])
SUBJECTS = st.builds(
    lambda text, language, scores, role, channel, thread, attachments, recently, moment: Subject.of(
        RuleInput.of(text, language=language, scores=scores, role=role, channel=channel, thread_id=thread,
                     attachments=tuple(attachments), recent=recently, moment=moment)
    ),
    st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join),
    st.sampled_from(["nl", "fr", "und"]),
    st.one_of(st.none(), st.builds(lambda a, b: {"insult": a, "threat": b}, st.floats(0, 1), st.floats(0, 1)),
              st.builds(lambda a: {"insult": a}, st.floats(0, 1))),
    st.sampled_from(list(AuthorRole)),
    st.sampled_from(["telegram", "discord", "demo"]),
    st.sampled_from([None, "1", "2"]),
    some(["a.exe", "photo", "image/png"]).filter(lambda v: len(v) < 3),
    st.builds(lambda own, alike, first: Recent(tuple(own), tuple(alike), first), st.lists(AGES, max_size=3),
              st.lists(st.tuples(st.sampled_from([SAME_AUTHOR, "x", "y", "z"]), AGES), max_size=4),
              st.sampled_from([None, True, False])),
    st.one_of(st.none(), st.datetimes(datetime(2024, 1, 1), datetime(2024, 1, 8))),  # noqa: DTZ001  the town's own clock
)  # fmt: skip
