"""A progress bar: on standard error, and only where a person is watching."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Advance = Callable[[int], None]
"""Say how far it is, counted from the beginning."""


def watched() -> bool:
    """Tell whether a person watches standard error."""
    return sys.stderr.isatty()


@contextmanager
def bar(label: str, length: int, *, shown: bool | None = None) -> Iterator[Advance]:
    """Yield a function to call with how far it is, of `length` in all; nothing is shown where nobody watches."""
    if not (watched() if shown is None else shown) or length <= 0:
        yield lambda _done: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as progress:

        def advance(done: int) -> None:
            step = min(done, length) - progress.pos
            if step > 0:
                progress.update(step)

        yield advance
