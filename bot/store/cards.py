"""Where the card of a case stands on a face, and which version of the case it shows."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import Face
from bot.store.schema import cards
from bot.store.upsert import upsert


async def remember_card(tx: AsyncConnection, face: Face, case_id: int, ref: str, version: int) -> None:
    """Note that the card at `ref` shows `version` (a case's `card_version`)."""
    await upsert(tx, cards, keys={"face": face, "case_id": case_id}, values={"ref": ref, "version": version})
