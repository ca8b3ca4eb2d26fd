"""No log line of the service or of a command holds personal data; what only looks like it is left as it is."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

import bot.app
from bot.app import run_service
from bot.cli.judging import log_to_stderr
from bot.core.errors import StoreError
from bot.settings import Settings
from bot.text.personal import mask
from tests.app.conftest import SettingsOf
from tests.personal import EVERYTHING, LEFT, leaks


class _Stopped(Exception):
    pass


def _refuse() -> None:
    raise StoreError(f"Dit kan niet: {EVERYTHING}")


async def _as_the_service_does(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start the service up to where its logs are configured."""

    def stop(*_where: object) -> None:
        raise _Stopped

    monkeypatch.setattr(bot.app, "bind", stop)
    with pytest.raises(_Stopped):
        await run_service(settings, announce=print)


@pytest.mark.parametrize("form", ["text", "json"])
async def test_the_service_logs_no_personal_data(
    settings_of: SettingsOf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    await _as_the_service_does(settings_of(LOG_FORMAT=form), monkeypatch)
    structlog.get_logger().warning(EVERYTHING)
    structlog.get_logger().warning("as a value", value=EVERYTHING, nested={"in": [EVERYTHING]})
    logging.getLogger("library").warning("%s", EVERYTHING)
    try:
        _refuse()
    except StoreError:
        structlog.get_logger().exception("ours")
        logging.getLogger("library").exception("theirs")
    lines = capsys.readouterr().err
    assert leaks(lines) == []
    assert lines.count("[telefoonnummer]") >= 6
    assert all(data in lines for data in LEFT)


def test_a_command_logs_no_personal_data(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr()
    structlog.get_logger().warning("scorer failed", error=EVERYTHING)
    lines = capsys.readouterr().err
    assert "scorer failed" in lines
    assert leaks(lines) == []


@given(st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2040, 1, 1)))  # noqa: DTZ001 - hypothesis adds none
def test_a_time_stamp_is_nobodys_number(at: datetime) -> None:
    stamp = at.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z")
    assert mask(f"{stamp} [info] channel connected channel=demo case=12") == (
        f"{stamp} [info] channel connected channel=demo case=12"
    )
