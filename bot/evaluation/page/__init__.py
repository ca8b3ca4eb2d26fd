"""The report as one HTML file that needs no other: no script, no font, nothing from elsewhere.

Texts, names and ids come from anybody: all are escaped, shown without control characters, and kept to their own
direction of reading.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.evaluation import tables, words
from bot.evaluation.items import Part
from bot.evaluation.mistakes import shown_name, shown_text
from bot.evaluation.page import plots
from bot.evaluation.report import Report
from bot.text.untrusted import visible


def as_html(report: Report) -> str:
    """Return the page of `report`. The same report gives the same page."""
    return _ENVIRONMENT.get_template("page.html").render(report=report)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "visible": visible,
        "shown": shown_text,
        "name": shown_name,
        "number": words.number,
        "decimal": words.decimal,
    }
    environment.globals |= {"tables": tables, "words": words, "plots": plots, "Part": Part}
    return environment


_ENVIRONMENT = _environment()
