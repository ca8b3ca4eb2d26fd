"""An analysis in Dutch, for the person who asked. Pure; shows text as text, whatever it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bot.core.analysis import Analysis
from bot.core.findings import RuleHit, Span, Tension, Tone

_LANGUAGES = {"nl": "Nederlands", "fr": "Frans", "en": "Engels", "de": "Duits", "und": "onbekend"}
LABELS = {
    "toxicity": "kwetsende taal",
    "severe_toxicity": "zwaar kwetsende taal",
    "obscene": "grove taal",
    "identity_attack": "aanval op een groep",
    "insult": "belediging",
    "threat": "bedreiging",
    "sexual_explicit": "seksuele taal",
}
_TONES: Mapping[Tone, str] = {
    Tone.QUESTION: "een vraag",
    Tone.WORRY: "een zorg of twijfel",
    Tone.CRITICISM: "kritiek",
    Tone.HOSTILE: "vijandig",
    Tone.CONNECTING: "verbindend",
    Tone.NEUTRAL: "neutraal",
}
_TENSIONS: Mapping[Tension, str] = {
    Tension.NONE: "geen",
    Tension.CONFLICT: "een conflict over iets concreets",
    Tension.IDEOLOGICAL: "verschil van mening (ideologisch)",
    Tension.AFFECTIVE: "wij tegen zij (affectief)",
}
_WORTH_NAMING = 0.1  # a score below this says nothing
_LONGEST_QUOTE = 60  # characters


def in_dutch(text: str, analysis: Analysis) -> str:
    """Return what Verbinder thinks of `text`, the outcome first and the reasons after it."""
    return "\n".join([*_outcome(analysis), "", *_reasons(analysis), *_findings(text, analysis), *_replies(analysis)])


def printable(text: str) -> str:
    """Return `text` on one line, with a dot for what would move a cursor or change a terminal."""
    return "".join(character if character.isprintable() else "·" for character in text)


def _outcome(analysis: Analysis) -> Iterator[str]:
    decision = analysis.decision
    if decision.alert:
        severity = f" (ernst: {decision.severity.label})" if decision.severity else ""
        yield f"Dit wordt een melding voor een moderator{severity}."
    if decision.propose_removal:
        yield "Verbinder stelt voor om dit te verwijderen; een mens beslist."
    if decision.suggest_reply:
        yield "Een antwoord is de moeite: community managers krijgen een voorstel."
    if not (decision.alert or decision.suggest_reply):
        yield "Hier hoeft niemand iets mee te doen."


def _reasons(analysis: Analysis) -> Iterator[str]:
    if analysis.decision.reasons:
        yield "Waarom:"
        yield from (f"  - {printable(reason)}" for reason in analysis.decision.reasons)
        yield ""


def _findings(text: str, analysis: Analysis) -> Iterator[str]:
    yield "Wat Verbinder zag:"
    yield f"  Taal: {_LANGUAGES.get(analysis.language, analysis.language or 'onbekend')}"
    yield from _rules(text, analysis)
    yield f"  Toxiciteit: {_toxicity(text, analysis)}"
    yield from _scorers(analysis)
    if analysis.framing.error is not None:
        yield f"  Kaders: niet beoordeeld ({analysis.framing.error})"
        return
    frames = [
        f"{hit.id.replace('_', ' ')} ({_number(hit.score)}){_quotes(text, hit.evidence)}"
        for hit in analysis.framing.frames
    ]
    yield f"  Kaders: {'; '.join(frames) or 'geen'}"
    yield f"  Toon: {_TONES[analysis.framing.tone]}"
    yield f"  Spanning: {_TENSIONS[analysis.framing.tension]}"
    values = [value.replace("_", " ") for value in analysis.framing.values]
    yield f"  Waarden: {', '.join(values) or 'geen'}"


def _rules(text: str, analysis: Analysis) -> Iterator[str]:
    hits = analysis.rules.hits
    if not hits and not analysis.rules.not_evaluated:
        yield "  Huisregels: geen"
    for hit in hits:
        yield f"  Huisregel {_rule(hit)}{_quotes(text, hit.spans)}"
    for name, why in analysis.rules.not_evaluated.items():
        yield f"  Huisregel {name}: niet beoordeeld ({why})"


def _rule(hit: RuleHit) -> str:
    status = "" if hit.active else f", {hit.status}"
    return f"{hit.id}: {printable(hit.title)} (ernst: {hit.severity.label}{status})"


def _toxicity(text: str, analysis: Analysis) -> str:
    result = analysis.toxicity
    by = f"volgens {result.scorer} {result.version}"
    if result.error is not None:
        return f"niet beoordeeld ({result.error})"
    named = _scores(result.scores, result.flags)
    marked = "; * = boven de drempel" if result.flags else ""
    spans = dict.fromkeys(span for label in result.flags for span in result.evidence.get(label, ()))
    return f"{', '.join(named) or 'niets'} ({by}{marked}){_quotes(text, tuple(spans))}"


def _scorers(analysis: Analysis) -> Iterator[str]:
    """Say what each of several scorers measured, and on what they contradict each other."""
    result = analysis.toxicity
    for part in result.parts:
        said = (
            f"niet beoordeeld ({part.error})" if part.error else ", ".join(_scores(part.scores, part.flags)) or "niets"
        )
        yield f"    {part.scorer}{'' if part.decides else ' (telt niet mee)'}: {printable(said)}"
    if result.disagreement:
        labels = ", ".join(LABELS.get(label, label) for label in result.disagreement)
        yield f"    Ze zijn het niet eens over: {labels}"


def _scores(scores: Mapping[str, float], flags: Collection[str]) -> list[str]:
    return [
        f"{LABELS.get(label, label)} {_number(score)}{' *' if label in flags else ''}"
        for label, score in scores.items()
        if score >= _WORTH_NAMING or label in flags
    ]


def _replies(analysis: Analysis) -> Iterator[str]:
    for number, suggestion in enumerate(analysis.suggestions, 1):
        yield ""
        yield f"Voorstel {number}{f' ({suggestion.approach})' if suggestion.approach else ''}:"
        yield from (f"  {printable(line)}" for line in suggestion.text.splitlines())
        yield from (f"  Let op: {check}" for check in suggestion.checks)


def _quotes(text: str, spans: tuple[Span, ...]) -> str:
    found = dict.fromkeys(printable(text[start:end]) for start, end in spans)
    quoted = [f"“{part[:_LONGEST_QUOTE]}{'…' if len(part) > _LONGEST_QUOTE else ''}”" for part in found if part.strip()]
    return f": {', '.join(quoted)}" if quoted else ""


def _number(score: float) -> str:
    return f"{score:.2f}".replace(".", ",")
