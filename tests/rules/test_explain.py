"""Why a rule fires or does not: always the verdict of `evaluate`, with a reason that holds, for every condition."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.findings import Effect, Severity
from bot.core.messages import AuthorRole, Recent
from bot.rules import RuleInput, RuleSet, load_rules
from bot.rules.examples import input_of
from bot.rules.explain import Part, RuleExplanation, explain
from bot.rules.inputs import Subject
from bot.rules.model import Example
from bot.rules.moments import parse_moment
from bot.rules.reasons import REASONS
from bot.rules.registry import CONDITIONS
from bot.settings import ROOT
from bot.toxicity.registry import build_scorer
from tests.rules.helpers import QUIET, file_text, loaded, quiet, rule_text

LISTS = "lijsten: {scheldwoorden: {woorden: [klootzak, vlerk, '!klootzakmeier']}, dieren: {woorden: [aap]}}\n"


def told(tmp_path: Path, wanneer: str, said: Mapping[str, Any] | str, *, scores: Any = QUIET) -> RuleExplanation:
    """Explain one rule on one text."""
    rules = loaded(tmp_path, rule_text(wanneer), head=LISTS)
    (found,) = explain(rules, input_of(Example.model_validate(said), scores)).rules
    return found


@cache
def shipped() -> tuple[RuleSet, Any]:
    scorer = build_scorer("embedded")
    score = lambda text: scorer.score([text])[0].scores  # noqa: E731
    return load_rules(ROOT / "rules" / "huisregels.yaml", score=score), score


def agrees(rules: RuleSet, what: RuleInput) -> None:
    """Assert that the explanation is what the rules do."""
    explanation, result = explain(rules, what), rules.evaluate(what)
    hits = {hit.id: hit for hit in result.hits}
    assert [item.rule.id for item in explanation.rules] == [rule.id for rule in rules.rules]
    for item in explanation.rules:
        hit = hits.get(item.rule.id)
        assert (item.rule.runs and item.here and bool(item.fired)) == (hit is not None), item.rule.id
        assert item.unknown == (item.rule.id in result.not_evaluated), item.rule.id
        assert item.fired is item.rule.check(Subject.of(what)).fired, item.rule.id
        if hit is not None:
            assert item.spans == hit.spans, item.rule.id
        assert item.because, item.rule.id
        for part in parts(item.whole):
            assert part.why.strip(), item.rule.id
            assert all(0 <= start <= end <= len(what.text) for start, end in part.spans)


def parts(part: Part) -> Iterator[Part]:
    yield part
    for inner in part.parts:
        yield from parts(inner)


def test_there_is_a_reason_for_every_condition() -> None:
    assert set(REASONS) == {entry.spec for entry in CONDITIONS.values()}


def test_every_example_that_ships_is_explained_as_it_is_judged() -> None:
    rules, score = shipped()
    examples = [e for rule in rules.rules for e in (*rule.written.voorbeelden.wel, *rule.written.voorbeelden.niet)]
    assert len(examples) > 100
    for example in examples[::7]:
        agrees(rules, input_of(example, score(example.tekst)))


def test_an_example_that_ships_fires_its_own_rule_by_its_explanation() -> None:
    rules, score = shipped()
    for number, rule in enumerate(rules.rules):
        for kind, examples in ((True, rule.written.voorbeelden.wel), (False, rule.written.voorbeelden.niet)):
            for example in examples[:2]:
                item = explain(rules, input_of(example, score(example.tekst))).rules[number]
                assert item.fired is kind, (rule.id, example.tekst, item.because)


LEAVES = st.sampled_from(
    [
        "{woorden: '@dieren'}",
        "{woorden: {lijst: ['@scheldwoorden', lafbek], samenstellingen: ja, behalve: [klootzak]}}",
        "{zinnen: {lijst: ['jij … aap'], behalve: [die aap]}}",
        "{patroon: 'a+p'}",
        "{toxiciteit: {label: insult, vanaf: 0.5}}",
        "{links: {minstens: 2, behalve: [gemeente.be]}}",
        "{persoonsgegevens: {soorten: telefoonnummer, behalve: '03 123 45 67'}}",
        "{schreeuwen: {aandeel: 0.5, minstens: 5}}",
        "{bijlage: exe}",
        "{herhaling: {keer: 2, binnen: 10 minuten}}",
        "{stortvloed: {berichten: 3, binnen: 5 minuten}}",
        "{overval: {auteurs: 2, binnen: 1 uur, minstens: 2}}",
        "{taal: [nl]}",
        "{rol: medewerker}",
        "{kanaal: discord}",
        "{draad: 12}",
        "{tijd: {van: '22:00', tot: '06:00', dagen: [za]}}",
        "{eerste_bericht: ja}",
    ]
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda key, members: f"{{{key}: [{', '.join(members)}]}}",
        st.sampled_from(["alle", "een", "geen"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            ["jij", "aap", "die aap", "klootzak", "klootzakpolitici", "LAFBEK", "k.l.o.o.t.z.a.k", "03 123 45 67",
             "0471 12 34 56", "https://bit.ly/a", "gemeente.be", "\u202e", "é", "\U0001f600", "HALLO IEDEREEN"]
        ),
        max_size=6,
    ).map(" ".join),
)  # fmt: skip
RECENT = st.builds(
    Recent,
    st.lists(st.integers(0, 9).map(lambda minutes: timedelta(minutes=minutes)), max_size=3).map(tuple),
    st.lists(
        st.tuples(st.sampled_from(["", "b", "c"]), st.integers(0, 90).map(lambda m: timedelta(minutes=m))), max_size=3
    ).map(tuple),
    st.sampled_from([None, True, False]),
)
INPUTS = st.builds(
    lambda text, **more: RuleInput.of(text, **more),
    TEXTS,
    language=st.sampled_from(["nl", "fr", "und"]),
    scores=st.sampled_from([None, {}, {**QUIET, "insult": 0.5}, QUIET]),
    role=st.sampled_from(AuthorRole),
    channel=st.sampled_from(["", "discord", "telegram"]),
    thread_id=st.sampled_from([None, "12", "13"]),
    attachments=st.sampled_from([(), ("foto.exe",), ("photo",)]),
    recent=RECENT,
    moment=st.sampled_from([None, parse_moment("za 23:30"), parse_moment("12:00")]),
)


@settings(deadline=None, max_examples=300)
@given(TREES, st.sampled_from(["actief", "schaduw", "concept", "uitgefaseerd"]), st.booleans(), INPUTS)
def test_whatever_the_rule_and_the_text_the_explanation_is_what_the_rule_does(
    tmp_path_factory: pytest.TempPathFactory, wanneer: str, status: str, everywhere: bool, what: RuleInput
) -> None:
    # Beside a condition that looks for something, so that any tree may stand there.
    whole = f"{{alle: [{{een: [{wanneer}, {{woorden: zwamneus}}]}}, {{patroon: '.'}}]}}"
    extra = f"    status: {status}\n" + ("" if everywhere else "    kanalen: [discord]\n")
    agrees(loaded(tmp_path_factory.getbasetemp(), rule_text(whole, extra=extra), head=LISTS), what)


@pytest.mark.parametrize(
    ("wanneer", "said", "why"),
    [
        ("{woorden: '@scheldwoorden'}", "Jij kl00tzak!", "woord uit @scheldwoorden gevonden: “kl00tzak”"),
        ("{woorden: '@scheldwoorden'}", "Dag", "geen woord uit @scheldwoorden gevonden"),
        ("{woorden: ['@dieren', '@scheldwoorden']}", "Dag", "geen woord uit @dieren of @scheldwoorden gevonden"),
        ("{woorden: [noot, mies]}", "Dag", "geen van deze woorden gevonden: “noot”, “mies”"),
        (
            "{woorden: {lijst: noot, behalve: [geen noot]}}", "Er is geen noot",
            "“noot” staat er, maar `behalve` laat dat niet meetellen",
        ),
        (
            "{woorden: {lijst: '@scheldwoorden', samenstellingen: ja}}", "De heer Klootzakmeier",
            "“Klootzakmeier” staat er, maar is een uitzondering in de lijst",
        ),
        (
            "{woorden: '@scheldwoorden'}", "Die klootzakpolitici",
            "“klootzakpolitici” bevat zo'n woord, maar `samenstellingen` staat uit",
        ),
        (
            "{woorden: {lijst: noot, verbuigingen: nee}}", "Veel noten",
            "“noten” is een vorm van zo'n woord, maar `verbuigingen` staat uit",
        ),
        ("{zinnen: ['weg met … apen']}", "Weg met al die apen", "zin gevonden: “Weg met al die apen”"),
        ("{zinnen: ['weg met … apen']}", "Dag", "geen van deze zinnen gevonden: “weg met … apen”"),
        (
            "{zinnen: {lijst: ['weg met'], behalve: [weg met de files]}}", "Weg met de files",
            "“Weg met” staat er, maar `behalve` laat dat niet meetellen",
        ),
        ("{patroon: 'lijst [0-9]'}", "Stem Lijst 7", "het patroon past op “Lijst 7”"),
        ("{patroon: 'lijst [0-9]'}", "Dag", "het patroon “lijst [0-9]” past nergens"),
        ("{links: elke}", "Zie bit.ly/a", "1 link gevonden: “bit.ly/a”"),
        ("{links: elke}", "Dag", "er staat geen link in"),
        ("{links: {minstens: 3}}", "bit.ly/a", "1 link telt mee; de regel vraagt er minstens 3"),
        ("{links: {behalve: [dorp.be]}}", "Zie dorp.be", "“dorp.be” telt niet mee: zo'n site mag"),
        ("{links: {naar: [bit.ly]}}", "Zie dorp.be", "“dorp.be” telt niet mee: de regel kijkt alleen naar bit.ly"),
        ("{persoonsgegevens: elke}", "Bel 0471 12 34 56", "telefoonnummer gevonden"),
        ("{persoonsgegevens: telefoonnummer}", "a@b.be", "geen telefoonnummer gevonden"),
        (
            "{persoonsgegevens: {behalve: ['0471 12 34 56']}}", "Bel 0471 12 34 56",
            "er staat een telefoonnummer in dat mag: het staat bij `behalve`",
        ),
        ("{schreeuwen: ja}", "HALLO", "de tekst heeft 5 letters; de regel kijkt vanaf 20"),
        ("{schreeuwen: {minstens: 4}}", "HAllo", "40% van de letters zijn hoofdletters; de regel telt vanaf 70%"),
        ("{bijlage: elke}", "x", "er is geen bijlage"),
        ("{bijlage: elke}", {"tekst": "x", "bijlagen": ["a.jpg"]}, "er is een bijlage bij: “a.jpg”"),
        ("{bijlage: [exe, apk]}", {"tekst": "x", "bijlagen": ["a.jpg"]}, "de bijlage “a.jpg” is geen exe of apk"),
        (
            "{herhaling: {keer: 3, binnen: 10 minuten}}", {"tekst": "koop dit nu", "eerder": {"wie": "zelfde"}},
            "deze persoon schreef dit 2 keer binnen 10 minuten; de regel telt vanaf 3",
        ),
        (
            "{herhaling: {keer: 2, binnen: 10 minuten}}", {"tekst": "dank u", "eerder": {"wie": "zelfde"}},
            "het bericht heeft 2 woorden; de regel telt vanaf 3",
        ),
        (
            "{stortvloed: {berichten: 5, binnen: 1 uur}}", "Dag",
            "deze persoon schreef 1 bericht binnen 1 uur; de regel telt vanaf 5",
        ),
        (
            "{overval: {auteurs: 4, binnen: 1 uur}}", {"tekst": "koop dit nu", "eerder": {"wie": "ander", "aantal": 2}},
            "3 personen schreven dit binnen 1 uur; de regel telt vanaf 4",
        ),
        ("{alle: [{taal: fr}, {woorden: aap}]}", "Wat een mooie aap is dat", "de taal is Nederlands, niet fr"),
        ("{alle: [{rol: gemeente}, {woorden: aap}]}", "aap", "de schrijver is bewoner, niet gemeente"),
        (
            "{alle: [{kanaal: [discord, telegram]}, {woorden: aap}]}", "aap",
            "het kanaal is niet gekend, niet discord of telegram",
        ),
        ("{alle: [{draad: 7}, {woorden: aap}]}", {"tekst": "aap", "draad": "8"}, "het staat in draad 8, niet in 7"),
        ("{alle: [{draad: 7}, {woorden: aap}]}", "aap", "het staat in geen draad, niet in 7"),
        (
            "{alle: [{tijd: {van: '22:00', tot: '06:00', dagen: [vr, za]}}, {woorden: aap}]}",
            {"tekst": "aap", "moment": "12:30"},
            "geschreven op woensdag om 12:30; de regel kijkt van 22:00 tot 06:00 op vrijdag en zaterdag",
        ),
        (
            "{alle: [{tijd: {van: '00:00', tot: '06:00'}}, {woorden: aap}]}", {"tekst": "aap", "moment": "12:30"},
            "geschreven op woensdag om 12:30; de regel kijkt van 00:00 tot 06:00",
        ),
        ("{alle: [{tijd: {dagen: [za]}}, {woorden: aap}]}", "aap", "niet te zeggen: het tijdstip is niet bekend"),
        (
            "{alle: [{eerste_bericht: ja}, {woorden: aap}]}", "aap",
            "het is niet bekend of dit iemands eerste bericht is",
        ),
        (
            "{alle: [{eerste_bericht: ja}, {woorden: aap}]}", {"tekst": "aap", "eerste_bericht": False},
            "deze persoon schreef hier al eerder",
        ),
    ],
)  # fmt: skip
def test_each_condition_says_why_in_plain_words(
    tmp_path: Path, wanneer: str, said: Mapping[str, Any] | str, why: str
) -> None:
    assert told(tmp_path, wanneer, said).because == (why,)


@pytest.mark.parametrize(
    ("score", "fired", "why"),
    [
        (0.42, False, "toxiciteit `insult` is 0,42, onder 0,80"),
        (0.8, True, "toxiciteit `insult` is 0,80, en haalt 0,80"),
        (0.7999, False, "toxiciteit `insult` is 0,7999, onder 0,8000"),
    ],
)
def test_a_score_is_told_beside_its_threshold(tmp_path: Path, score: float, fired: bool, why: str) -> None:
    item = told(tmp_path, "{toxiciteit: {label: insult, vanaf: 0.8}}", "x", scores={**QUIET, "insult": score})
    assert (item.fired, item.because) == (fired, (why,))


def test_a_scorer_that_is_down_leaves_it_unknown_and_says_so(tmp_path: Path) -> None:
    item = told(tmp_path, "{een: [{woorden: aap}, {toxiciteit: {label: insult, vanaf: 0.8}}]}", "x", scores=None)
    assert (item.fired, item.unknown, item.counts) == (None, True, False)
    assert item.because == ("niet te zeggen: er zijn geen toxiciteitsscores",)
    assert item.whole.why == "niet te zeggen: een deel hieronder kon niet bekeken worden"


def test_what_decided_is_told_and_what_did_not_is_left_out(tmp_path: Path) -> None:
    wanneer = "{alle: [{een: [{woorden: aap}, {woorden: noot}]}, {geen: [{rol: gemeente}, {woorden: mies}]}]}"
    assert told(tmp_path, wanneer, "een aap").because == (
        "woord gevonden: “aap”",
        "de schrijver is bewoner, niet gemeente",
        "geen van deze woorden gevonden: “mies”",
    )
    assert told(tmp_path, wanneer, "aap en mies").because == ("woord gevonden: “mies”",)
    assert told(tmp_path, wanneer, "mies").because == (
        "geen van deze woorden gevonden: “aap”",
        "geen van deze woorden gevonden: “noot”",
    )


def test_only_rules_in_force_here_count_in_what_happens_together(tmp_path: Path) -> None:
    doet = itertools.cycle(["[markeer]", "[meld_moderator]", "[stel_verwijderen_voor]", "[stel_antwoord_voor]"])
    statuses = {"a": "actief", "b": "schaduw", "c": "concept", "d": "actief\n    kanalen: [discord]"}
    rules = loaded(
        tmp_path,
        *(
            rule_text("{woorden: aap}", name=name, doet=next(doet), extra=f"    status: {status}\n")
            for name, status in statuses.items()
        ),
    )
    explanation = explain(rules, RuleInput.of("een aap", channel="telegram"))
    assert {item.rule.id for item in explanation.rules if item.counts} == {"a"}
    assert {item.rule.id for item in explanation.rules if item.would} == {"b", "c"}
    assert (explanation.effects, explanation.severity) == (frozenset({Effect.MARK}), Severity.HIGH)


def test_a_shadow_rule_that_nobody_could_judge_raises_no_alarm(tmp_path: Path) -> None:
    toxic = rule_text("{toxiciteit: {label: insult, vanaf: 0.8}}", extra="    status: schaduw\n")
    path = tmp_path / "huisregels.yaml"
    path.write_text(file_text(toxic), encoding="utf-8")
    (item,) = explain(load_rules(path, score=quiet), RuleInput.of("x", scores=None)).rules
    assert (item.fired, item.unknown) == (None, False)
