"""From bytes to a rule set, or to every mistake at once. The only place where a rule file is accepted or refused.

A file is accepted when it reads, validates, compiles, passes its own examples (law 7) and treats the mirrored sentences
beside it alike. Rules that would silently check nothing are refused (trap 9).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from bot.core.errors import RuleFileError
from bot.core.findings import Effect
from bot.rules.compiling import CompiledRule, compile_node, compile_rule, compile_when
from bot.rules.diagnostics import Diagnostic, Level, render_all
from bot.rules.eager import check_eager
from bot.rules.examples import ExampleRunner, FailingExample, Score
from bot.rules.files import RuleFiles
from bot.rules.lists import ListError, Lists, WordList, make_list, read_list
from bot.rules.mirrors import Neutrality, check_names, read_mirrors
from bot.rules.model import Defaults, ListEntry, RuleEntry, RuleFile, Voorwaarde
from bot.rules.registry import COMBINATIONS
from bot.rules.ruleset import RuleSet
from bot.rules.soundness import check_soundness
from bot.rules.source import Path, SourceTree, read_source
from bot.rules.wording import worded


@dataclass(frozen=True, slots=True)
class RulesReport:
    """What checking a rule file gave. `rule_set` is there when nothing is wrong.

    `hash` is of the file and what it is read with, also where that is wrong; empty where nothing could be read.
    `counts` holds rules per status and the number of `voorbeelden`, `lijsten`, `kaders` and `spiegels`: pairs of
    mirrored sentences, of which all rules treat `spiegels_gelijk` alike (0 where something else was wrong first).
    """

    path: FilePath
    diagnostics: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...]
    failing_examples: tuple[FailingExample, ...]
    counts: Mapping[str, int]
    rule_set: RuleSet | None
    hash: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether the file can be used."""
        return self.rule_set is not None

    def render(self) -> str:
        """Return every error and warning, as a person reads them."""
        return render_all([*self.diagnostics, *self.warnings])


def load_rules(
    path: FilePath, *, score: Score, known_frames: Collection[str] = (), files: RuleFiles | None = None
) -> RuleSet:
    """Return the rules in `path`; raise RuleFileError with all diagnostics at once.

    `score` gives toxicity scores for the examples. With `known_frames`, other frames under `kaders:` are refused.
    With `files`, what they give is read instead of what lies on the disk.
    """
    report = check_rules(path, score=score, known_frames=known_frames, files=files)
    if report.rule_set is None:
        raise refusal(report)
    return report.rule_set


def refusal(report: RulesReport) -> RuleFileError:
    """Return the error that shows everything that is wrong with a file."""
    count = len(report.diagnostics)
    heading = f"Het regelbestand {report.path} bevat {count} {'fout' if count == 1 else 'fouten'}:"
    return RuleFileError(
        f"{heading}\n\n{render_all(report.diagnostics)}",
        remedy=f"Verbeter het bestand en kijk het na met: verbinder rules check {report.path}",
    )


def check_rules(
    path: FilePath,
    *,
    score: Score,
    known_frames: Collection[str] = (),
    files: RuleFiles | None = None,
    prove: bool = True,
) -> RulesReport:
    """Return everything that can be said about the rule file in `path`. Raises nothing for a bad file.

    With `files`, what they give is read instead of what lies on the disk. With `prove=False` the file is only read
    and compiled: for a file that was accepted before.
    """
    files = files or RuleFiles(path)
    try:
        raw = files.text()
    except OSError as error:
        reason = "bestaat niet" if isinstance(error, FileNotFoundError) else "kan niet gelezen worden"
        problem = Diagnostic(str(path), 1, 1, f"het bestand {reason}")
        return RulesReport(path, (problem,), (), (), {}, None)
    tree = read_source(str(path), raw)
    if tree.data is None:
        return RulesReport(path, tuple(tree.problems), (), (), {}, None, rules_hash(raw, {}))
    return _Loader(files, raw, tree, score, frozenset(known_frames), prove=prove).report()


def rules_hash(raw: bytes, lists: Mapping[str, WordList], mirrors: bytes | None = None) -> str:
    """Return the SHA-256 of a rule file, its lists and the mirrors: what proves which rules judged."""
    digest = hashlib.sha256(raw)
    for name in sorted(lists):
        digest.update(f"\0{name}\0{len(lists[name].raw)}\0".encode())
        digest.update(lists[name].raw)
    if mirrors is not None:
        digest.update(f"\0\0{len(mirrors)}\0".encode() + mirrors)
    return digest.hexdigest()


class _Loader:
    """One pass over one file. Collects problems in the tree, so that all of them are shown together."""

    def __init__(
        self,
        files: RuleFiles,
        raw: bytes,
        tree: SourceTree,
        score: Score,
        known_frames: frozenset[str],
        *,
        prove: bool,
    ) -> None:
        self._files = files
        self._path = files.path
        self._raw = raw
        self._tree = tree
        self._runner = ExampleRunner(score)
        self._known_frames = known_frames
        self._prove = prove
        self._mirrors = read_mirrors(files)
        self._failing: list[FailingExample] = []
        self._alike = 0

    def report(self) -> RulesReport:
        parsed = self._validate()
        lists = self._lists()
        compiled = self._rules(lists)
        self._names([entry for _, entry, _ in compiled])
        self._frames()
        rules = [rule for _, _, rule in compiled]
        if self._prove and parsed is not None and not self._errors():
            self._examples(compiled)
            placed = [(path, rule) for path, _, rule in compiled]
            check_soundness(self._tree, placed, lists, default_channels=("standaard", "kanalen"))
            check_eager(self._tree, placed, self._runner.scored)
            self._alike = Neutrality(self._mirrors, lists, self._runner.scored).look(rules, _former(parsed))
        rule_set = None
        if parsed is not None and not self._errors():
            rule_set = self._rule_set(parsed, lists, rules)
        problems = sorted(self._problems())
        return RulesReport(
            self._path,
            tuple(problem for problem in problems if problem.level is Level.ERROR),
            tuple(problem for problem in problems if problem.level is Level.WARNING),
            tuple(self._failing),
            self._counts(lists, rules),
            rule_set,
            rules_hash(self._raw, lists.usable, self._mirrors.raw),
        )

    def _problems(self) -> list[Diagnostic]:
        tree = self._mirrors.tree
        return self._tree.problems + (tree.problems if tree is not None else [])

    def _errors(self) -> bool:
        return any(problem.level is Level.ERROR for problem in self._problems())

    def _validate(self) -> RuleFile | None:
        try:
            return RuleFile.model_validate(self._tree.data)
        except ValidationError as error:
            for item in error.errors(include_url=False):
                if item["type"] == "too_short" and item["input"]:
                    continue  # its elements are wrong and reported one by one; the list is not empty
                message, hint, on_key = worded(item)
                self._tree.at(_own_path(item["loc"]), message, hint=hint, on_key=on_key)
            return None

    def _section(self, key: str, kind: type[Any]) -> Any:
        data = self._tree.data
        section = data.get(key) if isinstance(data, dict) else None
        return section if isinstance(section, kind) else kind()

    def _lists(self) -> Lists:
        usable: dict[str, WordList] = {}
        broken: set[str] = set()
        for name, raw_entry in self._section("lijsten", dict).items():
            path: Path = ("lijsten", name)
            try:
                entry = ListEntry.model_validate(raw_entry)
                if entry.bestand:
                    usable[name] = read_list(name, self._files, entry.bestand)
                else:
                    usable[name] = make_list(name, entry.woorden or ())
            except ValidationError:
                broken.add(name)
            except ListError as error:
                broken.add(name)
                self._tree.at((*path, "bestand"), str(error))
        return Lists(usable, frozenset(broken))

    def _rules(self, lists: Lists) -> list[tuple[Path, RuleEntry, CompiledRule]]:
        try:
            defaults = Defaults.model_validate(self._section("standaard", dict))
        except ValidationError:
            defaults = Defaults()
        compiled: list[tuple[Path, RuleEntry, CompiledRule]] = []
        for number, raw_rule in enumerate(self._section("regels", list)):
            path: Path = ("regels", number)
            try:
                entry = RuleEntry.model_validate(raw_rule)
            except ValidationError:
                # Reported by the validation of the whole file. Its conditions may hold further mistakes.
                self._conditions_of(raw_rule, lists, path)
                continue
            rule = compile_rule(entry, lists, self._report, path, status=defaults.status, channels=defaults.kanalen)
            compiled.append((path, entry, rule))
            if rule.runs and not (entry.voorbeelden.wel and entry.voorbeelden.niet):
                self._tree.at(
                    path,
                    f"regel `{entry.id}` heeft geen voorbeelden van wat wel én van wat niet mag afgaan",
                    hint="voorbeelden zijn de test van een regel: voeg `voorbeelden:` toe met `wel:` en `niet:`",
                    level=Level.WARNING,
                )
        return compiled

    def _conditions_of(self, raw_rule: Any, lists: Lists, path: Path) -> None:
        node = raw_rule.get("wanneer") if isinstance(raw_rule, dict) else None
        try:
            compile_when(Voorwaarde.model_validate(node), lists, self._report, (*path, "wanneer"))
        except ValidationError:
            self._parts_of(node, lists, (*path, "wanneer"))

    def _parts_of(self, node: Any, lists: Lists, path: Path) -> None:
        """Look at the parts of a group that is wrong somewhere: the other parts may be wrong too."""
        groups = node if isinstance(node, dict) else {}
        for key in COMBINATIONS:
            children = groups.get(key)
            for number, child in enumerate(children if isinstance(children, list) else []):
                place = (*path, key, number)
                try:
                    compile_node(Voorwaarde.model_validate(child), lists, self._report, place)
                except ValidationError:
                    self._parts_of(child, lists, place)

    def _report(self, path: Path, message: str, hint: str) -> None:
        self._tree.at(path, message, hint=hint)

    def _names(self, entries: list[RuleEntry]) -> None:
        """Refuse a name that two rules bear, now or formerly: findings are kept under these names."""
        seen: set[str] = set()
        for number, raw_rule in enumerate(self._section("regels", list)):
            name = raw_rule.get("id") if isinstance(raw_rule, dict) else None
            if isinstance(name, str) and name in seen:
                self._tree.at(("regels", number, "id"), f"er is al een regel met de naam `{name}`")
            if isinstance(name, str):
                seen.add(name)
        former: set[str] = set()
        for entry in entries:
            for name in entry.vervangt:
                if name in seen or name in former:
                    number = next(i for i, raw in enumerate(self._section("regels", list)) if raw.get("id") == entry.id)
                    self._tree.at(
                        ("regels", number, "vervangt"),
                        f"`{name}` is nog in gebruik of wordt al door een regel vervangen",
                    )
                former.add(name)
        check_names(self._mirrors, sorted(seen | former))

    def _frames(self) -> None:
        seen: set[str] = set()
        for number, frame in enumerate(self._section("kaders", list)):
            name = frame.get("id") if isinstance(frame, dict) else None
            if not isinstance(name, str):
                continue
            if name in seen:
                self._tree.at(("kaders", number, "id"), f"kader `{name}` staat er al")
            if self._known_frames and name not in self._known_frames:
                known = ", ".join(sorted(self._known_frames))
                self._tree.at(
                    ("kaders", number, "id"), f"er is geen kader met de naam `{name}`", hint=f"kies uit {known}"
                )
            seen.add(name)

    def _examples(self, compiled: list[tuple[Path, RuleEntry, CompiledRule]]) -> None:
        for path, entry, rule in compiled:
            if rule.status == "uitgefaseerd":
                continue
            for failing in self._runner.failures(rule, entry, path):
                self._failing.append(failing)
                # A draft may still be wrong: it does not run.
                level = Level.ERROR if rule.runs else Level.WARNING
                self._tree.at(failing.path, failing.why, level=level)

    def _rule_set(self, parsed: RuleFile, lists: Lists, rules: list[CompiledRule]) -> RuleSet:
        frames = {frame.id: frozenset(Effect(effect) for effect in frame.doet) for frame in parsed.kaders}
        return RuleSet(
            path=self._path,
            hash=rules_hash(self._raw, lists.usable, self._mirrors.raw),
            rules=tuple(rules),
            frames=frames,
            replaced=_former(parsed),
            lists=lists.usable,
            mirrors=tuple(pair.zinnen for pair in self._mirrors.pairs),
            files=self._files,
        )

    def _counts(self, lists: Lists, rules: list[CompiledRule]) -> Mapping[str, int]:
        counts = dict.fromkeys(("actief", "schaduw", "concept", "uitgefaseerd"), 0)
        for rule in rules:
            counts[rule.status] += 1
        return {
            **counts,
            "voorbeelden": self._runner.count,
            "lijsten": len(lists.usable),
            "kaders": len(self._section("kaders", list)),
            "spiegels": len(self._mirrors.pairs),
            "spiegels_gelijk": self._alike,
        }


def _former(parsed: RuleFile) -> dict[str, str]:
    """Return the present name of every rule that had another, by the former name."""
    return {former: entry.id for entry in parsed.regels for former in entry.vervangt}


def _own_path(loc: tuple[int | str, ...]) -> Path:
    """Return pydantic's location as a path in the file: pydantic adds `[key]` for a wrong mapping key."""
    return tuple(step for step in loc if step != "[key]")
