"""What the bot says in the staff group and to people who write to it, in Dutch."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.cases import ActionKind
from bot.review.words import DONE

OTHER_GROUP = "Deze kaart staat niet in de teamgroep van nu. Beslis in de teamgroep of in de console."
OLD_BUTTON = "Deze knop werkt niet meer. Kijk naar de nieuwste kaart of in de console."
NO_CASE = "Dit bericht bestaat niet meer."
RULE_GONE = "Deze huisregel is intussen veranderd. Kies ze opnieuw."
CHOOSE_RULE = "Kies de huisregel waar het om gaat."
HOW_TO_EDIT = (
    "Houd deze kaart ingedrukt, kies «Beantwoorden» en stuur uw eigen tekst. Die wordt onder de reactie geplaatst."
)
ANONYMOUS = (
    "Uw tekst is niet geplaatst. U schrijft anoniem, als groep, en een beslissing heeft een naam nodig. "
    "Zet anoniem blijven uit bij uw rechten als beheerder van deze groep."
)
ONLY_TEXT = "Er is niets geplaatst: alleen tekst kan als antwoord onder een reactie komen."
NOT_PLACED = "Uw tekst is niet geplaatst. {why}"
NOT_PLACED_HERE = "Dat is niet gelukt. Druk op de kaart op «Aanpassen»: dan leest u, alleen voor u, waarom."
EMPTY_QUEUE = "De wachtrij is leeg. Alles is bekeken."

_DONE = {
    ActionKind.ANOTHER: "Hier is een ander voorstel.",
    ActionKind.UNDO: "Ongedaan gemaakt.",
    ActionKind.CLAIM: "U behandelt dit nu.",
    ActionKind.RELEASE: "Vrijgegeven.",
}


def done(action: ActionKind) -> str:
    """Return what the presser reads after a decision."""
    return _DONE.get(action) or f"U {DONE[action]}."


def stranger(user_id: int) -> str:
    """Return the refusal for someone whom no administrator linked, with what the administrator needs."""
    return (
        f"U kunt hier nog niet beslissen. Uw Telegram-nummer is {user_id}. "
        "Vraag een beheerder om het te koppelen met: verbinder people link"
    )


def queue(entries: Sequence[str]) -> str:
    """Return the answer to /wachtrij."""
    if not entries:
        return EMPTY_QUEUE
    return "\n\n".join(["Dit wacht op een beslissing, het dringendste eerst:", *entries])


def help_text(user_id: int, *, private: bool) -> str:
    """Return the answer to /help and /start."""
    number = f"Uw Telegram-nummer is {user_id}. Een beheerder heeft het nodig om u te koppelen."
    if private:
        return f"Dit is de bot van Verbinder. In dit gesprek leest niemand mee.\n\n{number}"
    return (
        "Zo beslist u hier:\n"
        "• Druk op een knop onder een kaart. De kaart verandert mee.\n"
        "• Een eigen tekst plaatsen? Beantwoord de kaart met uw tekst. Overleggen doet u in een gewoon bericht.\n"
        "• Verwijderen of herinneren? Kies daarna de huisregel.\n"
        "• Vergist? Zolang de knop «Ongedaan maken» er staat, is er nog niets gebeurd.\n"
        "• /wachtrij toont wat nog wacht.\n\n"
        f"{number}"
    )
