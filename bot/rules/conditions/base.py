"""What every condition is: a pydantic model of what is written, that compiles to a check.

A condition says what is wrong with itself through `ConditionError`; it reads no file and knows no other condition.
"""

from __future__ import annotations

import difflib
from abc import abstractmethod
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from bot.rules.lists import Lists
from bot.rules.verdicts import Check

_YES, _NO_WORDS = {"ja", "waar", "true"}, {"nee", "onwaar", "false"}


class ConditionError(ValueError):
    """A condition that cannot work. `key` is the key inside the condition that it is about."""

    def __init__(self, message: str, *, key: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.key = key
        self.hint = hint


def _yes_or_no(value: object) -> object:
    word = str(value).casefold()
    if word in _YES or word in _NO_WORDS:
        return word in _YES
    raise PydanticCustomError("ja_of_nee", "schrijf ja of nee")


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no), WithJsonSchema({"enum": ["ja", "nee", True, False]})]
OneOrMore = Annotated[
    tuple[Text, ...],
    BeforeValidator(_as_list),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["string", "number"]},
                {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1},
            ]
        }
    ),
]


class Spec(BaseModel):
    """Base of every condition. `short` is the key that a bare word or list stands for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    short: ClassVar[str] = ""
    # Words that stand for "no further options", for conditions such as `links: elke`.
    bare: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: Any) -> Any:
        if isinstance(value, str) and value in cls.bare:
            return {}
        if isinstance(value, str | list) and cls.short:
            return {cls.short: value}
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        full = handler.resolve_ref_schema(handler(schema))
        forms: list[dict[str, Any]] = [{"enum": sorted(cls.bare)}] if cls.bare else []
        if cls.short:
            forms.append(dict(full["properties"][cls.short]))
        if not forms:
            return full
        description = full.pop("description", "")
        return {"description": description, "anyOf": [*forms, full]}

    @abstractmethod
    def compile(self, lists: Lists) -> Check:
        """Return the check; raise ConditionError where what is written cannot work."""


def require_lists(entries: Iterable[str], lists: Lists, *, key: str) -> None:
    """Raise ConditionError where an `@naam` among `entries` is not the name of a list."""
    for entry in entries:
        name = entry[1:]
        if entry.startswith("@") and name not in lists.names():
            close = difflib.get_close_matches(name, lists.names(), n=1)
            hint = f"bedoelt u `@{close[0]}`?" if close else "zet de lijst bovenaan onder `lijsten:`"
            raise ConditionError(f"er is geen lijst met de naam `{name}`", key=key, hint=hint)
