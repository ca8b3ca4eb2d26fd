"""`verbinder doctor`: look at everything that has to be right, change nothing, and say what to do."""

from bot.doctor.examine import examine

__all__ = ["examine"]
