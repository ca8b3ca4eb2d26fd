"""Settings: environment variables `VERBINDER_…` and a `.env` file, nested with `__`.

A wrong, unknown or malformed setting is one clear message (`ConfigError`), never a traceback, and secrets are
`SecretStr`: they print as stars wherever they end up.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from dotenv.parser import Binding, parse_stream
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, field_validator

from bot.core.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "VERBINDER_"
_ALIKE = 0.85  # all names share their beginning, so a lower share of like letters says nothing


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


CommaList = Annotated[tuple[str, ...], BeforeValidator(_split)]


def _is_address(url: str) -> bool:
    from sqlalchemy.engine import make_url  # not needed by a command that leaves the database alone
    from sqlalchemy.exc import ArgumentError

    try:
        make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number
        return False
    return True


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class DatabaseSettings(_Section):
    """`url`: an SQLAlchemy address; SQLite at `data/verbinder.db` unless told otherwise. It may hold a password."""

    url: str = Field(default=f"sqlite+aiosqlite:///{ROOT / 'data' / 'verbinder.db'}", repr=False)

    @field_validator("url")
    @classmethod
    def _with_async_driver(cls, url: str) -> str:
        for plain, driver in (
            ("postgres://", "postgresql+psycopg://"),
            ("postgresql://", "postgresql+psycopg://"),
            ("sqlite://", "sqlite+aiosqlite://"),
        ):
            if url.startswith(plain):
                url = driver + url.removeprefix(plain)
        if not url.startswith(("sqlite+aiosqlite://", "postgresql+psycopg://")) or not _is_address(url):
            msg = "use sqlite:///path or postgresql://user:password@host:port/database"
            raise ValueError(msg)
        return url


class TelegramSettings(_Section):
    """`chats`: ids of the watched groups; `staff_chat`: the id of the staff group where cards appear."""

    token: SecretStr | None = None
    api_base: str = "https://api.telegram.org"
    chats: CommaList = ()
    staff_chat: str | None = None


class DiscordSettings(_Section):
    """`channels`: ids of the watched channels and forums; `staff_channel`: where cards appear."""

    token: SecretStr | None = None
    api_base: str = "https://discord.com/api/v10"
    channels: CommaList = ()
    staff_channel: str | None = None


class ConsoleSettings(_Section):
    """Where the web console listens. `hosts` are the names that browsers may ask for; `url` its public address."""

    host: str = "127.0.0.1"
    port: int = Field(default=8642, ge=0, le=65535)
    hosts: CommaList = ("127.0.0.1", "localhost", "[::1]")
    url: str | None = None


class DemoSettings(_Section):
    """The demonstration channel: `on` means when no other channel is configured."""

    enabled: Literal["auto", "on", "off"] = "auto"
    pace: float = Field(default=4.0, gt=0, le=3600, description="seconds between two reactions")


class ReviewSettings(_Section):
    """The workflow's times, in seconds, minutes, hours and days as their names say."""

    grace_seconds: float = Field(default=10, ge=0, le=3600)
    claim_minutes: float = Field(default=15, gt=0, le=1440)
    raid_window_minutes: float = Field(default=60, gt=0, le=10080)
    remind_after_hours: float = Field(default=2, gt=0, le=1000, description="working hours before a reminder")
    answer_within_hours: float = Field(
        default=8, gt=0, le=1000, description="working hours in which a case should be decided"
    )
    working_day: str = Field(default="09:00-17:00", pattern=r"^\d{2}:\d{2}-\d{2}:\d{2}$")
    closing_days: CommaList = ()
    digest_at: str = Field(default="08:30", pattern=r"^\d{2}:\d{2}$")
    retention_days: int = Field(default=180, ge=1, le=36500, description="days that reactions without a case are kept")
    case_retention_days: int = Field(
        default=730, ge=1, le=36500, description="days that reactions with a case are kept"
    )


class Settings(_Section):
    """Everything that can be set. Read it with `load_settings`."""

    town: str = Field(default="de gemeente", min_length=1, description="the municipality's name, as replies sign it")
    timezone: str = "Europe/Brussels"
    data_dir: Path = ROOT / "data"
    rules: Path = ROOT / "rules" / "huisregels.yaml"
    frames: Path = ROOT / "frames"
    thresholds: Path = ROOT / "rules" / "drempels.yaml"
    scorer: str = "embedded"
    detector: Literal["embedded", "model"] = Field(
        default="embedded",
        description="what recognises frames, tone and tension: words, or the language model with them",
    )
    scorer_rule: Literal["highest", "mean", "first"] = Field(
        default="highest", description="how several scorers (`embedded+detoxify`) count together"
    )
    scorer_model: str = Field(
        default="multilingual", description="Detoxify model name or the path of a checkpoint; for onnx its folder"
    )
    scorer_threads: int = Field(default=0, ge=0, le=64, description="threads of a model; 0: one a processor, at most 4")
    scorer_seconds: float = Field(default=5, gt=0, le=300)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    database: DatabaseSettings = DatabaseSettings()
    telegram: TelegramSettings = TelegramSettings()
    discord: DiscordSettings = DiscordSettings()
    console: ConsoleSettings = ConsoleSettings()
    demo: DemoSettings = DemoSettings()
    review: ReviewSettings = ReviewSettings()

    @property
    def grace(self) -> timedelta:
        return timedelta(seconds=self.review.grace_seconds)

    @property
    def own_model(self) -> Path:
        """Return where what the town taught the language model is kept."""
        return self.data_dir / "model"

    @property
    def console_url(self) -> str:
        """Return the address that people open, without a trailing slash."""
        if self.console.url:
            return self.console.url.rstrip("/")
        host = "127.0.0.1" if self.console.host in {"0.0.0.0", "::"} else self.console.host  # noqa: S104 - compared, not bound
        return f"http://[{host}]:{self.console.port}" if ":" in host else f"http://{host}:{self.console.port}"

    @property
    def demo_plays(self) -> bool:
        """Tell whether the demonstration channel plays: asked for, or nothing else is configured."""
        if self.demo.enabled == "auto":
            return self.telegram.token is None and self.discord.token is None
        return self.demo.enabled == "on"


def setting_names(model: type[BaseModel] = Settings, prefix: str = PREFIX) -> Iterator[str]:
    """Yield the name of every environment variable that is understood."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, _Section):
            yield from setting_names(kind, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}"


def load_settings(env_file: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read `environ` (default: the process's) over `env_file` (default: `.env` in the working directory).

    A name with nothing behind it (`VERBINDER_TELEGRAM__TOKEN=`) is a setting that is not set.

    Raises:
        ConfigError: a malformed `.env`, an unknown name or a value that does not fit; all of them at once.
    """
    environ = os.environ if environ is None else environ
    file = env_file if env_file is not None else Path(".env")
    values = {**_read_env_file(file), **{k: v for k, v in environ.items() if k.upper().startswith(PREFIX)}}
    known = {name.upper() for name in setting_names()}
    problems = [_unknown(name, known) for name in values if name.upper() not in known]
    try:
        settings = Settings.model_validate(_nest(values, known))
    except ValidationError as error:
        for item in error.errors(include_input=False, include_url=False):
            name = PREFIX + "__".join(str(part).upper() for part in item["loc"])
            problems.append(f"  {name}: {item['msg']}")
    else:
        if not problems:
            return settings
    raise ConfigError(
        "De instellingen kloppen niet (settings are wrong):\n" + "\n".join(problems),
        remedy=f"Pas de omgevingsvariabelen of {file} aan. Alle namen staan in docs/instellingen.md.",
    )


def _nest(values: Mapping[str, str], known: set[str]) -> dict[str, object]:
    nested: dict[str, object] = {}
    for name, value in values.items():
        if name.upper() not in known or not value.strip():
            continue
        section: dict[str, object] = nested
        *path, leaf = name.upper().removeprefix(PREFIX).lower().split("__")
        for part in path:
            section = section.setdefault(part, {})  # type: ignore[assignment]
        section[leaf] = value
    return nested


def _unknown(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=_ALIKE)
    hint = f" Bedoelt u {near[0]}?" if near else ""
    return f"  {name}: deze instelling bestaat niet.{hint}"


def _read_env_file(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    try:
        with file.open(encoding="utf-8-sig") as stream:
            bindings = list(parse_stream(stream))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} kan niet gelezen worden: {error}", remedy="Bewaar het bestand als UTF-8.") from None
    wrong = [_line_of(b) for b in bindings if b.error or (b.key is not None and b.value is None)]
    if wrong:
        # The line itself is not shown: it may hold a token.
        lines = "\n".join(f"  {file}:{line}: verwacht NAAM=waarde, met gesloten aanhalingstekens" for line in wrong)
        raise ConfigError("Het .env-bestand klopt niet (malformed .env):\n" + lines, remedy="Verbeter deze regels.")
    return {b.key: b.value for b in bindings if b.key and b.value is not None and b.key.upper().startswith(PREFIX)}


def _line_of(binding: Binding) -> int:
    """Return the number of the line that a binding stands on: the parser counts blank lines before it as its own."""
    text = binding.original.string
    blank = text[: len(text) - len(text.lstrip())]
    return binding.original.line + len(re.findall(r"\r\n|\n|\r", blank))
