"""Any bytes as a rule file give diagnostics or a rule set, and never another exception."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import RuleFileError
from bot.rules import check_rules, load_rules
from tests.rules.helpers import file_text, quiet, rule_text

GOOD = file_text(
    rule_text("{alle: [{woorden: '@dieren'}, {geen: [{rol: medewerker}]}, {patroon: 'a+'}]}"),
    head="lijsten: {dieren: {woorden: [aap]}}\n",
    tail="kaders:\n  - {id: controle, doet: [markeer]}\n",
).encode()

# Pieces that the format gives a meaning to, so that the machine finds its way inside.
PIECES = st.sampled_from(
    [b"regels:\n", b"  - ", b"id: ", b"wanneer: ", b"{", b"}", b"[", b"]", b": ", b"&a ", b"*a", b"!!python/object:os ",
     b"'", b'"', b"|\n", b"\t", b"\r\n", b"\x00", b"\xff", b"---\n", b"? ", b"@", b"<<: ", b"versie: 1\n", b"nee", b"~",
     b"%YAML 1.1\n", "é".encode(), "\u2028".encode(), b"\xef\xbb\xbf", b"woorden: ", b"patroon: '('", b"- - - "]
)  # fmt: skip
ANYTHING = st.one_of(
    st.binary(max_size=200),
    st.lists(PIECES, max_size=30).map(b"".join),
    st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), st.one_of(st.binary(max_size=8), PIECES)).map(
        lambda cut: GOOD[: cut[0]] + cut[2] + GOOD[cut[0] + cut[1] :]
    ),
)


@settings(deadline=None, max_examples=300)
@given(ANYTHING)
def test_any_bytes_are_refused_or_accepted_in_good_order(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "regels.yaml"
        path.write_bytes(raw)
        report = check_rules(path, score=quiet)
    assert report.ok == (not report.diagnostics)
    assert all(d.line >= 1 and d.column >= 1 and d.message for d in report.diagnostics)
    assert report.render().isprintable() or "\n" in report.render()


@pytest.mark.parametrize(
    "raw",
    [b"[" * 20_000, b"{a: " * 5_000, b"- " * 20_000, b"a: &a [*a]", b"a: &a\n  b: *a", b"&a [" + b"*a," * 1000 + b"]",
     b"\xff\xfe", b"x" * 3_000_000, b"a: !!binary aGk=", b"? ? ? a", b"\xed\xa0\x80"],
    ids=["deep lists", "deep maps", "deep dashes", "itself", "itself below", "bomb", "utf-16", "large", "tag", "keys",
         "a surrogate in bytes"],
)  # fmt: skip
def test_hostile_files_are_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "regels.yaml"
    path.write_bytes(raw)
    with pytest.raises(RuleFileError):
        load_rules(path, score=quiet)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "weg.yaml", tmp_path):
        with pytest.raises(RuleFileError, match="het bestand"):
            load_rules(path, score=quiet)


def test_the_good_file_is_good(tmp_path: Path) -> None:
    path = tmp_path / "regels.yaml"
    path.write_bytes(GOOD)
    assert len(load_rules(path, score=quiet).rules) == 1


def test_an_anchor_that_stands_twice_is_told_as_an_anchor(tmp_path: Path) -> None:
    path = tmp_path / "regels.yaml"
    path.write_bytes(b"versie: &a 1\nregels: &a []\n")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        report = check_rules(path, score=quiet)
    assert told == []
    assert sum("verwijzingen met & en *" in problem.message for problem in report.diagnostics) == 2
