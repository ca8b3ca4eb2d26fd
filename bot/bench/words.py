"""The figures of `verbinder bench` in Dutch. Ratios come first: they hold on other machines, seconds do not."""

from __future__ import annotations

from bot.bench.measures import Comparison, Facts, Latency

MEGABYTE = 1_000_000


def number(value: float, decimals: int = 1) -> str:
    """Return a number as Dutch writes it."""
    return f"{value:.{decimals}f}".replace(".", ",")


def facts_line(facts: Facts) -> str:
    cores = "1 kern" if facts.cores == 1 else f"{facts.cores} kernen"
    packages = ", ".join(f"{name} {version}" for name, version in facts.packages.items())
    return f"{facts.processor}, {cores}; Python {facts.python}; {packages}"


def latency_line(what: str, found: Latency) -> str:
    return (
        f"{what}: middelste {number(1000 * found.median)} ms, 95% binnen {number(1000 * found.p95)} ms"
        f" (één reactie, één kern, {found.texts} reacties)"
    )


def comparison_lines(found: Comparison, threads: int) -> list[str]:
    each = [number(1000 * seconds / found.texts) for seconds in (found.fast, found.slow)]
    drawn = "1 rekendraad" if threads == 1 else f"{threads} rekendraden"
    gained = (
        f"onnx tegenover Detoxify, dezelfde gewichten: {number(found.ratio)} × zo veel reacties per seconde"
        f" ({each[0]} tegenover {each[1]} ms per reactie; {found.texts} reacties, {drawn})"
    )
    lost = (
        f"  grootste verschil tussen twee scores: {number(found.difference, 4)}"
        f" (spreiding van de scores zelf: {number(found.spread, 3)})"
    )
    return [gained, lost]


def repeated_line(what: str, first: float, second: float) -> str:
    return f"{what}, dezelfde reacties nog eens: {number(first / second, 0)} × zo veel per seconde (geheugen)"


def memory_line(scorer: str, size: int | None) -> str:
    if size is None:
        return f"Geheugen van een proces met {scorer}: niet te meten op dit systeem"
    return f"Geheugen van een proces met {scorer}: {size / MEGABYTE:.0f} MB"
