"""The outcome of a calibration in Dutch, for an administrator. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.cli.explain import LABELS
from bot.review.calibrating import Calibration
from bot.thresholds.fitting import NEEDED, NEEDED_UPHELD, Aim, Fit, Point, Why

NOTHING = (
    "Er zijn nog geen beoordeelde reacties om drempels op te ijken. Laat Verbinder eerst een tijd meelezen, en beslis"
    " over de meldingen."
)
_LIMITS = (
    "Wat dit niet kan tonen:",
    "  - Mensen beslisten alleen over wat ze te zien kregen. Wat onder de drempel bleef, zag meestal niemand: hoeveel",
    "    Verbinder mist, staat niet in deze cijfers.",
    "  - Van kaders zijn geen scores onder de drempel bewaard: daar kan alleen een hogere drempel voorgesteld worden.",
    "  - Wie niet antwoordde, vond misschien het kader verkeerd, of gewoon het voorstel.",
)


def in_dutch(found: Calibration, names: Mapping[str, str]) -> str:
    """Return what was looked at, a table for each scorer and for the frames, and what it cannot show."""
    parts = [list(_heading(found))]
    for scorer, fits in found.scorers.items():
        rows = {LABELS.get(label, label): one for label, one in fits.items()}
        parts.append([f"Scorer {scorer}", *_table(rows, found.aim, "terechte beslissingen")])
    rows = {names.get(frame, frame): one for frame, one in found.frames.items()}
    parts.append(["Kaders", *_table(rows, found.aim, "geplaatste antwoorden")])
    parts.append(list(_LIMITS))
    return "\n\n".join("\n".join(part) for part in parts)


def _heading(found: Calibration) -> Iterator[str]:
    aim = found.aim.false_alarms
    yield f"Bekeken: {_count(found.reactions, 'reactie', 'reacties')}."
    yield (
        f"Beslissingen over meldingen: {found.upheld + found.overruled}"
        f" ({found.upheld} terecht, {found.overruled} in orde)."
    )
    yield (
        f"Beslissingen over voorstellen: {found.answered + found.dropped}"
        f" ({found.answered} geplaatst, {found.dropped} niet beantwoord)."
    )
    yield f"Doel: {'het beste evenwicht (F1)' if aim is None else f'hoogstens {_percent(aim)} vals alarm'}."
    if found.measured:
        yield f"Opnieuw gemeten, want van een andere scorer of versie: {found.measured}."
    if found.unmeasured:
        yield f"Niet te meten, en dus niet meegeteld: {found.unmeasured}."
    if found.unreadable:
        yield f"Niet leesbaar in de databank, en dus niet meegeteld: {found.unreadable}."
    if found.other_frames:
        yield f"Beoordeeld met andere kaders, en dus niet meegeteld bij de kaders: {found.other_frames}."


def _table(rows: Mapping[str, Fit], aim: Aim, kind: str) -> Iterator[str]:
    width = max(map(len, rows), default=0)
    for name, found in rows.items():
        proposed = f"→ {_number(found.best.threshold)}" if found.best else "      "
        yield f"  {name.ljust(width)}  {_number(found.now.threshold)} {proposed}  {_why(found, aim, kind)}".rstrip()


def _why(found: Fit, aim: Aim, kind: str) -> str:
    if found.why is Why.TOO_FEW:
        return f"nog te weinig beslissingen: {found.decisions} van {NEEDED}"
    if found.why is Why.TOO_FEW_UPHELD:
        return f"nog te weinig {kind}: {found.upheld} van {NEEDED_UPHELD}"
    now = _quality(found.now, aim)
    if found.why is Why.OUT_OF_REACH:
        return f"geen drempel met genoeg beslissingen haalt het doel; nu {now}"
    if found.best is None:
        return f"blijft: {now}, {found.decisions} beslissingen"
    return f"{now} → {_quality(found.best, aim)}, {found.decisions} beslissingen; {_change(found)}"


def _quality(point: Point, aim: Aim) -> str:
    if aim.false_alarms is None:
        of = point.f1_interval
        return f"F1 {_number(point.f1)} [{_number(of.low)}–{_number(of.high)}]"
    if point.false_alarms is None:
        return "vals alarm onbekend"
    of = point.false_alarms_interval
    return f"vals alarm {_percent(point.false_alarms)} [{_percent(of.low)}–{_percent(of.high)}]"


def _change(found: Fit) -> str:
    if found.more:
        return f"{_count(found.more, 'reactie', 'reacties')} meer"
    return f"{_count(found.fewer, 'reactie', 'reacties')} minder"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}".replace(",", ".")


def _number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _percent(share: float) -> str:
    percent = share * 100
    return f"{percent:.0f}%" if percent >= 1 or percent == 0 else f"{percent:.1f}%".replace(".", ",")
