"""The one error root. Every message says what is wrong, where, and what to do.

::

    VerbinderError
    ├── ConfigError            settings, .env, a file that cannot be read         (exit status 1)
    ├── StoreError             the database: unreachable, newer than the program  (exit status 1)
    ├── RuleFileError          a rule or frame file with diagnostics              (exit status 1)
    ├── ImportFileError        an export file that cannot be read                 (exit status 1)
    ├── ScorerError            a scorer failed or timed out: the text is *not evaluated*
    ├── Refused                a person's command is refused, politely, to that person alone
    └── ChannelError           a platform said no
        ├── Transient          try again later; `sent` says whether the effect may have happened
        ├── RateLimited        wait `retry_after`, then try again; nothing happened
        ├── MissingPermission  an administrator has to grant `permission`
        ├── TargetGone         the message that the effect is about no longer exists
        ├── TargetChanged      the message is not the one that was judged (trap 7)
        ├── Rejected           the platform refuses this request for good
        └── Revoked            the token is not valid; this channel stops, the service goes on
"""

from __future__ import annotations

from datetime import timedelta


class VerbinderError(Exception):
    """Root of every error that Verbinder raises on purpose.

    `message` says what is wrong and where; `remedy` says what to do. Both are shown to people.
    """

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n{self.remedy}" if self.remedy else self.message


class ConfigError(VerbinderError):
    """Settings that are missing, contradictory or unreadable."""


class StoreError(VerbinderError):
    """The database cannot be used: unreachable, unreadable, or made by a newer version."""


class RuleFileError(VerbinderError):
    """A rule or frame file with errors; `message` holds all diagnostics at once."""


class ImportFileError(VerbinderError):
    """An export file that is not what it says it is."""


class ScorerError(VerbinderError):
    """A scorer failed or took too long. Unknown is not clean (law 3)."""


class Refused(VerbinderError):
    """A person may not do this, or not any more. Shown to that person alone."""


class ChannelError(VerbinderError):
    """A platform answered with an error, or did not answer."""


class Transient(ChannelError):
    """The platform failed for now. `sent` is True where the effect may have happened all the same."""

    def __init__(self, message: str, *, sent: bool = False, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.sent = sent


class RateLimited(ChannelError):
    """The platform asks to wait `retry_after`; nothing happened."""

    def __init__(self, message: str, *, retry_after: timedelta) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class MissingPermission(ChannelError):
    """The bot lacks `permission` (the platform's own name for it)."""

    def __init__(self, message: str, *, permission: str, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.permission = permission


class TargetGone(ChannelError):
    """The message this effect is about was deleted."""


class TargetChanged(ChannelError):
    """The message was edited since it was judged, or is another author's."""


class Rejected(ChannelError):
    """The platform refuses this request; sending it again will not help."""


class Revoked(ChannelError):
    """The platform no longer accepts the token."""
