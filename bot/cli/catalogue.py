"""Compile the Dutch catalogue of click's words: `python -m bot.cli.catalogue`.

Reads the few forms of a `.po` file that ours uses (msgid, msgid_plural, msgstr, quoted lines) and writes a `.mo` file,
the format that Python's gettext reads (GNU gettext manual, "The Format of GNU MO Files").
"""

from __future__ import annotations

import ast
import re
import struct

from bot.cli.dutch import LOCALE

PO = LOCALE / "nl" / "LC_MESSAGES" / "messages.po"
MO = PO.with_suffix(".mo")

_MAGIC = 0x950412DE
_LINE = re.compile(r'(?:(msgid_plural|msgid|msgstr(?:\[\d\])?)\s+)?(".*")\s*$')


def read_po(text: str) -> dict[str, tuple[str, ...]]:
    """Return what each msgid translates to: one form, or one for each plural form. Raise ValueError for other lines."""
    entries: list[dict[str, str]] = []
    keyword = ""
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            msg = f"not understood: {line}"
            raise ValueError(msg)
        if match[1] == "msgid":
            entries.append({})
        keyword = match[1] or keyword
        entries[-1][keyword] = entries[-1].get(keyword, "") + ast.literal_eval(match[2])
    found = {}
    for entry in entries:
        key = entry["msgid"] + (f"\0{entry['msgid_plural']}" if "msgid_plural" in entry else "")
        found[key] = tuple(entry[name] for name in sorted(entry) if name.startswith("msgstr"))
    return found


def compile_po(text: str) -> bytes:
    """Return the `.mo` file of a `.po` file."""
    found = sorted((key.encode(), "\0".join(forms).encode()) for key, forms in read_po(text).items())
    header = 7 * 4
    texts = header + len(found) * 16
    table: list[bytes] = []
    heap = b""
    for column in (0, 1):
        for entry in found:
            table.append(struct.pack("<II", len(entry[column]), texts + len(heap)))
            heap += entry[column] + b"\0"
    start = struct.pack("<7I", _MAGIC, 0, len(found), header, header + len(found) * 8, 0, 0)
    return start + b"".join(table) + heap


if __name__ == "__main__":
    MO.write_bytes(compile_po(PO.read_text(encoding="utf-8")))
