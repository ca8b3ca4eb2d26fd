"""Reading what other programs exported: Telegram Desktop and DiscordChatExporter, into the store as history."""

from bot.importing.run import HistoryIntake, ImportReport, Progress, import_file
from bot.importing.words import report_in_words

__all__ = ["HistoryIntake", "ImportReport", "Progress", "import_file", "report_in_words"]
