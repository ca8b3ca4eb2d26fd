"""Telegram's errors as ours. The column that matters most is `sent`: may it have happened all the same?"""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.errors import Moved, Unchanged, asking, redacted, translated
from bot.core.errors import ChannelError, MissingPermission, RateLimited, Rejected, Revoked, TargetGone, Transient

TOKEN = "7000000001:AAStandInTokenThatMustNeverBePrinted00"


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "sent", "why"),
    [
        (caused(NetworkError("httpx.ConnectError: refused"), httpx.ConnectError("refused")), False, "nobody was there"),
        (caused(TimedOut(), httpx.ConnectTimeout("slow")), False, "nobody picked up"),
        (
            caused(TimedOut("Pool timeout: … Request was *not* sent to Telegram."), httpx.PoolTimeout("full")),
            False,
            "queue",
        ),
        (caused(NetworkError("httpx.ProxyError: no"), httpx.ProxyError("no")), False, "the proxy refused"),
        (caused(TimedOut(), httpx.ReadTimeout("slow")), True, "written, and no answer"),
        (caused(TimedOut(), httpx.WriteTimeout("slow")), True, "perhaps all of it was written"),
        (caused(NetworkError("httpx.ReadError: reset"), httpx.ReadError("reset")), True, "broke while answering"),
        (caused(NetworkError("httpx.RemoteProtocolError: gone"), httpx.RemoteProtocolError("gone")), True, "hung up"),
        (NetworkError("Bad Gateway (502). Parsing the server response b'<html>' failed"), True, "behind the gateway?"),
        (NetworkError("Internal Server Error (500)"), True, "fell over halfway?"),
        (TimedOut(), True, "of unknown cause"),
        (TelegramError("Invalid server response"), True, "answered, but what?"),
    ],
)
def test_trap_28_a_failure_says_whether_it_may_have_happened(error: TelegramError, sent: bool, why: str) -> None:
    ours = translated(error)
    assert isinstance(ours, Transient)
    assert ours.sent is sent, why


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (InvalidToken("Unauthorized"), Revoked),
        (EndPointNotFound("Endpoint 'getUpdates' not found in Bot API"), Revoked),
        (Conflict("Conflict: terminated by other getUpdates request"), Rejected),
        (ChatMigrated(-1009), Moved),
        (BadRequest("Bad Request: message is not modified: specified new message content …"), Unchanged),
        (BadRequest("Bad Request: message to be replied not found"), TargetGone),
        (BadRequest("Bad Request: replied message not found"), TargetGone),
        (BadRequest("Bad Request: message to edit not found"), TargetGone),
        (BadRequest("Bad Request: message to delete not found"), TargetGone),
        (BadRequest("Bad Request: MESSAGE_ID_INVALID"), TargetGone),
        (BadRequest("Bad Request: message is too long"), Rejected),
        (BadRequest("Bad Request: BUTTON_DATA_INVALID"), Rejected),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Rejected),
        (Forbidden("Forbidden: bot was blocked by the user"), Rejected),
    ],
)
def test_trap_21_what_telegram_says_becomes_what_we_do(error: TelegramError, kind: type[ChannelError]) -> None:
    assert type(translated(error)) is kind


@pytest.mark.parametrize(
    ("error", "permission"),
    [
        (BadRequest("Bad Request: message can't be deleted"), "can_delete_messages"),
        (BadRequest("Bad Request: not enough rights to send text messages to the chat"), "can_send_messages"),
        (BadRequest("Bad Request: have no rights to send a message"), "can_send_messages"),
        (BadRequest("Bad Request: TOPIC_CLOSED"), "can_manage_topics"),
        (BadRequest("Bad Request: need administrator rights in the channel chat"), "administrator"),
        (BadRequest("Bad Request: chat not found"), "member"),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), "member"),
        (Forbidden("Forbidden: bot is not a member of the supergroup chat"), "member"),
        (Forbidden("Forbidden: something new"), "administrator"),
    ],
)
def test_trap_21_a_missing_right_is_named_with_what_to_do(error: TelegramError, permission: str) -> None:
    ours = translated(error)
    assert isinstance(ours, MissingPermission)
    assert ours.permission == permission
    assert ours.remedy


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (RetryAfter(timedelta(seconds=37)), timedelta(seconds=37)),
        (NetworkError("Too Many Requests"), timedelta(seconds=30)),  # a 429 that does not say how long
    ],
)
def test_trap_21_a_429_waits_as_long_as_it_says(error: TelegramError, wait: timedelta) -> None:
    ours = translated(error)
    assert isinstance(ours, RateLimited)
    assert ours.retry_after == wait


def test_a_conflict_says_that_another_program_reads_along() -> None:
    error = translated(Conflict("Conflict: terminated by other getUpdates request"))
    assert "ander programma" in error.message
    assert "webhook" in error.remedy


@pytest.mark.parametrize(
    "error",
    [
        InvalidToken(f"The token `{TOKEN}` was rejected by the server."),
        NetworkError(f"Unknown error in HTTP implementation: InvalidURL('http://x/bot{TOKEN}/getMe')"),
        BadRequest(f"Bad Request: {TOKEN}"),
        TelegramError(TOKEN),
    ],
)
def test_trap_20_no_message_holds_the_token(error: TelegramError) -> None:
    ours = translated(error)
    assert TOKEN not in str(ours) + repr(ours)


def test_an_endless_error_page_is_cut() -> None:
    assert len(redacted("x" * 100_000)) < 1000


async def test_the_original_error_is_not_chained_into_a_traceback() -> None:
    async def refused() -> None:
        raise InvalidToken(TOKEN)

    with pytest.raises(Revoked) as caught:
        await asking(refused())
    assert caught.value.__suppress_context__
    assert caught.value.__cause__ is None
