"""A polite reminder of the house rules, for a moderator who warns. It proposes words; a person sends them."""

from __future__ import annotations

import re

_NUMBERED = re.compile(r"(\d{1,4})[.)]?\s+(\S.*)", re.DOTALL)


def compose_warning(house_rule: str, reason: str) -> str:
    """Return the reminder. `house_rule` is the published one ("2. Respect"); `reason` is its sentence for residents.

    Says which rule, why, and what stays welcome; it does not threaten.
    """
    numbered = _NUMBERED.fullmatch(house_rule.strip())
    if numbered:
        rule = f"huisregel {numbered[1]} ({numbered[2].strip()})"
    elif house_rule.strip():
        rule = f"de huisregel “{house_rule.strip()}”"
    else:
        rule = "onze huisregels"
    why = " ".join(reason.split())
    if why and why[-1] not in ".?!…":
        why += "."
    sentences = (
        f"Beste, uw reactie past niet bij {rule}.",
        why,
        "Uw mening blijft welkom, ook als u het niet eens bent met ons of met anderen.",
        "Wilt u het met andere woorden zeggen? Zo kan iedereen hier blijven meepraten.",
    )
    return " ".join(sentence for sentence in sentences if sentence)
