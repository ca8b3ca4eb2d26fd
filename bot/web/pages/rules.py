"""The house rules: what is in force, how each rule does, and what another threshold would do. Nothing changes here."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.core.people import Role
from bot.review.card import card_of
from bot.rules import RuleSet
from bot.rules.compiling import CompiledRule
from bot.rules.excerpt import excerpts
from bot.store import rule_statistics, views
from bot.store.rule_statistics import RuleStatistics
from bot.web import rule_queries, threshold_chart
from bot.web.access import EVERYONE, OVERSEERS, Page
from bot.web.console import Visit
from bot.web.rendering import page
from bot.web.rule_rows import STATUSES, former_names, row_of

WEEKS = 8
CASES_SHOWN = 10
_EVER = "alles"


async def listing(visit: Visit) -> Response:
    rules = visit.console.rulebook.engine.rules
    found = await _statistics(visit, rules)
    counts = Counter(rule.status for rule in rules.rules)
    status = visit.query("status") if visit.query("status") in counts else ""
    rows = [row_of(rule, found.get(rule.id)) for rule in rules.rules if status in ("", rule.status)]
    return await page(
        visit,
        "rules.html",
        rows=sorted(rows, key=lambda row: row.order),
        rulestatus=await visit.console.rulebook.status(),
        statuses=STATUSES,
        tabs=[("", "Alle", len(rules.rules)), *((name, name, counts[name]) for name in STATUSES if counts[name])],
        chosen=status,
        ever=_ever(visit),
        weeks=WEEKS,
        any_fired=bool(found),
        may_change=visit.has(Role.ADMINISTRATOR),
        may_oversee=visit.has(*OVERSEERS),
    )


async def one(visit: Visit) -> Response:
    rules = visit.console.rulebook.engine.rules
    rule = next((rule for rule in rules.rules if rule.id == visit.request.path_params["id"]), None)
    if rule is None:
        raise HTTPException(404)
    found = await _statistics(visit, rules)
    async with visit.console.database.read() as tx:
        ids = await rule_queries.cases_of_rule(tx, former_names(rules.replaced, rule.id), limit=CASES_SHOWN)
        cases = await views.load_cases(tx, ids)
    look = await visit.console.thresholds.look(rules, rule)
    return await page(
        visit,
        "rule.html",
        row=row_of(rule, found.get(rule.id)),
        rule=rule,
        written=await _written(rules, rule),
        cases=[(case, card_of(case, now=visit.now, console_url="")) for case in cases],
        look=look,
        chart=threshold_chart.chart_of(look, _chosen(visit)) if look else None,
        HEIGHT=threshold_chart.HEIGHT,
        statuses=STATUSES,
        ever=_ever(visit),
        weeks=WEEKS,
        may_change=visit.has(Role.ADMINISTRATOR),
    )


async def _statistics(visit: Visit, rules: RuleSet) -> Mapping[str, RuleStatistics]:
    since = None if _ever(visit) else visit.now - timedelta(weeks=WEEKS)
    async with visit.console.database.read() as tx:
        return await rule_statistics.rule_statistics(tx, rules.replaced, since=since)


async def _written(rules: RuleSet, rule: CompiledRule) -> str:
    """Return the lines of the file in which the rule is written."""
    if rules.files is None:
        return ""
    return (await asyncio.to_thread(excerpts, rules.files.text())).get(rule.id, "")


def _ever(visit: Visit) -> bool:
    return visit.query("periode") == _EVER


def _chosen(visit: Visit) -> int | None:
    """Return the threshold that was asked for, in hundredths: `drempel=80`."""
    return visit.number("drempel")


PAGES = (
    Page("GET", "/regels", listing, EVERYONE),
    Page("GET", "/regels/regel/{id}", one, EVERYONE),
)
