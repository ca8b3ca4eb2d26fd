"""Time is an argument: whoever needs it is given a `Clock`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]  # returns an aware datetime in UTC
