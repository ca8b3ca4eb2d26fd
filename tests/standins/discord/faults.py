"""The errors that Discord answers with, and faults that a test orders in advance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.standins.discord.world import Json


class ApiError(Exception):
    """An answer that is not a success."""

    def __init__(
        self, status: int, code: int = 0, message: str = "", *, errors: Json | None = None, **extra: Any
    ) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body: Json = {"message": message, "code": code, **extra}
        if errors:
            self.body["errors"] = errors
        self.headers: dict[str, str] = {}


def unauthorized() -> ApiError:
    return ApiError(401, 0, "401: Unauthorized")


def unknown(what: str) -> ApiError:
    codes = {
        "Channel": 10003,
        "Guild": 10004,
        "Message": 10008,
        "Member": 10007,
        "Webhook": 10015,
        "interaction": 10062,
    }
    return ApiError(404, codes[what], f"Unknown {what}")


def missing_access() -> ApiError:
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    return ApiError(403, 50013, "Missing Permissions")


def invalid_form(field_name: str, code: str, message: str) -> ApiError:
    """Return Discord's 50035, with the error of one field."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for part in reversed(field_name.split(".")):
        errors = {part: errors}
    return ApiError(400, 50035, "Invalid Form Body", errors=errors)


def rate_limited(retry_after: float, *, via: bool = True, everywhere: bool = False) -> ApiError:
    """Return a 429. Without `Via` it is Cloudflare's: discord.py raises it at once (trap 29)."""
    error = ApiError(429, 0, "You are being rate limited.", retry_after=retry_after)
    error.body["global"] = everywhere
    error.headers = {
        "Retry-After": str(max(1, round(retry_after))),
        "X-RateLimit-Limit": "5",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset-After": str(retry_after),
        "X-RateLimit-Bucket": "standin",
        "X-RateLimit-Scope": "global" if everywhere else "user",
    }
    if via:
        error.headers["Via"] = "1.1 google"
    return error


@dataclass
class Fault:
    """The next `times` requests of `route` fail. `after_effect`: the request is carried out first, then fails.

    `error` None cuts the connection instead of answering; `delay` waits that many seconds first.
    """

    route: str
    error: ApiError | None
    times: int = 1
    after_effect: bool = False
    delay: float = 0.0


@dataclass
class Faults:
    """The faults that are still to come, in order."""

    pending: list[Fault] = field(default_factory=list)

    def take(self, route: str) -> Fault | None:
        for fault in self.pending:
            if fault.route == route:
                fault.times -= 1
                if fault.times <= 0:
                    self.pending.remove(fault)
                return fault
        return None
