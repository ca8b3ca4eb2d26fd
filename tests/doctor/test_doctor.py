from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.core.health import Check, Verdict
from bot.doctor import examine, network, storage
from bot.doctor.examine import EXAMINATIONS
from bot.settings import (
    ConsoleSettings,
    DatabaseSettings,
    DiscordSettings,
    ReviewSettings,
    Settings,
    TelegramSettings,
)

TOKEN = "123456789:AAtHisIsNoRealTokenButLooksLikeOne0123"


@pytest.fixture
def settings(tmp_path: Path, sqlite_url: str) -> Settings:
    return Settings(data_dir=tmp_path, database=DatabaseSettings(url=sqlite_url), console=ConsoleSettings(port=0))


def changed(settings: Settings, **changes: object) -> Settings:
    return settings.model_copy(update=changes)


def named(checks: tuple[Check, ...], name: str) -> Check:
    (check,) = [check for check in checks if check.name == name]
    return check


async def test_a_fresh_installation_is_healthy(settings: Settings) -> None:
    checks = await examine(settings)
    assert {check.name: check.verdict for check in checks} == {
        "Instellingen": Verdict.GOOD,
        "Kanalen": Verdict.WARNING,
        "Gegevensmap": Verdict.GOOD,
        "Databank": Verdict.GOOD,
        "Scorer": Verdict.GOOD,
        "Kaders": Verdict.GOOD,
        "Drempels": Verdict.GOOD,
        "Huisregels": Verdict.GOOD,
        "Console": Verdict.GOOD,
        "Telegram": Verdict.SKIPPED,
        "Discord": Verdict.SKIPPED,
    }


async def test_the_thresholds_of_the_town_are_checked(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "drempels.yaml"
    own = changed(settings, thresholds=path)
    assert named(await examine(own), "Drempels").detail == "De meegeleverde drempels gelden."
    path.write_text("versie: 1\nscorers:\n  embedded:\n    insult: 0.99\nkaders:\n  controle: 0.6\n", encoding="utf-8")
    checks = await examine(own)
    assert named(checks, "Drempels").detail == f"Eigen drempels uit {path}: 1 van embedded, 1 van een kader."
    # At 0.99 a plain insult is no longer flagged: whoever asks hears it.
    assert named(checks, "Scorer").verdict is Verdict.WARNING
    path.write_text("versie: 1\nkaders:\n  controle: 0\n", encoding="utf-8")
    assert named(await examine(own), "Drempels").verdict is Verdict.BAD


async def test_whatever_is_not_good_comes_with_what_to_do(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "leeg.yaml").write_text("", encoding="utf-8")
    broken = changed(
        settings,
        data_dir=tmp_path / "leeg.yaml" / "map",
        rules=tmp_path / "leeg.yaml",
        frames=tmp_path / "nergens",
        timezone="Europe/Brusel",
        database=DatabaseSettings(url="postgresql://verbinder:zwijgzaam@127.0.0.1:1/niets"),
        console=ConsoleSettings(host="192.0.2.1"),
    )
    checks = await examine(broken)
    bad = {check.name for check in checks if check.verdict is Verdict.BAD}
    assert bad == {"Instellingen", "Gegevensmap", "Databank", "Kaders", "Huisregels", "Console"}
    for check in checks:
        if check.verdict in {Verdict.BAD, Verdict.WARNING}:
            assert check.detail, check
            assert check.remedy, check
    assert "zwijgzaam" not in repr(checks)


@pytest.mark.parametrize(
    ("review", "words"),
    [
        (ReviewSettings(working_day="17:00-09:00"), "eindigt voor het begint"),
        (ReviewSettings(closing_days=("11 juli",)), "11 juli"),
        (ReviewSettings(digest_at="29:00"), "29:00"),
    ],
)
async def test_times_that_make_no_sense_are_named(settings: Settings, review: ReviewSettings, words: str) -> None:
    check = named(await EXAMINATIONS[0][1](changed(settings, review=review)), "Instellingen")
    assert check.verdict is Verdict.BAD
    assert words in check.detail


async def test_a_channel_without_a_staff_channel_is_worth_a_word(settings: Settings) -> None:
    with_token = changed(settings, telegram=TelegramSettings(token=TOKEN))
    checks = await EXAMINATIONS[0][1](with_token)
    assert named(checks, "Kanalen").verdict is Verdict.GOOD
    assert named(checks, "Teamkanaal").verdict is Verdict.WARNING
    with_staff = changed(settings, telegram=TelegramSettings(token=TOKEN, staff_chat="-1"))
    assert "Teamkanaal" not in {check.name for check in await EXAMINATIONS[0][1](with_staff)}


@pytest.mark.parametrize(
    ("console", "warns"),
    [
        (ConsoleSettings(host="127.0.0.1"), False),
        (ConsoleSettings(host="0.0.0.0"), True),
        (ConsoleSettings(host="0.0.0.0", url="https://verbinder.example"), False),
        (ConsoleSettings(host="0.0.0.0", url="http://verbinder.example"), True),
    ],
)
async def test_a_console_on_the_open_net_without_https(
    settings: Settings, console: ConsoleSettings, warns: bool
) -> None:
    checks = await EXAMINATIONS[0][1](changed(settings, console=console))
    assert ("Console: https" in {check.name for check in checks}) is warns


# ── the database ──────────────────────────────────────────────────────────────────────────────────────────────────


async def database_check(settings: Settings, path: Path) -> Check:
    url = f"sqlite:///{path}"
    return named(await storage.examine(changed(settings, database=DatabaseSettings(url=url))), "Databank")


async def test_a_database_that_is_not_there_yet_is_not_made(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "nieuw" / "verbinder.db"
    check = await database_check(settings, path)
    assert check.verdict is Verdict.GOOD
    assert not path.parent.exists()


async def test_a_file_that_is_no_database(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "foto.db"
    path.write_bytes(b"\xff\xd8\xff\xe0" * 500)
    check = await database_check(settings, path)
    assert check.verdict is Verdict.BAD
    assert str(path) in check.detail


async def test_a_damaged_database(settings: Settings, tmp_path: Path, sqlite_template: Path) -> None:
    path = tmp_path / "stuk.db"
    content = bytearray(sqlite_template.read_bytes())
    content[4096 * 2 : 4096 * 6] = b"\x55" * 4096 * 4
    path.write_bytes(content)
    assert (await database_check(settings, path)).verdict is Verdict.BAD


async def test_a_database_of_a_newer_program(settings: Settings, tmp_path: Path, sqlite_template: Path) -> None:
    path = tmp_path / "toekomst.db"
    path.write_bytes(sqlite_template.read_bytes())
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    check = await database_check(settings, path)
    assert check.verdict is Verdict.BAD
    assert "nieuwer" in check.detail


async def test_looking_changes_nothing(settings: Settings, tmp_path: Path, sqlite_template: Path) -> None:
    path = tmp_path / "stil.db"
    path.write_bytes(sqlite_template.read_bytes())
    await database_check(settings, path)
    assert path.read_bytes() == sqlite_template.read_bytes()


async def test_postgresql_is_looked_at_too(settings: Settings, postgres_schema: str) -> None:
    checks = await storage.examine(changed(settings, database=DatabaseSettings(url=postgres_schema)))
    assert named(checks, "Databank").verdict is Verdict.GOOD


# ── judging ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_rule_file_with_errors_is_shown_with_line_and_column(settings: Settings, tmp_path: Path) -> None:
    rules = tmp_path / "regels.yaml"
    rules.write_text("versie: 1\nregels:\n  - id: x\n    titel: nee\n", encoding="utf-8")
    check = named(await examine(changed(settings, rules=rules)), "Huisregels")
    assert check.verdict is Verdict.BAD
    assert f"{rules}:3:" in check.detail
    assert "rules check" in check.remedy


async def test_an_unknown_scorer(settings: Settings) -> None:
    checks = await examine(changed(settings, scorer="orakel"))
    assert named(checks, "Scorer").verdict is Verdict.BAD
    assert "orakel" in named(checks, "Scorer").detail
    assert named(checks, "Huisregels").verdict is Verdict.SKIPPED


# ── the network ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_port_in_use(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = changed(settings, console=ConsoleSettings(port=taken.getsockname()[1]))
        (check,) = await network.console(busy)
    assert check.verdict is Verdict.WARNING
    assert "in gebruik" in check.detail


async def test_channels_are_examined_with_their_own_settings_and_no_token_is_shown(settings: Settings) -> None:
    """Nothing listens on port 1: both platforms are unreachable, and the tokens stay out of what is said."""
    nowhere = "http://127.0.0.1:1"
    tokens = changed(
        settings,
        telegram=TelegramSettings(token=TOKEN, api_base=nowhere),
        discord=DiscordSettings(token=TOKEN, api_base=f"{nowhere}/api/v10"),
    )
    checks = await examine(tokens)
    found = [check for check in checks if check.name.startswith(("Telegram", "Discord"))]
    assert {check.name.split(":")[0] for check in found} == {"Telegram", "Discord"}
    assert all(check.verdict is Verdict.BAD for check in found)
    assert TOKEN not in repr(checks)


async def test_a_check_that_falls_over_is_a_bad_check(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall_over(_path: Path) -> Check:
        raise RuntimeError(TOKEN)

    monkeypatch.setattr(storage, "_folder", fall_over)
    checks = await examine(settings)
    assert named(checks, "Opslag").verdict is Verdict.BAD
    assert TOKEN not in repr(checks)


def test_no_platform_library_is_loaded_without_a_token(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys; from bot.doctor import examine; from bot.settings import Settings\n"
        f"asyncio.run(examine(Settings(data_dir={str(tmp_path)!r})))\n"
        "sys.exit(bool({'telegram', 'discord'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
