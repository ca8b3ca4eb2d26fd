"""Rules that are well written and still do nothing, or nothing of their own: what reading the file alone can prove.

A rule that can never fire is refused (trap 9). A rule or a part that something else makes idle, and a word that stands
twice, get a warning. Everything said here is certain: what cannot be proved is passed over. Runs no rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.rules.compiling import EVERYWHERE, CompiledRule
from bot.rules.conditions.kanaal import Kanaal
from bot.rules.conditions.patroon import Patroon
from bot.rules.conditions.rol import Rol
from bot.rules.conditions.tijd import Tijd
from bot.rules.diagnostics import Level
from bot.rules.entries import check_entries
from bot.rules.formulas import MOST_COMPARED, Part, Reasoner, TooMuchError, formula, nowhere
from bot.rules.lists import Lists
from bot.rules.narrower import Conditions, lost_letters
from bot.rules.source import Path, SourceTree
from bot.text.normalise import fold


@dataclass(frozen=True, slots=True)
class _Why:
    """Why something never holds or does nothing: the place, the words, and what could be done."""

    path: Path
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """A rule with its conditions as a formula; `around` is what its channels ask."""

    path: Path
    rule: CompiledRule
    conditions: Part
    around: tuple[Part, ...]

    @property
    def whole(self) -> Part:
        return Part("alle", self.path, (*self.around, self.conditions)) if self.around else self.conditions


def check_soundness(
    tree: SourceTree,
    rules: Sequence[tuple[Path, CompiledRule]],
    lists: Lists,
    *,
    default_channels: Path = (),
    most: int = MOST_COMPARED,
) -> None:
    """Add to `tree` what is idle in `rules`, each with its path. The file is free of other errors.

    `default_channels` is where the channels of a rule without its own stand. After `most` comparisons it says that the
    file is too large for the rest.
    """
    _Soundness(tree, lists, Reasoner(Conditions(lists), most=most)).look(
        [_taken_apart(path, rule, default_channels) for path, rule in rules if rule.status != "uitgefaseerd"]
    )


def _taken_apart(path: Path, rule: CompiledRule, default_channels: Path) -> _Rule:
    around: tuple[Part, ...] = ()
    if EVERYWHERE not in rule.channels:
        place = default_channels if rule.written.kanalen is None else (*path, "kanalen")
        around = (Part("is", place, spec=Kanaal.model_construct(kanalen=rule.channels)),)
    return _Rule(path, rule, formula(rule.written.wanneer, (*path, "wanneer")), around)


class _Soundness:
    """One look at one file."""

    def __init__(self, tree: SourceTree, lists: Lists, reasoner: Reasoner) -> None:
        self._tree = tree
        self._lists = lists
        self._reasoner = reasoner

    def look(self, rules: Sequence[_Rule]) -> None:
        check_entries(self._tree, self._lists, [(rule.path, rule.rule.written) for rule in rules])
        try:
            self._compare(rules)
        except TooMuchError:
            self._warn(
                ("regels",),
                "er staat te veel in dit bestand om na te kijken wat elkaar overbodig maakt",
                hint="de rest is wel nagekeken",
            )

    def _compare(self, rules: Sequence[_Rule]) -> None:
        alive = []
        for one in rules:
            why = self._never(one.conditions, one.around)
            if why is not None:
                level = Level.ERROR if one.rule.runs else Level.WARNING
                self._tree.at(
                    why.path, f"regel `{one.rule.id}` kan nooit afgaan: {why.text}", hint=why.hint, level=level
                )
                continue
            alive.append(one)
            self._letters(one.conditions)
            for idle in self._idle(one.conditions, one.around):
                self._warn(idle.path, f"dit deel doet niets: {idle.text}", hint="haal het weg, of verander het")
        self._swallowed([one for one in alive if one.rule.status == "actief"])

    def _warn(self, path: Path, message: str, *, hint: str = "") -> None:
        self._tree.at(path, message, hint=hint, level=Level.WARNING)

    def _line(self, path: Path) -> int:
        while path not in self._tree.values and path:
            path = path[:-1]
        return self._tree.values[path][0] + 1

    def _letters(self, part: Part) -> None:
        """Warn of letters in patterns that are never in what the pattern is compared with."""
        for inner in part.parts:
            self._letters(inner)
        if isinstance(part.spec, Patroon):
            for letter in lost_letters(part.spec):
                self._warn(
                    part.path,
                    f"een patroon vindt nooit een `{letter}`: het zoekt in de tekst zonder accenten",
                    hint=f"schrijf `{fold(letter)}` in de plaats",
                )

    # ── never ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _never(self, part: Part, around: Sequence[Part]) -> _Why | None:
        """Return why `part` can never hold where all of `around` hold; None where it may."""
        if part.kind == "een":
            if all(self._never(option, around) for option in part.parts):
                return _Why(part.path, "geen enkel deel van deze groep kan kloppen")
            return None
        together = part.parts if part.kind == "alle" else (part,)
        for one in together:
            if self._reasoner.is_impossible(one):
                return self._impossible(one)
        last = nowhere((*around, *together))
        if last is not None:
            return self._left_nowhere(last)
        for number, one in enumerate(together):
            others = (*around, *together[:number])
            clashing = next((other for other in others if self._reasoner.clash(one, other)), None)
            if clashing is not None:
                return self._clashing(one, clashing)
            if one.kind == "een":
                why = self._never(one, (*others, *together[number + 1 :]))
                if why is not None:
                    return why
        return None

    def _impossible(self, part: Part) -> _Why:
        if not part.holds:
            return _Why(part.path, "wat hier onder `geen` staat, klopt altijd")
        if isinstance(part.spec, Patroon):
            return _Why(part.path, "een patroon zoekt in de tekst zonder accenten", "schrijf de letters zonder accent")
        hint = "haal bij `behalve` weg wat u wel wilt vinden"
        return _Why((*part.path, "behalve"), "`behalve` laat alles weg wat er gezocht wordt", hint)

    def _left_nowhere(self, part: Part) -> _Why:
        author, moment = isinstance(part.spec, Rol), isinstance(part.spec, Tijd)
        what = "geen schrijver" if author else "geen tijdstip" if moment else "geen kanaal"
        return _Why(part.path, f"zo blijft er {what} over waarbij alles klopt", "zet bij elkaar wat samen mag gelden")

    def _clashing(self, one: Part, other: Part) -> _Why:
        if one.kind == "is" and not one.holds:
            text = f"wat hier onder `geen` staat, klopt altijd als lijn {self._line(other.path)} klopt"
            return _Why(one.path, text, "haal een van beide weg, of maak wat onder `geen` staat nauwer")
        if other.kind == "is" and not other.holds:
            return self._clashing(other, one)
        return _Why(
            one.path,
            f"deze voorwaarde en die op lijn {self._line(other.path)} kloppen nooit samen",
            "zet ze onder `een:` als elk apart genoeg is",
        )

    # ── idle ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _idle(self, part: Part, around: Sequence[Part]) -> Iterator[_Why]:
        """Yield the parts of a group without which it would say the same where all of `around` hold."""
        for number, one in enumerate(part.parts):
            before, after = part.parts[:number], part.parts[number + 1 :]
            if part.kind == "alle":
                around_one = (*around, *before, *after)
                why = self._asked_already(one, around, before, after)
            else:
                around_one = tuple(around)
                why = self._never(one, around) or self._found_already(one, before, after)
            if why is not None:
                yield why
            else:
                yield from self._idle(one, around_one)

    def _asked_already(
        self, one: Part, around: Sequence[Part], before: Sequence[Part], after: Sequence[Part]
    ) -> _Why | None:
        if self._reasoner.is_certain(one):
            text = "deze voorwaarde klopt altijd" if one.holds else "wat hier onder `geen` staat, klopt nooit"
            return _Why(one.path, text)
        for other in (*around, *before, *after):
            stricter = self._reasoner.within(other, one)
            if stricter and (other not in after or not self._reasoner.within(one, other)):
                return _Why(one.path, f"wat op lijn {self._line(other.path)} staat, vraagt al hetzelfde of meer")
        return None

    def _found_already(self, one: Part, before: Sequence[Part], after: Sequence[Part]) -> _Why | None:
        for other in (*before, *after):
            wider = self._reasoner.within(one, other)
            if wider and (other not in after or not self._reasoner.within(other, one)):
                return _Why(one.path, f"wat op lijn {self._line(other.path)} staat, vindt al hetzelfde of meer")
        return None

    # ── swallowed ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _swallowed(self, rules: Sequence[_Rule]) -> None:
        by_severity: Mapping[int, list[tuple[int, _Rule]]] = _by_severity(rules)
        for number, one in enumerate(rules):
            for severity in sorted(by_severity):
                if severity < one.rule.severity:
                    continue
                other = self._swallower(number, one, by_severity[severity])
                if other is not None:
                    self._warn(
                        (*one.path, "id"),
                        f"regel `{one.rule.id}` voegt niets toe: wat zij vindt, vindt `{other.rule.id}` op lijn "
                        f"{self._line((*other.path, 'id'))} ook, en die doet minstens evenveel",
                        hint="voeg ze samen, of geef een van beide andere voorwaarden of gevolgen",
                    )
                    break

    def _swallower(self, number: int, one: _Rule, others: Iterable[tuple[int, _Rule]]) -> _Rule | None:
        for other_number, other in others:
            if other is one or not one.rule.effects <= other.rule.effects:
                continue
            if not self._reasoner.within(one.whole, other.whole):
                continue
            equal = other.rule.severity == one.rule.severity and other.rule.effects == one.rule.effects
            if other_number < number or not (equal and self._reasoner.within(other.whole, one.whole)):
                return other
        return None


def _by_severity(rules: Sequence[_Rule]) -> dict[int, list[tuple[int, _Rule]]]:
    grouped: dict[int, list[tuple[int, _Rule]]] = {}
    for number, one in enumerate(rules):
        grouped.setdefault(int(one.rule.severity), []).append((number, one))
    return grouped
