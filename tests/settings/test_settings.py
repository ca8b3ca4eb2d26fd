from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.errors import ConfigError
from bot.settings import ROOT, Settings, load_settings, setting_names

TOKEN = "123456:dit-is-een-geheim"


@pytest.fixture
def env(tmp_path: Path) -> Callable[..., Settings]:
    """Return a function that reads a `.env` with this content, under these environment variables."""

    def read(content: str | bytes = "", **environ: str) -> Settings:
        file = tmp_path / ".env"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_settings(file, {f"VERBINDER_{name}": value for name, value in environ.items()})

    return read


@pytest.fixture
def wrong(env: Callable[..., Settings]) -> Callable[..., str]:
    """Return a function that reads settings which are wrong, and returns what is said about them."""

    def read(content: str | bytes = "", **environ: str) -> str:
        with pytest.raises(ConfigError) as caught:
            env(content, **environ)
        assert caught.value.remedy
        return caught.value.message

    return read


Env = Callable[..., Settings]
Wrong = Callable[..., str]


# ── where settings come from ──────────────────────────────────────────────────────────────────────────────────────


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path / ".env", {}) == Settings()


def test_what_the_environment_says_goes_before_the_file(env: Env) -> None:
    settings = env("VERBINDER_TOWN=Velddorp\nVERBINDER_SCORER=detoxify\n", TOWN="Dorpbeke")
    assert (settings.town, settings.scorer) == ("Dorpbeke", "detoxify")


def test_the_file_in_the_working_directory_and_the_real_environment_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("VERBINDER_TOWN=Velddorp\nVERBINDER_SCORER=x\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("VERBINDER_TEST_POSTGRES", raising=False)
    monkeypatch.setenv("VERBINDER_SCORER", "embedded")
    settings = load_settings()
    assert (settings.town, settings.scorer) == ("Velddorp", "embedded")


def test_names_are_nested_and_their_case_is_free(env: Env) -> None:
    settings = env("verbinder_discord__channels=1\nVERBINDER_Console__Port=80\n", telegram__staff_chat="-100")
    assert settings.discord.channels == ("1",)
    assert settings.console.port == 80
    assert settings.telegram.staff_chat == "-100"


def test_a_lower_case_variable_still_goes_before_the_file(env: Env) -> None:
    assert env("VERBINDER_TOWN=Velddorp", town="Dorpbeke").town == "Dorpbeke"


@pytest.mark.parametrize(
    ("line", "town"),
    [
        ("VERBINDER_TOWN=Velddorp", "Velddorp"),
        ("VERBINDER_TOWN = Velddorp ", "Velddorp"),
        ("export VERBINDER_TOWN=Velddorp", "Velddorp"),
        ("VERBINDER_TOWN='Sint-Jan # aan zee'", "Sint-Jan # aan zee"),
        ('VERBINDER_TOWN="Stad \\"Zuid\\""', 'Stad "Zuid"'),
        ("VERBINDER_TOWN=Velddorp # waar wij wonen", "Velddorp"),
        ("# VERBINDER_TOWN=Elders\nVERBINDER_TOWN=Velddorp", "Velddorp"),
        ("VERBINDER_TOWN=Eerst\nVERBINDER_TOWN=Laatst", "Laatst"),
        ("VERBINDER_TOWN=Velddorp\r\n", "Velddorp"),
        ("\ufeffVERBINDER_TOWN=Velddorp", "Velddorp"),  # saved by Notepad
        ("VERBINDER_TOWN=Geraardsbergen ⛰ é", "Geraardsbergen ⛰ é"),
        ("VERBINDER_TOWN=$HOME ${USER}", "$HOME ${USER}"),  # nothing is filled in
        ("EDITOR=vi\nPATH=\nVERBINDER_TOWN=Velddorp", "Velddorp"),  # other programs read this file too
        ("VERBINDER_TOWN=", "de gemeente"),  # nothing behind it: not set
        ("VERBINDER_TOWN='  '", "de gemeente"),
    ],
)
def test_a_file_is_read_as_people_write_it(env: Env, line: str, town: str) -> None:
    assert env(line).town == town


def test_an_empty_token_is_no_token(env: Env) -> None:
    settings = env("VERBINDER_TELEGRAM__TOKEN=\nVERBINDER_DISCORD__TOKEN=''\nVERBINDER_DATABASE__URL=\n")
    assert settings == Settings()
    assert settings.demo_plays


# ── what is wrong ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (f"VERBINDER_TELEGRAM__TOKEN {TOKEN}\n", [1]),
        (f"VERBINDER_TOWN=x\n\n# uitleg\n\n\nVERBINDER_TELEGRAM__TOKEN='{TOKEN}\nVERBINDER_SCORER=x\n", [6]),
        (f"\r\n\r\nVERBINDER_TELEGRAM__TOKEN\r\nVERBINDER_TOWN=x\r\n{TOKEN}\r\n", [3, 5]),
        (f"   \n\t\n  {TOKEN}: x\n", [3]),
    ],
)
def test_a_malformed_line_is_named_by_its_number_and_never_shown(wrong: Wrong, content: str, lines: list[int]) -> None:
    said = wrong(content)
    assert [int(line.split(".env:")[1].split(":")[0]) for line in said.splitlines()[1:]] == lines
    assert "geheim" not in said


def test_a_file_that_is_no_text_is_said_so(wrong: Wrong) -> None:
    message = wrong(b"VERBINDER_TOWN=\xff\xfe geheim")
    assert "kan niet gelezen worden" in message
    assert "geheim" not in message


def test_a_file_that_cannot_be_opened_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="kan niet gelezen worden"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("VERBINDER_TWON", "VERBINDER_TOWN"),
        ("VERBINDER_TELEGRAM_TOKEN", "VERBINDER_TELEGRAM__TOKEN"),  # one underscore
        ("VERBINDER_TELEGRAM__TOKENS", "VERBINDER_TELEGRAM__TOKEN"),
        ("VERBINDER_DATABASE_URL", "VERBINDER_DATABASE__URL"),
        ("VERBINDER_DISCORD", None),  # a section is no setting
        ("VERBINDER_XYZZY_PLUGH", None),
        ("VERBINDER_FOO", None),  # as short as VERBINDER_TOWN, and nothing like it
    ],
)
@pytest.mark.parametrize("value", ["geheim", ""])
def test_a_name_that_does_not_exist_is_refused_with_the_one_that_was_meant(
    wrong: Wrong, name: str, meant: str | None, value: str
) -> None:
    (line,) = wrong(f"{name}={value}\n").splitlines()[1:]
    assert line.strip().startswith(f"{name}: deze instelling bestaat niet.")
    if meant:
        assert line.endswith(f"Bedoelt u {meant}?")
    else:
        assert "Bedoelt u" not in line
    assert "geheim" not in line


BAD = {
    "DATABASE__URL": "mysql://jan:geheim@server/db",
    "CONSOLE__PORT": "70000",
    "DEMO__ENABLED": "geheim",
    "DEMO__PACE": "0",
    "LOG_LEVEL": "geheim",
    "SCORER_SECONDS": "snel-geheim",
    "REVIEW__GRACE_SECONDS": "-1",
    "REVIEW__CLAIM_MINUTES": "nan",
    "REVIEW__REMIND_AFTER_HOURS": "inf",
    "REVIEW__WORKING_DAY": "geheim",
    "REVIEW__DIGEST_AT": "8.30",
    "REVIEW__RETENTION_DAYS": "0",
    "REVIEW__CASE_RETENTION_DAYS": "1000000000000",
}


def test_everything_that_is_wrong_is_said_at_once(wrong: Wrong) -> None:
    message = wrong("VERBINDER_TWON=x\n", **BAD)
    named = {line.strip().split(":")[0].removeprefix("VERBINDER_") for line in message.splitlines()[1:]}
    assert named == {*BAD, "TWON"}
    assert "geheim" not in message, "a value may be a secret in the wrong place"


@pytest.mark.parametrize("name", BAD)
def test_each_wrong_value_is_refused_by_itself(wrong: Wrong, name: str) -> None:
    assert f"VERBINDER_{name}: " in wrong(**{name: BAD[name]})


def test_a_wrong_value_is_not_shown_by_whoever_builds_settings_otherwise() -> None:
    with pytest.raises(ValueError, match="log_level") as caught:
        Settings.model_validate({"log_level": "geheim"})
    assert "geheim" not in str(caught.value)


# ── secrets ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_trap_20_secrets_print_as_stars_wherever_they_are_printed(env: Env) -> None:
    settings = env(
        TELEGRAM__TOKEN=TOKEN, DISCORD__TOKEN=TOKEN, DATABASE__URL="postgresql://jan:geheim@server/verbinder"
    )
    for shown in (
        repr(settings), str(settings), f"{settings.telegram}", str(settings.database), repr(settings.discord),
        str(settings.model_dump(exclude={"database"})), settings.model_dump_json(exclude={"database"}),
    ):  # fmt: skip
        assert "geheim" not in shown
    assert settings.telegram.token is not None
    assert settings.telegram.token.get_secret_value() == TOKEN


# ── values ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("sqlite:///data/x.db", "sqlite+aiosqlite:///data/x.db"),
        ("sqlite:////srv/x.db", "sqlite+aiosqlite:////srv/x.db"),
        ("sqlite+aiosqlite:////srv/x.db", "sqlite+aiosqlite:////srv/x.db"),
        ("postgres://jan:w@server/db", "postgresql+psycopg://jan:w@server/db"),
        ("postgresql://jan:w%40x@server:5433/db", "postgresql+psycopg://jan:w%40x@server:5433/db"),
        ("postgresql+psycopg://server/db?sslmode=require", "postgresql+psycopg://server/db?sslmode=require"),
    ],
)
def test_an_address_of_a_database_gets_the_driver_that_is_needed(env: Env, written: str, used: str) -> None:
    assert env(DATABASE__URL=written).database.url == used


@pytest.mark.parametrize(
    "written",
    ["mysql://s/db", "postgresql+asyncpg://s/db", "data/x.db", "sqlite:data/x.db", "postgresql://s:poort/db", "geheim"],
)
def test_an_address_that_is_none_is_refused_with_the_forms_that_are(wrong: Wrong, written: str) -> None:
    message = wrong(DATABASE__URL=written)
    assert "sqlite:///" in message
    assert "postgresql://" in message


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1,2", ("1", "2")),
        (" 1 , 2 ,", ("1", "2")),
        ("-100", ("-100",)),
        (",", ()),
        ("", ()),
    ],
)
def test_a_list_is_written_with_commas(env: Env, written: str, read: tuple[str, ...]) -> None:
    assert env(TELEGRAM__CHATS=written).telegram.chats == read


@pytest.mark.parametrize(
    ("environ", "plays"),
    [
        ({}, True),
        ({"TELEGRAM__TOKEN": TOKEN}, False),
        ({"DISCORD__TOKEN": TOKEN}, False),
        ({"TELEGRAM__TOKEN": TOKEN, "DEMO__ENABLED": "on"}, True),
        ({"DEMO__ENABLED": "off"}, False),
        ({"DEMO__ENABLED": "auto", "TELEGRAM__CHATS": "-100"}, True),  # without a token nothing is connected
    ],
    ids=str,
)
def test_the_demonstration_plays_when_asked_or_when_nothing_else_does(
    env: Env, environ: dict[str, str], plays: bool
) -> None:
    assert env(**environ).demo_plays is plays


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, "http://127.0.0.1:8642"),
        ({"CONSOLE__PORT": "80"}, "http://127.0.0.1:80"),
        ({"CONSOLE__HOST": "0.0.0.0"}, "http://127.0.0.1:8642"),  # where it listens is no address to open
        ({"CONSOLE__HOST": "::"}, "http://127.0.0.1:8642"),
        ({"CONSOLE__HOST": "::1"}, "http://[::1]:8642"),
        ({"CONSOLE__HOST": "verbinder.intern"}, "http://verbinder.intern:8642"),
        ({"CONSOLE__URL": "https://verbinder.velddorp.example/"}, "https://verbinder.velddorp.example"),
    ],
    ids=str,
)
def test_the_address_of_the_console_can_be_opened(env: Env, environ: dict[str, str], url: str) -> None:
    assert env(**environ).console_url == url


def test_settings_cannot_be_changed_while_the_service_runs(env: Env) -> None:
    settings = env()
    with pytest.raises(ValueError, match="frozen"):
        setattr(settings, "town", "Elders")  # noqa: B010 - mypy would refuse it too
    assert settings.grace == timedelta(seconds=10)


def test_without_a_folder_of_its_own_everything_lies_beside_the_program() -> None:
    settings = Settings()
    assert settings.rules.is_relative_to(ROOT)
    assert settings.rules.is_file()
    assert settings.frames.is_dir()
    assert settings.data_dir == ROOT / "data"
    assert settings.database.url.endswith(str(ROOT / "data" / "verbinder.db"))
