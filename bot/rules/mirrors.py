"""Neutrality: pairs of sentences that are each other's mirror, and rules that treat them alike.

The pairs stand in `spiegels.yaml` beside the rule file: the same words about another group, or for the opposite view. A
rule that fires on one of a pair and not on the other judges who is spoken of, not what is said. Circumstances (who
wrote it, where, when) play no part: they are unknown, so a rule for one channel is looked at as well.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from bot.rules.compiling import CompiledRule, compile_text
from bot.rules.conditions.base import OneOrMore, Text
from bot.rules.conditions.toxiciteit import Toxiciteit
from bot.rules.diagnostics import Level
from bot.rules.files import MIRRORS_FILE, FileError, MissingFileError, RuleFiles
from bot.rules.inputs import RuleInput, Subject
from bot.rules.lists import Lists
from bot.rules.model import NodeBase
from bot.rules.registry import COMBINATIONS
from bot.rules.source import SourceTree, read_source
from bot.rules.verdicts import Check, Verdict
from bot.rules.wording import worded
from bot.text.language import detect

MOST_PAIRS = 1000
LONGEST_SENTENCE = 2000  # characters

Scored = Callable[[str], Mapping[str, float] | None]

_Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_SENTENCE)]


class PairEntry(BaseModel):
    """Twee zinnen die elkaars spiegel zijn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    over: Text | None = Field(default=None, description="Waar het verschil over gaat, bijvoorbeeld geloof of taal.")
    zinnen: tuple[_Sentence, ...] = Field(description="De twee zinnen.")
    behalve: OneOrMore = Field(default=(), description="Regels die deze twee zinnen verschillend mogen behandelen.")
    reden: Text | None = Field(default=None, description="Waarom dat mag. Nodig bij `behalve`.")

    @model_validator(mode="after")
    def _agrees(self) -> PairEntry:
        if len(self.zinnen) != 2:
            raise PydanticCustomError("paar", "een paar heeft precies twee zinnen")
        if self.zinnen[0] == self.zinnen[1]:
            raise PydanticCustomError("paar", "de twee zinnen van dit paar zijn dezelfde")
        if bool(self.behalve) != (self.reden is not None):
            raise PydanticCustomError("paar", "`behalve` en `reden` horen samen: zeg waarom een regel mag verschillen")
        return self


class MirrorFile(BaseModel):
    """De spiegelparen van de gemeente."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    versie: Annotated[Literal[1], BeforeValidator(lambda v: 1 if v == "1" else v)] = Field(description="Nu altijd 1.")
    paren: tuple[PairEntry, ...] = Field(min_length=1, max_length=MOST_PAIRS, description="De paren.")


@dataclass(frozen=True, slots=True)
class Mirrors:
    """The pairs of a town; none without the file. `raw` are the bytes of the file, `tree` where everything stands."""

    pairs: tuple[PairEntry, ...] = ()
    raw: bytes | None = None
    tree: SourceTree | None = None


def read_mirrors(files: RuleFiles) -> Mirrors:
    """Return the pairs beside a rule file. What is wrong with them stands in the `problems` of the tree."""
    tree = SourceTree(str(files.path.parent / MIRRORS_FILE))
    try:
        raw = files.read(MIRRORS_FILE)
    except MissingFileError:
        return Mirrors()
    except FileError as error:
        tree.mark(0, 0, str(error))
        return Mirrors((), None, tree)
    tree = read_source(tree.file, raw)
    if tree.data is None:
        return Mirrors((), raw, tree)
    try:
        pairs = MirrorFile.model_validate(tree.data).paren
    except ValidationError as error:
        for item in error.errors(include_url=False):
            if item["type"] == "too_short" and item["input"]:
                continue  # its elements are wrong and reported one by one; the list is not empty
            message, hint, on_key = worded(item, _schema())
            tree.at(tuple(step for step in item["loc"] if step != "[key]"), message, hint=hint, on_key=on_key)
        return Mirrors((), raw, tree)
    _find_doubles(pairs, tree)
    return Mirrors(pairs, raw, tree)


@cache
def _schema() -> Mapping[str, Any]:
    return MirrorFile.model_json_schema()


def _find_doubles(pairs: Sequence[PairEntry], tree: SourceTree) -> None:
    first: dict[frozenset[str], int] = {}
    for number, pair in enumerate(pairs):
        known = first.setdefault(frozenset(pair.zinnen), number)
        if known != number:
            line = tree.values[("paren", known)][0] + 1
            tree.at(("paren", number), f"dit paar staat er al, op lijn {line}", hint="haal een van beide weg")


def check_names(mirrors: Mirrors, names: Collection[str]) -> None:
    """Report rules that a pair names and that are none of `names`, present or former."""
    if mirrors.tree is None:
        return
    for number, pair in enumerate(mirrors.pairs):
        for place, name in enumerate(pair.behalve):
            if name not in names:
                close = difflib.get_close_matches(name, names, n=1)
                hint = f"bedoelt u `{close[0]}`?" if close else "kies de `id` van een regel in het regelbestand"
                # A rule that is not there differs in nothing: no reason to refuse the whole file.
                at = ("paren", number, "behalve", place)
                mirrors.tree.at(at, f"er is geen regel met de naam `{name}`", hint=hint, level=Level.WARNING)


class Neutrality:
    """Looks at the rules of one file with the pairs of one town. What differs goes to the tree of the pairs."""

    def __init__(self, mirrors: Mirrors, lists: Lists, scored: Scored) -> None:
        self._mirrors = mirrors
        self._lists = lists
        self._scored = scored

    def look(self, rules: Sequence[CompiledRule], former: Mapping[str, str]) -> int:
        """Return how many pairs all rules treat alike. `former` maps former names of rules to the present ones."""
        tree = self._mirrors.tree
        if tree is None:
            return 0
        running = [rule for rule in rules if rule.status != "uitgefaseerd"]
        judged = [(rule, compile_text(rule.written.wanneer, self._lists)) for rule in running]
        return sum(
            self._alike(number, pair, judged, frozenset(former.get(name, name) for name in pair.behalve))
            for number, pair in enumerate(self._mirrors.pairs)
        )

    def _alike(
        self, number: int, pair: PairEntry, judged: Iterable[tuple[CompiledRule, Check]], excepted: frozenset[str]
    ) -> bool:
        assert self._mirrors.tree is not None
        subjects = tuple(map(self._subject, pair.zinnen))
        alike = True
        for rule, check in judged:
            if rule.id in excepted:
                continue
            verdicts = tuple(map(check, subjects))
            place = 0 if _rank(verdicts[0]) > _rank(verdicts[1]) else 1
            if _reads_scores(rule.written.wanneer) and any(subject.given.scores is None for subject in subjects):
                message, hint = f"regel `{rule.id}` kon dit paar niet beoordelen: er zijn geen toxiciteitsscores", ""
            elif _rank(verdicts[0]) != _rank(verdicts[1]):
                message, hint = _difference(rule, pair, place, verdicts[place])
            else:
                continue
            alike = False
            level = Level.ERROR if rule.status == "actief" else Level.WARNING
            self._mirrors.tree.at(("paren", number, "zinnen", place), message, hint=hint, level=level)
        return alike

    def _subject(self, text: str) -> Subject:
        return Subject.of(RuleInput.of(text, language=detect(text), scores=self._scored(text)))


def _reads_scores(node: NodeBase) -> bool:
    if node.key in COMBINATIONS:
        return any(map(_reads_scores, node.value))
    return isinstance(node.value, Toxiciteit)


def _rank(verdict: Verdict) -> int:
    """Return the place in the order no < unknown < yes; unknown is what the circumstances decide."""
    return 1 if verdict.fired is None else 2 * verdict.fired


def _difference(rule: CompiledRule, pair: PairEntry, place: int, verdict: Verdict) -> tuple[str, str]:
    text, mirror = pair.zinnen[place], pair.zinnen[1 - place]
    found = ", ".join(f"`{text[start:end]}`" for start, end in verdict.spans[:3])
    because = f" (door {found})" if found else ""
    mend = f"maak de regel even streng voor allebei, of zet bij dit paar `behalve: [{rule.id}]` en een `reden`"
    return (
        f"regel `{rule.id}` gaat af bij deze zin{because}, en bij haar spiegel niet",
        f"de spiegel is “{mirror}”; {mend}",
    )
