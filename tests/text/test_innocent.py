"""Trap 12 on the shipped rules and lists: innocent words and names that look like a term are never found."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rules import RuleInput, RuleSet
from bot.text.normalise import normalise
from bot.text.tokens import tokenise
from bot.text.words import Vocabulary
from tests.rules.helpers import QUIET

FILE = Path(__file__).with_name("innocent.txt")
WORDS = [word for line in FILE.read_text(encoding="utf-8").splitlines() if (word := line.split("#", 1)[0].strip())]
SENTENCES = ("Ik las gisteren iets over {} in het gemeenteblad.", "{}? Wie weet daar meer over?", "DE FOTO'S VAN {}!")
# The lists whose words offend by themselves: the others hold ordinary words, which count only beside something else.
OFFENSIVE = ("scheldwoorden", "scheldnamen", "seksueel")


def fired(rules: RuleSet, text: str) -> list[str]:
    return [hit.id for hit in rules.evaluate(RuleInput.of(text, language="nl", scores=QUIET)).hits if hit.active]


def test_the_list_is_as_long_as_it_has_to_be() -> None:
    assert len(WORDS) >= 300
    assert len(set(WORDS)) == len(WORDS)


@pytest.mark.parametrize("word", WORDS)
def test_no_rule_finds_it_alone_or_in_a_sentence(shipped: RuleSet, word: str) -> None:
    texts = [word, word.upper(), *(sentence.format(word) for sentence in SENTENCES)]
    assert [text for text in texts if fired(shipped, text)] == []


@pytest.mark.parametrize("name", OFFENSIVE)
def test_no_list_finds_any_of_them_even_where_compounds_count(shipped: RuleSet, name: str) -> None:
    found = shipped.lists[name]
    compounds = name == "scheldwoorden"  # as the shipped rule has it
    words = Vocabulary(found.terms, inflections=True, compounds=compounds, exceptions=found.exceptions)
    assert [word for word in WORDS if words.find(tokenise(normalise(word)))] == []


HARD = [
    ("Kankerstadium drie, zei de dokter.", "a stage of an illness"),
    ("In welk kankerstadium krijgt mijn vader die behandeling terugbetaald?", "a stage of an illness"),
    ("Het kankerfonds zamelt zaterdag geld in op de markt.", "a charity"),
    ("Kom op tegen Kanker en de school lopen samen voor het goede doel.", "a charity and a school"),
    ("Hoera, hoeraatje en nog eens hoera voor onze kampioenen!", "joy"),
    ("Hoera! De speeltuin in Hoeilaart is open.", "joy, and a village"),
    ("Het klootschieten op de Klootberg begint om twee uur.", "a sport"),
    ("Wie doet er mee met klootschieten? Inschrijven bij De Kloet.", "a sport, and a name"),
    ("De knikkers van mijn zoon liggen nog in het zand.", "a game"),
    ("Er wordt geknikkerd op de stoep, leuk om te zien.", "a game"),
    ("Een lezing over Dickens, met muziek van Dick Bruna's neef.", "names"),
    ("Scunthorpe speelt zondag tegen Arsenal.", "the place that gave the problem its name"),
    ("Assistent gezocht voor de analyse van het verkeer in Assebroek.", "letters of an English insult"),
    ("De fiets is versleten, de banden sleten snel op die kasseien.", "a verb"),
    ("Slettestrand is een mooi strand, wij gaan er elk jaar heen.", "a seaside place"),
    ("Bel mevrouw Slettenhaar van de dienst Groen.", "a family name"),
    ("Jullie negeren onze vraag, en negeren is ook een antwoord.", "a verb"),
    ("De Makassarstraat zit vol putten, en een makaak is een aap.", "a street, an animal"),
    ("Kuttekoven bij Borgloon heeft een mooie kerk.", "a village"),
    ("Op de Slachthuislaan 12 te Kontich: de vuilzakken staan er nog.", "a village, and rubbish"),
    ("De catering was lekker, de verbetering van de zaal is geslaagd.", "letters of a disease"),
    ("De H.O.E.-groep en het O.C.M.W. vergaderen in lokaal K.L.0.", "abbreviations with dots"),
    ("Lijn 5: l e t  o p, de halte is verplaatst.", "spaced letters that are something else"),
    ("Wie bakt de hoorntjes? @hoeraploeg antwoordt u snel.", "an account's name"),
    ("Een ploertendoder is een wapen, en dat hoort niet op de kermis.", "a thing"),
    ("De dooier van het ei was kapot, wat een smeerboel.", "a broken egg"),
    ("Ik maak je moeder blij met een kapot vaasje te lijmen.", "words of a threat, far apart"),
    ("Het vuurwerk: een doodgewone kogelregen van sterren.", "words of a threat in compounds"),
    ("Vuile zwarte plekken op het voetpad, kan dat weg?", "a colour"),
    ("Vieze blinde muren in de Molenstraat.", "a wall without windows"),
    ("De hoerenbuurt moet aangepakt worden.", "a neighbourhood"),
    ("Er zijn putten in de Hoerenstraat.", "a street"),
    ("'De hoer van Babylon' wordt gelezen in de bib.", "a book"),
    ("Krijg ik corona krijgt mijn werkgever dan compensatie?", "a question about an illness"),
    ("Sperma van stieren wordt in koeltanks bewaard.", "a farm"),
    ("De schutters schieten ze allemaal neer, die kleiduiven.", "a sport"),
    ("Neem contact met ons op voor de straatbarbecue.", "neighbours"),
    ("Bezoek onze site over het verenigingsleven.", "a club"),
    ("Mijn dochter werd op school uitgemaakt voor vuile Turk.", "a victim tells"),
    ("Iemand riep 'vuile homo' naar mijn broer, wat doet de politie?", "a victim's brother tells"),
    ("Er hangt een sticker 'Heil Hitler' aan de bushalte, kan dat weg?", "someone reports"),
    ("Hitler had gelijk? Nooit.", "someone denies"),
    ("Is er op school les over nudes doorsturen en sexting?", "a parent asks"),
    ("Help, mijn facebook is gehackt, het wachtwoord doorgeven doe ik nooit", "a victim tells"),
    ("Is investeren in bitcoin of crypto strafbaar als ze je oplichten?", "someone asks"),
    ("De huisartsenwachtpost bereikt u op 1733 of 03 286 86 86.", "a public number"),
    ("Bel het algemene nummer 052 55 51 11.", "a public number"),
    ("Politie vond cannabis te koop op Snapchat", "news"),
]


@pytest.mark.parametrize(("text", "why"), HARD, ids=[f"{number}-{why}" for number, (_, why) in enumerate(HARD)])
def test_no_rule_finds_anything_in_a_hard_innocent_sentence(shipped: RuleSet, text: str, why: str) -> None:
    assert fired(shipped, text) == []
