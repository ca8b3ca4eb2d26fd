"""`verbinder` and its commands, in one explicit table. A command's module is read only when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import MappingProxyType

import click

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "run": "bot.cli.run",
        "check": "bot.cli.check",
        "analyse": "bot.cli.analyse",
        "eval": "bot.cli.evaluate",
        "import": "bot.cli.import_history",
        "rules": "bot.cli.rules",
        "train": "bot.cli.train",
        "calibrate": "bot.cli.calibrate",
        "people": "bot.cli.people",
        "audit": "bot.cli.audit",
        "doctor": "bot.cli.doctor",
        "export-onnx": "bot.cli.export_onnx",
        "bench": "bot.cli.bench",
    }
)


class _Program(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        _speak_dutch(command)
        return command


def _speak_dutch(command: click.Command) -> None:
    """Put Dutch in the places that click's catalogue does not reach."""
    command.options_metavar = "[OPTIES]"
    if isinstance(command, click.Group):
        command.subcommand_metavar = "OPDRACHT …"
        for inner in command.commands.values():
            _speak_dutch(inner)


def _version(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"verbinder, versie {version('verbinder')}")
        ctx.exit()


@click.group(
    cls=_Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Instellingen staan in het bestand .env of in omgevingsvariabelen; zie docs/instellingen.md.",
)
@click.option("--debug", is_flag=True, help="Toon bij een onverwachte fout het volledige technische verslag.")
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Toon de versie.")
@click.pass_context
def program(ctx: click.Context, debug: bool) -> None:
    """Verbinder helpt gemeenten om reacties te modereren en verbindend te antwoorden.

    Mensen beslissen; Verbinder stelt voor. Begin met `verbinder run`.
    """
    ctx.obj.debug = debug


_speak_dutch(program)
