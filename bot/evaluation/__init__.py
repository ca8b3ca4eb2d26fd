"""Measure detection on labelled texts: from texts with their judgement to one report. Pure: numpy and no I/O.

Start at `report.report_of`. The page is drawn in `page`, the words that every rendering shares stand in `words`.
"""

from bot.evaluation.bootstrap import Sampling
from bot.evaluation.items import Doubt, Item, Judged, Labels, Part
from bot.evaluation.report import Options, Report, report_of

__all__ = ["Doubt", "Item", "Judged", "Labels", "Options", "Part", "Report", "Sampling", "report_of"]
