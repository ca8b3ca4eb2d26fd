"""Passwords: argon2id, in a thread of their own, and as slow for a name that does not exist as for one that does."""

from __future__ import annotations

import asyncio
import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12  # characters
LONGEST = 200
_AT_ONCE = 2  # each takes 64 MiB for a moment


class Passwords:
    """Hashes and verifies."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Tell whether `password` is the one behind `stored`. None takes as long as a real hash, and is never right."""
        async with self._turn:
            return await asyncio.to_thread(self._verify, stored, password)

    def outdated(self, stored: str) -> bool:
        """Tell whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    @functools.cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("niemand heeft dit wachtwoord")

    def _verify(self, stored: str | None, password: str) -> bool:
        try:
            self._hasher.verify(stored or self._nobody, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None


def problem_with(password: str, again: str, name: str) -> str | None:
    """Return in Dutch what is wrong with a new password, None when it will do."""
    if len(password) < SHORTEST:
        return f"Kies een wachtwoord van minstens {SHORTEST} tekens. Enkele woorden na elkaar werkt goed."
    if len(password) > LONGEST:
        return f"Kies een wachtwoord van hoogstens {LONGEST} tekens."
    if len(set(password)) < 4 or password.casefold().strip() == name.casefold().strip():
        return "Dit wachtwoord is te makkelijk te raden. Kies een ander."
    if password != again:
        return "De twee wachtwoorden zijn niet dezelfde. Typ ze nog eens."
    return None
