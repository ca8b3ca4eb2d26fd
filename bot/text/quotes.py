"""Quotes as Discord writes them: what somebody says is judged, what they quote is not theirs."""

from __future__ import annotations


def split_quotes(content: str) -> tuple[str, str]:
    """Return (the author's own words, the words they quote): `> line`, and everything after `>>> `."""
    own: list[str] = []
    quoted: list[str] = []
    lines = content.split("\n")
    for index, line in enumerate(lines):
        if line.startswith(">>> "):
            quoted += [line.removeprefix(">>> "), *lines[index + 1 :]]
            break
        if line.startswith("> "):
            quoted.append(line.removeprefix("> "))
        elif line != ">":
            own.append(line)
    return "\n".join(own).strip(), "\n".join(quoted).strip()
