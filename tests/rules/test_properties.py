"""Whatever stands in the files, and whatever a resident writes: diagnostics or rules, and spans inside the text.

`test_any_bytes` does this for a small rule file; here are the files beside it, the shipped ones with mistakes in them,
and what is judged with the result.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.findings import RuleHit
from bot.rules import RuleSet, check_rules, load_rules
from bot.rules.inputs import Subject
from bot.settings import ROOT
from tests.rules.drawn import NODES, PIECES, SUBJECTS, VOCABULARY
from tests.rules.helpers import file_text, quiet, rule_text
from tests.rules.holding import checked, evaluated
from tests.rules.mutants import Folder, folders, shipped
from tests.rules.test_any_bytes import PIECES as YAML_PIECES

# Text as residents write it, text as nobody does, and both together.
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=12).map(" ".join),
    st.text(st.sampled_from("klotzak0@$!*.-_ \u200b\u0301ｋк🤡ß\x00\ud800"), max_size=60),
)
ANY_BYTES = st.one_of(st.binary(max_size=120), st.lists(YAML_PIECES, max_size=20).map(b"".join))
BESIDE = "lijsten:\n  dieren: {bestand: dieren.txt}\n"
MIRRORS = b'versie: 1\nparen:\n  - zinnen: ["Een aap", "Een beer"]\n    behalve: [dieren]\n    reden: "Zomaar."\n'


def beside(**files: bytes) -> dict[str, bytes]:
    """Return a small town with these files beside its rules."""
    rules = file_text(rule_text("{woorden: '@dieren'}", name="dieren"), head=BESIDE).encode()
    return {"huisregels.yaml": rules, "dieren.txt": b"aap\nbeer\n"} | {
        name.replace("_", "."): raw for name, raw in files.items()
    }


@settings(deadline=None, max_examples=300)
@given(ANY_BYTES, st.integers(0, len(MIRRORS)), st.integers(0, 20))
def test_any_bytes_as_mirrors_are_refused_or_accepted_in_good_order(raw: bytes, start: int, length: int) -> None:
    assert checked(beside(spiegels_yaml=MIRRORS)).ok
    checked(beside(spiegels_yaml=raw))
    checked(beside(spiegels_yaml=MIRRORS[:start] + raw + MIRRORS[start + length :]))


@settings(deadline=None, max_examples=300)
@given(st.one_of(ANY_BYTES, st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_any_bytes_as_a_list_are_refused_or_accepted_in_good_order(raw: bytes) -> None:
    checked(beside(dieren_txt=raw))


@settings(deadline=None, max_examples=100)
@given(folders())
def test_the_shipped_files_with_mistakes_are_refused_or_accepted_in_good_order(folder: Folder) -> None:
    checked(folder.files)


def test_the_shipped_files_without_mistakes_are_accepted() -> None:
    report = checked(shipped())
    assert report.ok
    assert report.warnings == ()


@pytest.fixture(scope="module")
def house_rules() -> RuleSet:
    return load_rules(ROOT / "rules" / "huisregels.yaml", score=quiet)


@settings(deadline=None, max_examples=300)
@given(text=TEXTS)
def test_every_span_of_every_house_rule_lies_inside_the_text(house_rules: RuleSet, text: str) -> None:
    evaluated(house_rules, text)


LISTS = "".join(
    f"  {name}: {{woorden: {json.dumps([*words.terms, *(f'!{term}' for term in words.exceptions)])}}}\n"
    for name, words in VOCABULARY.usable.items()
)


def rule_set(nodes: list[dict[str, Any]]) -> RuleSet | None:
    """Return the rules with these conditions, each with something that it looks for; None where they are refused."""
    whole = [json.dumps({"alle": [node, {"patroon": "."}]}) for node in nodes]
    rules = [rule_text(wanneer, name=f"regel-{number}") for number, wanneer in enumerate(whole)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "huisregels.yaml"
        path.write_text(file_text(*rules, head=f"lijsten:\n{LISTS}"), encoding="utf-8")
        return check_rules(path, score=quiet, prove=False).rule_set


def hits(rules: RuleSet, subject: Subject) -> dict[str, RuleHit]:
    return {hit.id: hit for hit in rules.evaluate(subject.given).hits}


@settings(deadline=None, max_examples=150)
@given(st.lists(NODES, min_size=1, max_size=3), NODES, st.lists(SUBJECTS, min_size=1, max_size=5))
def test_adding_a_rule_never_changes_another_rules_hit(
    nodes: list[dict[str, Any]], added: dict[str, Any], subjects: list[Subject]
) -> None:
    before, after = rule_set(nodes), rule_set([*nodes, added])
    if before is None or after is None:
        return
    for subject in subjects:
        old, new = hits(before, subject), hits(after, subject)
        assert {name: hit for name, hit in new.items() if name in old} == old
        assert new.keys() - old.keys() <= {f"regel-{len(nodes)}"}
