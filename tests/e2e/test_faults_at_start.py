"""Whatever is wrong at the start is one clear message in Dutch that says what and what to do, and the right status."""

from __future__ import annotations

import contextlib
import re
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bot.store.keyfile import KEY_NAME
from tests.e2e.service import Service, command, until
from tests.standins.botapi import BotApiServer
from tests.standins.discord import DiscordStandIn

pytestmark = pytest.mark.e2e

SECRET = "123456789:AAtHisIsNoRealTokenButLooksLikeOne0123"
OTHER_TELEGRAM = "7000000001:AAnotTheTokenThatThisServerKnows00000000"
OTHER_DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789ab"

WRONG_RULES = """versie: 1
regels:
  - id: schelden
    titel: Niet schelden
    huisregel: "2. Respect"
    status: actief
    ernst: heel erg
    wanneer: {woorden: [idioot]}
    doet: [meld_moderator]
    waarom: Uw bericht scheldt iemand uit.
"""


def database(home: Path) -> Path:
    (home / "data").mkdir(exist_ok=True)
    return home / "data" / "verbinder.db"


def _nothing(home: Path) -> None:
    """Leave the folder as it is."""


def _open_quote(home: Path) -> None:
    (home / ".env").write_text(f'# mijn bot\nVERBINDER_TELEGRAM__TOKEN="{SECRET}\n', encoding="utf-8")


def _no_equals(home: Path) -> None:
    (home / ".env").write_text(f"VERBINDER_TOWN=Velddorp\n\nVERBINDER_TELEGRAM__TOKEN {SECRET}\n", encoding="utf-8")


def _latin(home: Path) -> None:
    (home / ".env").write_bytes("VERBINDER_TOWN=Sint-Niklaas én omgeving\n".encode("latin-1"))


def _text_file(home: Path) -> None:
    database(home).write_text("Boodschappen: brood, melk, kaas.\n" * 100, encoding="utf-8")


def _folder(home: Path) -> None:
    database(home).mkdir()


def _damaged(home: Path) -> None:
    path = database(home)
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (x)")
        connection.executemany("INSERT INTO t VALUES (?)", [("y" * 1000,)] * 100)
    content = bytearray(path.read_bytes())
    content[100:3000] = bytes(2900)
    path.write_bytes(content)


def _newer(home: Path) -> None:
    with contextlib.closing(sqlite3.connect(database(home))) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")


def _another_program(home: Path) -> None:
    with contextlib.closing(sqlite3.connect(database(home))) as connection, connection:
        connection.execute("CREATE TABLE messages (sms TEXT)")


def _data_is_a_file(home: Path) -> None:
    (home / "data").write_text("", encoding="utf-8")


def _key_is_cut_off(home: Path) -> None:
    database(home)
    (home / "data" / KEY_NAME).write_bytes(b"kort")


def _wrong_rules(home: Path) -> None:
    (home / "regels.yaml").write_text(WRONG_RULES, encoding="utf-8")


@dataclass(frozen=True)
class Fault:
    """What is done to the folder and the settings, and which words the message has."""

    words: tuple[str, ...]
    make: Callable[[Path], None] = _nothing
    settings: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ("run",)
    status: int = 1


FAULTS = {
    "an open quote in .env": Fault((".env:2:", "NAAM=waarde"), _open_quote),
    "a line without = in .env": Fault((".env:3:", "NAAM=waarde"), _no_equals),
    ".env in another encoding": Fault((".env", "UTF-8"), _latin),
    "an unknown setting": Fault(
        ("VERBINDER_TELEGRAM__TOKN", "Bedoelt u VERBINDER_TELEGRAM__TOKEN?"), settings={"TELEGRAM__TOKN": SECRET}
    ),
    "a value that does not fit": Fault(("VERBINDER_CONSOLE__PORT",), settings={"CONSOLE__PORT": "tachtig"}),
    "two wrong settings at once": Fault(
        ("VERBINDER_CONSOLE__PORT", "VERBINDER_DEMO__PACE"), settings={"CONSOLE__PORT": "-1", "DEMO__PACE": "0"}
    ),
    "a time zone that does not exist": Fault(
        ("VERBINDER_TIMEZONE", "Europe/Brussels"), settings={"TIMEZONE": "Europe/Brusel"}
    ),
    "no token of Telegram": Fault(
        ("VERBINDER_TELEGRAM__TOKEN", "@BotFather"), settings={"TELEGRAM__TOKEN": "geen-token"}
    ),
    "no number of a group": Fault(
        ("VERBINDER_TELEGRAM__CHATS", "«dorp»"), settings={"TELEGRAM__TOKEN": SECRET, "TELEGRAM__CHATS": "dorp"}
    ),
    "an address that is not of this machine": Fault(
        ("192.0.2.1", "VERBINDER_CONSOLE__HOST"), settings={"CONSOLE__HOST": "192.0.2.1"}
    ),
    "no address of a database": Fault(("VERBINDER_DATABASE__URL",), settings={"DATABASE__URL": "mysql://x/y"}),
    "a server that is not there": Fault(
        ("127.0.0.1:1", "VERBINDER_DATABASE__URL"),
        settings={"DATABASE__URL": "postgresql://verbinder:zwijgzaam@127.0.0.1:1/x"},
    ),
    "a text file for a database": Fault(
        ("verbinder.db", "geen databank van Verbinder", "VERBINDER_DATABASE__URL"), _text_file
    ),
    "a folder for a database": Fault(("verbinder.db", "VERBINDER_DATABASE__URL"), _folder),
    "a damaged database": Fault(("verbinder.db", "beschadigd", "reservekopie"), _damaged),
    "a newer database": Fault(("nieuwer dan dit programma", "9999"), _newer),
    "the database of another program": Fault(("verbinder.db", "geen databank van Verbinder"), _another_program),
    "a file for the folder with data": Fault(("data", "VERBINDER_DATA_DIR"), _data_is_a_file),
    "a damaged key": Fault((KEY_NAME, "reservekopie"), _key_is_cut_off),
    "a rule file with errors": Fault(("regels.yaml:7:", "ernst", "^"), _wrong_rules, {"RULES": "regels.yaml"}),
    "a rule file that is not there": Fault(("nergens.yaml",), settings={"RULES": "nergens.yaml"}),
    "a folder of frames that is not there": Fault(("nergens",), settings={"FRAMES": "nergens"}),
    "a scorer that does not exist": Fault(("glazenbol", "embedded"), settings={"SCORER": "glazenbol"}),
    "an option that does not exist": Fault(("--snel",), arguments=("run", "--snel"), status=2),
    "a command that does not exist": Fault(("strat",), arguments=("strat",), status=2),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_one_clear_message(tmp_path: Path, fault: Fault) -> None:
    fault.make(tmp_path)
    done = command(tmp_path, *fault.arguments, **fault.settings)
    assert done.returncode == fault.status, done.stderr
    for word in fault.words:
        assert word in done.stderr
    assert len(re.findall(r"^Fout", done.stderr, re.MULTILINE)) == 1, done.stderr
    if fault.status == 1:
        assert "Wat u kunt doen:" in done.stderr
    for never in ("Traceback", 'File "', SECRET, "zwijgzaam"):
        assert never not in done.stderr
    assert "Console:" not in done.stdout, "nothing is announced that is not so"
    assert not (tmp_path / "data" / "fouten.log").exists(), "it was foreseen"


@pytest.fixture
def taken() -> Iterator[str]:
    """Yield a port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield str(listener.getsockname()[1])


def test_a_port_in_use_is_one_clear_message(tmp_path: Path, taken: str) -> None:
    done = command(tmp_path, "run", CONSOLE__PORT=taken)
    assert done.returncode == 1
    assert f"127.0.0.1:{taken}" in done.stderr
    assert "VERBINDER_CONSOLE__PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_start_on_the_same_database_leaves_the_first_alone(tmp_path: Path) -> None:
    with Service(tmp_path, DEMO__ENABLED="off") as first:
        first.ready()
        done = command(tmp_path, "run", DEMO__ENABLED="off")
        assert done.returncode == 1
        assert "draait al op deze databank" in done.stderr
        assert "Traceback" not in done.stderr
        assert httpx.get(f"{first.address}/gezond").text == "ok"
        first.stop()


# ── a token that is refused stops one channel, not the service ────────────────────────────────────────────────────────


@contextlib.asynccontextmanager
async def administrator(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """Sign in with the link that was printed."""
    own = {"origin": service.address, "sec-fetch-site": "same-origin"}
    async with httpx.AsyncClient(base_url=service.address, headers=own, follow_redirects=True) as client:
        await client.post(service.link)
        yield client


async def runs_on_without(service: Service, channel: str, words: str, token: str) -> None:
    """See that the console says what is wrong with `channel`, that the log names it, and that the town plays on."""
    async with administrator(service) as client:

        async def page_says(path: str, *said: str) -> bool:
            text = (await client.get(path)).text
            return all(word in text for word in said)

        await until(lambda: page_says("/wachtrij", "Voor beheerders:", words, "probeert het niet meer"), "the notice")
        assert await page_says("/verslag", "kanaal viel uit", channel, "Revoked")
        await until(lambda: page_says("/kanalen/demo", "asielaanvraag"), "the demonstration goes on")
        assert not await page_says("/wachtrij", "Het kanaal demo is niet verbonden")
    service.stop()
    assert f"channel={channel}" in "\n".join(service.errors)
    assert token not in "\n".join([*service.said, *service.errors])


async def test_a_telegram_token_that_is_refused_stops_that_channel_alone(tmp_path: Path) -> None:
    settings = {"TELEGRAM__TOKEN": OTHER_TELEGRAM, "DEMO__ENABLED": "on", "DEMO__PACE": "0.1"}
    with BotApiServer() as api, Service(tmp_path, TELEGRAM__API_BASE=api.url, **settings) as service:
        service.ready()
        assert "Kanalen: telegram, demo" in service.said
        await runs_on_without(service, "telegram", "Telegram aanvaardt het token niet", OTHER_TELEGRAM)
        assert api.calls("getUpdates") == []


async def test_a_discord_token_that_is_refused_stops_that_channel_alone(tmp_path: Path) -> None:
    settings = {"DISCORD__TOKEN": OTHER_DISCORD, "DEMO__ENABLED": "on", "DEMO__PACE": "0.1"}
    with DiscordStandIn() as discord, Service(tmp_path, DISCORD__API_BASE=discord.api_base, **settings) as service:
        service.ready()
        assert "Kanalen: discord, demo" in service.said
        await runs_on_without(service, "discord", "Discord aanvaardt het token", OTHER_DISCORD)
        assert discord.state.gateway.counts["identify"] == 0


async def test_the_doctor_says_the_same_of_a_token_that_is_refused(tmp_path: Path) -> None:
    with BotApiServer() as api:
        done = command(tmp_path, "doctor", TELEGRAM__TOKEN=OTHER_TELEGRAM, TELEGRAM__API_BASE=api.url)
    assert done.returncode == 1
    assert "token" in done.stdout
    assert "@BotFather" in done.stdout
    assert OTHER_TELEGRAM not in done.stdout + done.stderr
