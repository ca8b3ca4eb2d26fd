"""What holds of the check of any files whatever, and of the evaluation of any text: shared by tests and the fuzzer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from bot.rules import RuleInput, RuleSet, RulesReport, check_rules
from bot.rules.files import RuleFiles
from bot.rules.source import LONGEST_FILE
from bot.text.language import detect
from tests.rules.helpers import quiet

_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
PATH = Path("/nergens/huisregels.yaml")


def checked(files: Mapping[str, bytes]) -> RulesReport:
    """Check files that lie nowhere on the disk; fail where what comes back is not in order."""
    text = files["huisregels.yaml"]
    report = check_rules(PATH, score=quiet, files=RuleFiles(PATH, text=text, beside=files, alone=True))
    assert report.ok == (not report.diagnostics)
    rendered = report.render()
    for diagnostic in (*report.diagnostics, *report.warnings):
        assert diagnostic.line >= 1
        assert diagnostic.column >= 1
        assert diagnostic.message.strip()
        assert diagnostic.source == _line_of(files, diagnostic.file, diagnostic.line)
        assert f":{diagnostic.line}:{diagnostic.column}: {diagnostic.level}: " in rendered
    assert report.counts.get("spiegels_gelijk", 0) <= report.counts.get("spiegels", 0)
    return report


def _line_of(files: Mapping[str, bytes], file: str, number: int) -> str:
    """Return a line of a file as a diagnostic shows it: as an editor counts lines, nothing past the end."""
    raw = files.get(str(Path(file).relative_to(PATH.parent)), b"")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
    if file.endswith(".txt"):
        lines = [line.split("#", 1)[0].strip() for line in text.splitlines()]
    else:
        lines = _BREAK.split(text) if len(raw) <= LONGEST_FILE else []
    return lines[number - 1] if number <= len(lines) else ""


def evaluated(rules: RuleSet, text: str) -> set[str]:
    """Evaluate a text; fail where a span lies outside of it. Return the rules that fire."""
    result = rules.evaluate(RuleInput.of(text, language=detect(text), scores=quiet(text)))
    for hit in result.hits:
        assert all(0 <= start < end <= len(text) for start, end in hit.spans)
        assert list(hit.spans) == sorted(set(hit.spans))
    assert not result.not_evaluated.keys() & {hit.id for hit in result.hits}
    return {hit.id for hit in result.hits}
