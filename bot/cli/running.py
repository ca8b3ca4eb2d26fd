"""From arguments to an exit status, with every error as one readable block on standard error.

A traceback is shown only with `--debug`; otherwise what nobody expected goes to a file, and one line says where.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from bot.cli import dutch, failures
from bot.core.errors import VerbinderError

FINE, WRONG, USAGE = 0, 1, 2


@dataclass(slots=True)
class Options:
    """What holds for every command. Given to click as `obj`."""

    debug: bool = False


def status_of(arguments: Sequence[str]) -> int:
    """Run a command and return its exit status. Errors are told here and nowhere else."""
    from bot.cli.program import program

    dutch.install()
    _print_anything()
    options = Options()
    try:
        result = program.main(list(arguments), prog_name="verbinder", standalone_mode=False, obj=options)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Afgebroken.", err=True)
        return WRONG
    except BrokenPipeError:
        _close_pipe()
        return FINE
    except SystemExit as error:  # click leaves this way when nobody reads its output any more
        _close_pipe()
        return error.code if isinstance(error.code, int) else WRONG
    except Exception as error:  # noqa: BLE001 - the last stop: whatever it is, a person has to understand it
        return _tell(error, debug=options.debug)
    return result if isinstance(result, int) else FINE


def _tell(error: Exception, *, debug: bool) -> int:
    causes = list(leaves(error))
    if not debug and all(isinstance(cause, VerbinderError) for cause in causes):
        for cause in causes:
            click.echo(failures.block(cause), err=True)
        return WRONG
    if debug:
        click.echo(failures.traceback_of(error), err=True)
    else:
        click.echo(failures.unexpected(error), err=True)
    return WRONG


def leaves(error: BaseException) -> Iterator[BaseException]:
    """Yield the errors that a group of errors holds, or the error itself."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from leaves(inner)
    else:
        yield error


def _print_anything() -> None:
    """Let no character stop a line of output, whatever the terminal can show."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _close_pipe() -> None:
    """Whoever read our output went away (`| head`): give what is left in the buffer a place to go."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
