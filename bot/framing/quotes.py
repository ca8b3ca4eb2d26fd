"""Which stretches of a text stand in quotation marks: someone else's words, more often than not."""

from __future__ import annotations

import re

from bot.core.findings import Span

_QUOTED = re.compile(
    r"“[^”\n]{1,300}”|„[^”“\n]{1,300}[”“]|«[^»\n]{1,300}»|\"[^\"\n]{1,300}\"|(?<!\w)[‘'][^’'\n]{2,200}[’'](?!\w)"
)
_WHOLE_TEXT_SHARE = 0.9


def quotations(text: str) -> tuple[Span, ...]:
    """Return the quoted stretches. A text that is one whole quotation is a trick, and counts as the writer's own."""
    spans = tuple(found.span() for found in _QUOTED.finditer(text))
    if sum(end - start for start, end in spans) >= _WHOLE_TEXT_SHARE * len(text.strip()):
        return ()
    return spans


def is_quoted(span: Span, quoted: tuple[Span, ...]) -> bool:
    """Say whether `span` lies inside one of the `quoted` stretches."""
    return any(start <= span[0] and span[1] <= end for start, end in quoted)
