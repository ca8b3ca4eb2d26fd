"""The Telegram channel: groups, supergroups, forum topics, and discussion groups linked to a channel."""

import os

# python-telegram-bot's own opt-in to durations as timedelta; without it every 429 comes with a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")

from bot.channels.telegram.channel import build_telegram

__all__ = ["build_telegram"]
