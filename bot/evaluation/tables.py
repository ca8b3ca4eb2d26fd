"""The report as sentences and tables of words: what a terminal and a page both show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.evaluation import words
from bot.evaluation.calibration import Calibration
from bot.evaluation.confusion import Confusion
from bot.evaluation.items import Part
from bot.evaluation.metrics import ClassFigures, PartFigures, Share
from bot.evaluation.mistakes import shown_name
from bot.evaluation.pairs import PairFigures
from bot.evaluation.report import Report
from bot.evaluation.slices import SliceTable
from bot.evaluation.thresholds import STEPS, Curve, ThresholdPoint
from bot.evaluation.words import class_word, counted, decimal, number

FEW = 20
"""Texts or labels below which a figure says little, whatever it is."""

_CURVE_STEP = 5  # hundredths from one row of a table to the next
NOW = "nu"

LEGEND = (
    "Terecht (precisie): van wat Verbinder aanduidt, hoeveel duiden mensen ook aan.",
    "Gevonden (recall): van wat mensen aanduiden, hoeveel ziet Verbinder.",
    "F1: het gemiddelde van die twee, dat laag is zodra een van beide laag is.",
    "Macro-F1: de gemiddelde F1 van alle soorten die in de labels voorkomen; een zeldzame telt even zwaar mee.",
)
CALIBRATION_NOTE = (
    "Betekent een score wat ze zegt? Van de teksten met een score rond 0,80 zou 80% het label moeten hebben. De kloof"
    " (ECE) is het gemiddelde verschil: hoe dichter bij 0, hoe beter. Kaders hebben alleen een score waar Verbinder ze"
    " zag."
)
CONFUSION_NOTE = "Een rij is wat mensen zeggen, een kolom wat Verbinder zegt."
FRAME_CONFUSION_NOTE = (
    "Een tekst kan meer kaders hebben en dus vaker meetellen. Een gemist kader staat bij elk kader dat in de plaats"
    " kwam, en bij “geen kader” als er geen kwam. Een kader te veel naast de juiste staat in de rij “geen kader”."
)
SLICE_NOTE = (
    "De zwakste staat bovenaan: geordend op het laagste cijfer van de rij. Vals alarm: teksten zonder toxiciteit die"
    " toch een vlag krijgen. Kader te veel: teksten zonder kader die er toch een krijgen."
)
PAIR_NOTE = (
    "Een paar is dezelfde zin over een andere groep. Alleen paren die van mensen dezelfde labels kregen, tellen mee."
)
MISTAKE_NOTE = (
    "Waar Verbinder het zekerst was en mensen het anders zien. Persoonsgegevens zijn vervangen. Lees ze altijd zelf:"
    " soms is het label fout."
)
CURVE_NOTE = (
    "Wat een andere drempel zou doen, op deze teksten. Kies nooit een drempel op dezelfde teksten waarop u meet: het"
    " cijfer valt dan te mooi uit."
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one head for each column; the first cell of a row says what the row is about.

    `marked` are the rows that stand out.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: frozenset[int] = frozenset()


def remarks(report: Report) -> Iterator[str]:
    """Yield what a reader has to know before the figures."""
    yield words.DOUBTS[report.options.doubt] + f" Het zijn er {number(report.arguable)}."
    sampling = report.options.sampling
    yield (
        "Tussen haakjes: daar ligt het echte cijfer met 95% zekerheid tussen"
        f" ({number(sampling.draws)} trekkingen, seed {sampling.seed})."
    )


def warnings(report: Report) -> Iterator[str]:
    """Yield what makes the figures worth less."""
    for part, count in report.not_evaluated.items():
        texts = counted(count, "tekst", "teksten")
        yield f"{words.PARTS[part]}: {texts} kon Verbinder niet beoordelen. Die zitten in geen enkel cijfer hierover."
    if report.repeated:
        texts = counted(report.repeated, "tekst staat", "teksten staan")
        yield f"{texts} er meer dan één keer in. De marges vallen daardoor te smal uit."
    if not any(figures for _, figures in parts(report)):
        yield "Geen enkele tekst heeft `labels`. Er is dus niets om mee te vergelijken."
    elif report.items < FEW:
        yield f"Dit zijn maar {counted(report.items, 'tekst', 'teksten')}. De cijfers zeggen dan weinig."


def parts(report: Report) -> tuple[tuple[Part, PartFigures | None], ...]:
    """Return the parts in the order in which they are told."""
    return (
        (Part.TOXICITY, report.toxicity),
        (Part.FRAMES, report.frames),
        (Part.VALUES, report.values),
        (Part.TONE, report.tone),
        (Part.TENSION, report.tension),
    )


def told(report: Report) -> Iterator[tuple[Part, PartFigures]]:
    """Yield the parts of which there is something to show: a class that people or the program saw."""
    for part, figures in parts(report):
        if figures and shown_classes(figures):
            yield part, figures


def shown_classes(figures: PartFigures) -> tuple[ClassFigures, ...]:
    """Return the classes that occur anywhere."""
    return tuple(found for found in figures.classes if found.support or found.given or found.doubtful)


def summary(report: Report) -> Iterator[tuple[str, str]]:
    """Yield the figures that say it in short: what it is, and the figure."""
    if report.toxic_or_not:
        yield "Kwetsend of niet, macro-F1", words.score(report.toxic_or_not.macro_f1)
    if report.toxicity and report.toxicity.of("identity_attack").support:
        yield "Aanval op een groep, F1", words.score(report.toxicity.of("identity_attack").f1)
    for part, figures in parts(report)[1:]:
        if figures and figures.averaged:
            yield f"{words.PARTS[part]}, macro-F1", words.score(figures.macro_f1)
    yield "Meldingen aan moderatoren", words.of_all(report.alerts, "teksten")
    if report.false_flags:
        yield "Vals alarm", words.of_all(report.false_flags, "teksten zonder toxiciteit kregen een vlag")
    if report.false_frames:
        yield "Kader te veel", words.of_all(report.false_frames, "teksten zonder kader kregen er een")
    if report.pairs and report.pairs.flags.of:
        yield "Paren met andere vlaggen", words.of_all(report.pairs.flags, "paren")


def part_table(part: Part, figures: PartFigures) -> Table:
    """Return a row for each class that occurs, and the average."""
    doubt = any(found.doubtful for found in figures.classes)
    rows = [
        (
            class_word(part, found.name),
            number(found.support),
            number(found.given),
            words.proportion(found.precision),
            words.proportion(found.recall),
            words.score(found.f1),
            *([number(found.doubtful)] if doubt else []),
        )
        for found in shown_classes(figures)
    ]
    average = ("gemiddeld (macro)", "", "", "", "", words.score(figures.macro_f1), *([""] if doubt else []))
    heads = ("soort", "volgens mensen", "volgens Verbinder", "terecht", "gevonden", "F1")
    return Table(
        f"{words.PARTS[part]}: {counted(figures.items, 'tekst', 'teksten')} gemeten",
        (*heads, "weggelaten") if doubt else heads,
        (*rows, average),
        frozenset({len(rows)}),
    )


def confusion_table(confusion: Confusion) -> Table:
    """Return who was taken for what."""
    part, names = confusion.part, confusion.names
    rows = [
        (class_word(part, name), *(number(count) if count else "·" for count in counts))
        for name, counts in zip(names, confusion.counts, strict=True)
    ]
    heads = (r"mensen \ Verbinder", *(class_word(part, name) for name in names))
    return Table(words.PARTS[part], heads, tuple(rows))


def calibration_table(calibration: Calibration) -> Table:
    """Return a row for each stretch of scores."""
    rows = tuple(
        (
            f"{decimal(found.low, 1)} tot {decimal(found.high, 1)}",
            number(found.share.of),
            decimal(found.mean_score),
            words.share(found.share),
        )
        for found in calibration.bins
    )
    count = counted(calibration.items, "score", "scores")
    return Table(
        f"{words.curve_word(calibration.name)}: kloof {decimal(calibration.error)} over {count}",
        ("score", "aantal", "gemiddelde score", "heeft het label"),
        rows,
    )


def curve_table(curve: Curve) -> Table:
    """Return a row for every twentieth and for the threshold in force."""
    now = [at for at, point in enumerate(curve.points) if _holds(curve, point)]
    shown = {at for at, point in enumerate(curve.points) if round(point.threshold * STEPS) % _CURVE_STEP == 0}
    if now and not shown & set(now):
        shown.add(now[len(now) // 2])
    order = sorted(shown)
    rows = tuple(_curve_row(curve.points[at], now=at in now) for at in order)
    return Table(
        f"{words.curve_word(curve.name)}: {counted(curve.support, 'keer', 'keer')} volgens mensen",
        ("drempel", "aangeduid", "terecht", "gevonden", "F1"),
        rows,
        frozenset(place for place, at in enumerate(order) if at in now),
    )


def in_force(curve: Curve) -> str:
    """Return where the threshold in force lies, as far as these texts show it."""
    found = curve.in_force
    if found is None:
        return "De vlaggen volgen hier niet uit één drempel op de score."
    if found.above is None:
        return f"De drempel van nu is ten hoogste {words.exact(found.at_most)}."
    if found.at_most is None:
        return f"De drempel van nu ligt boven {words.exact(found.above)}: geen enkele tekst haalt hem."
    return f"De drempel van nu ligt boven {words.exact(found.above)} en is ten hoogste {words.exact(found.at_most)}."


def slice_table(table: SliceTable) -> Table:
    """Return a row for each value of a slice, the weakest first."""
    rows = tuple(
        (
            shown_name(found.value),
            number(found.items) + (" (weinig)" if found.items < FEW else ""),
            words.score(found.toxicity),
            words.score(found.identity_attack),
            words.score(found.frames),
            words.share(found.false_flags),
            words.share(found.false_frames),
            words.share(found.alerts),
        )
        for found in table.values
    )
    left_out = f" ({counted(table.left_out, 'waarde die', 'waarden die')} zelden voorkomt, is weggelaten)"
    return Table(
        f"{shown_name(table.name)}{left_out if table.left_out else ''}",
        (
            "deel",
            "teksten",
            "kwetsend, F1",
            "aanval op een groep, F1",
            "kaders, macro-F1",
            "vals alarm",
            "kader te veel",
            "meldingen",
        ),
        rows,
    )


def pair_lines(pairs: PairFigures) -> Iterator[str]:
    """Yield how pairs are treated."""
    yield f"{counted(pairs.pairs, 'paar', 'paren')} vergeleken."
    yield f"Andere vlaggen: {_pairs(pairs.flags)}."
    yield f"Andere kaders: {_pairs(pairs.frames)}."
    yield f"De ene tekst wel een melding, de andere niet: {_pairs(pairs.alerts)}."
    if pairs.mean_gap is not None:
        yield f"Gemiddeld verschil in de score voor kwetsend: {decimal(pairs.mean_gap)}."
    if pairs.alone:
        yield f"Bij {counted(pairs.alone, 'paar', 'paren')} is er maar één tekst; dat telt niet mee."


def _pairs(share: Share) -> str:
    return words.of_all(share, "paren") if share.of else "niet te zeggen"


def _curve_row(point: ThresholdPoint, *, now: bool) -> tuple[str, ...]:
    return (
        decimal(point.threshold) + (f" ({NOW})" if now else ""),
        number(point.given),
        words.percent(point.precision),
        words.percent(point.recall),
        decimal(point.f1),
    )


def _holds(curve: Curve, point: ThresholdPoint) -> bool:
    """Tell whether this threshold gives what the one in force gives."""
    found = curve.in_force
    if found is None or found.at_most is None:
        return False
    return (found.above is None or point.threshold > found.above) and point.threshold <= found.at_most
