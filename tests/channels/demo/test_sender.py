"""The platform of the demonstration: placing, removing, finding back, and a file that a crash cut off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.channels.demo.sender import LEDGER_NAME, DemoSender, read_ledger
from bot.core.errors import TargetGone, Transient
from bot.review.ports import Sent
from tests.channels.demo.town import CONSOLE, removal, reply


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "data" / LEDGER_NAME


@pytest.fixture
def sender(ledger: Path) -> DemoSender:
    return DemoSender(ledger, console_url=CONSOLE)


async def test_a_reply_stands_where_its_link_says(sender: DemoSender) -> None:
    sent = await sender.reply(reply())
    assert sent == Sent("antwoord-1", f"{CONSOLE}/kanalen/demo#b-plein-antwoord-1")


async def test_each_reply_gets_an_address_of_its_own(sender: DemoSender) -> None:
    places = [await sender.reply(reply(f"e{number}", "r1")) for number in range(3)]
    assert [sent.message_id for sent in places] == ["antwoord-1", "antwoord-2", "antwoord-3"]


async def test_a_reply_is_found_back_by_its_key_also_after_a_restart(ledger: Path, sender: DemoSender) -> None:
    await sender.reply(reply("e1", "r1"))
    second = await sender.reply(reply("e2", "r2"))
    assert await DemoSender(ledger, console_url=CONSOLE).find(reply("e2", "r2")) == second
    assert await sender.find(reply("e3", "r2")) is None


async def test_nothing_is_found_where_nothing_was_placed(sender: DemoSender) -> None:
    assert await sender.find(reply()) is None


async def test_a_removal_is_no_reply(sender: DemoSender) -> None:
    await sender.remove(removal("e1"))
    assert await sender.find(reply("e1")) is None


async def test_there_is_no_reply_under_what_was_removed(sender: DemoSender) -> None:
    await sender.remove(removal(target="r1"))
    with pytest.raises(TargetGone):
        await sender.reply(reply(target="r1"))
    await sender.reply(reply(target="r2"))
    assert await sender.removed(reply(target="r1").target)
    assert not await sender.removed(reply(target="r2").target)


async def test_what_was_removed_cannot_be_removed_again(sender: DemoSender) -> None:
    await sender.remove(removal())
    with pytest.raises(TargetGone):
        await sender.remove(removal("e9"))


async def test_it_places_twice_what_it_is_asked_twice(ledger: Path, sender: DemoSender) -> None:
    await sender.reply(reply())
    await sender.reply(reply())
    assert sum(line["what"] == "reply" for line in read_ledger(ledger)) == 2


async def test_no_words_are_kept(ledger: Path, sender: DemoSender) -> None:
    await sender.reply(reply(text="Woorden voor Marleen"))
    await sender.remove(removal())
    written = ledger.read_text(encoding="utf-8")
    assert "Marleen" not in written
    assert "Wanneer?" not in written


async def test_clearing_leaves_an_empty_platform_and_may_be_repeated(ledger: Path, sender: DemoSender) -> None:
    await sender.reply(reply())
    await sender.clear()
    await sender.clear()
    assert await sender.find(reply()) is None
    assert (await sender.reply(reply())).message_id == "antwoord-1"


async def test_a_last_line_that_a_crash_cut_off_did_not_happen(ledger: Path, sender: DemoSender) -> None:
    first = await sender.reply(reply("e1", "r1"))
    whole = ledger.read_bytes()
    await sender.reply(reply("e2", "r2"))
    both = ledger.read_bytes()
    for end in range(len(whole) + 1, len(both)):
        ledger.write_bytes(both[:end])
        assert await sender.find(reply("e1", "r1")) == first
        assert await sender.find(reply("e2", "r2")) is None, f"cut at byte {end}"
        assert (await sender.reply(reply("e3", "r3"))).message_id == "antwoord-2"
        lines = [json.loads(line) for line in ledger.read_text(encoding="utf-8").splitlines()]
        assert [line["key"] for line in lines] == ["e1", "e3"], f"cut at byte {end}"


async def test_a_first_line_that_was_cut_off_leaves_an_empty_platform(ledger: Path, sender: DemoSender) -> None:
    ledger.parent.mkdir()
    ledger.write_bytes(b'{"what": "rep')
    assert await sender.find(reply()) is None
    await sender.reply(reply())
    assert [line["key"] for line in read_ledger(ledger)] == ["e1"]


async def test_what_could_not_be_written_may_have_happened(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")
    sender = DemoSender(tmp_path / "data" / LEDGER_NAME, console_url=CONSOLE)
    with pytest.raises(Transient) as caught:
        await sender.reply(reply())
    assert caught.value.sent
