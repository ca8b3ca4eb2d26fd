"""The demonstration channel: its parts put together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.channels.demo.gateway import Gateway
from bot.channels.demo.mapping import CHANNEL, read_script
from bot.channels.demo.sender import LEDGER_NAME, DemoSender
from bot.core.clock import Clock
from bot.review.intake import Intake
from bot.review.ports import Sender, StaffSurface
from bot.settings import DemoSettings


@dataclass(frozen=True, slots=True)
class DemoChannel:
    """Implements `bot.review.ports.Channel`."""

    gateway: Gateway
    sender: Sender
    surface: StaffSurface | None = None
    name: str = CHANNEL

    async def run(self) -> None:
        """Play until cancelled."""
        await self.gateway.run()


def build_demo(
    settings: DemoSettings, intake: Intake, *, data_dir: Path, console_url: str, clock: Clock
) -> DemoChannel:
    """Return the demonstration; its platform is a file in `data_dir`."""
    sender = DemoSender(data_dir / LEDGER_NAME, console_url=console_url)
    return DemoChannel(Gateway(read_script(), intake, sender, pace=settings.pace, clock=clock), sender)
