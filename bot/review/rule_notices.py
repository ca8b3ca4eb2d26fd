"""What administrators read about the rule file: that it could not be used and why, once, until it is mended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.review.notices import WRONG, tell_administrators
from bot.rules import RuleSet, RulesReport
from bot.store import journal
from bot.store.rule_versions import RuleVersion

KEY = "rules:refused"
MIRRORS_KEY = "rules:mirrors"
MOST_SHOWN = 3  # mistakes; a staff channel shows the notice too, and there is little room

NO_MIRRORS = (
    "Er zijn geen spiegelparen meer: spiegels.yaml is weg naast het bestand met huisregels. Niemand kijkt nu nog na of "
    "de regels iedereen gelijk behandelen. Zet het bestand terug, of ga terug naar een vorige versie."
)
OVERTAKEN = "De huisregels zijn intussen veranderd. Bekijk eerst de nieuwe versie en pas die aan."


async def tell(tx: AsyncConnection, now: datetime, text: str) -> bool:
    """Tell administrators `text`, in the place of what was wrong with the file before; tell whether it is news."""
    if any(notice.key == KEY and notice.text != text for notice in await journal.open_notices(tx)):
        await journal.settle_notice(tx, KEY, now)
    return await tell_administrators(tx, now, KEY, text, level=WRONG)


async def settle(tx: AsyncConnection, now: datetime) -> None:
    """Note that the file can be used again."""
    await journal.settle_notice(tx, KEY, now)


async def mirrors(tx: AsyncConnection, now: datetime, before: RuleSet, rules: RuleSet) -> None:
    """Tell administrators that the mirrored sentences are gone, or note that they are there again."""
    if rules.mirrors:
        await journal.settle_notice(tx, MIRRORS_KEY, now)
    elif before.mirrors:
        await tell_administrators(tx, now, MIRRORS_KEY, NO_MIRRORS)


def refused(report: RulesReport, version: RuleVersion | None) -> str:
    """Return the notice: which rules work on, the first mistakes with their places, and how to see the others."""
    going_on = f"versie {version.id}, van {version.at:%d/%m/%Y}" if version else "de vorige versie"
    lines = [
        f"Het bestand met huisregels kan niet gebruikt worden. Verbinder werkt verder met {going_on}.",
        "Verbeter het bestand: Verbinder leest het dan vanzelf opnieuw.",
        *(problem.render() for problem in report.diagnostics[:MOST_SHOWN]),
    ]
    left = len(report.diagnostics) - MOST_SHOWN
    if left > 0:
        more = "is nog 1 fout" if left == 1 else f"zijn nog {left} fouten"
        lines.append(f"Er {more}. U ziet ze allemaal met: verbinder rules check")
    return "\n\n".join(lines)
