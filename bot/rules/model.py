"""The rule file as pydantic sees it. Keys are Dutch because administrators write them.

The types carry law 2: a frame takes `FrameEffect`, which has no removing or alerting member, so a file that lets a
frame remove something cannot be read at all.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    create_model,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from bot.rules.conditions.base import OneOrMore, Text, YesNo
from bot.rules.durations import Duration, parse_duration
from bot.rules.moments import Moment
from bot.rules.registry import COMBINATIONS, CONDITIONS

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=80)]
Status = Literal["concept", "schaduw", "actief", "uitgefaseerd"]
SeverityWord = Literal["laag", "matig", "hoog", "kritiek"]
RuleEffect = Literal["meld_moderator", "stel_antwoord_voor", "markeer", "stel_verwijderen_voor"]
FrameEffect = Literal["stel_antwoord_voor", "markeer"]


def _one_as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NodeBase(BaseModel):
    """Eén voorwaarde, of een groep: `alle`, `een` (minstens één) of `geen`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="after")
    def _exactly_one(self) -> NodeBase:
        if len(self.model_fields_set) != 1:
            raise PydanticCustomError(
                "een_voorwaarde", "hier hoort precies één voorwaarde te staan; zet er meer onder `alle:` of `een:`"
            )
        return self

    @property
    def key(self) -> str:
        """Return the one key that is filled in."""
        return next(iter(self.model_fields_set))

    @property
    def value(self) -> Any:
        """Return the condition, or the conditions of the group."""
        return getattr(self, self.key)


_GROUPS = {
    "alle": "Alle voorwaarden hieronder moeten kloppen.",
    "een": "Minstens één voorwaarde hieronder moet kloppen.",
    "geen": "Geen enkele voorwaarde hieronder mag kloppen.",
}
_FIELDS: dict[str, Any] = {
    **{
        name: (
            Annotated[tuple["Voorwaarde", ...], BeforeValidator(lambda v: [v] if isinstance(v, dict) else v)],
            Field(default=None, min_length=1, description=_GROUPS[name]),
        )
        for name in COMBINATIONS
    },
    **{name: (entry.spec, Field(default=None)) for name, entry in CONDITIONS.items()},
}
Voorwaarde: type[NodeBase] = create_model("Voorwaarde", __base__=NodeBase, __doc__=NodeBase.__doc__, **_FIELDS)
Voorwaarde.model_rebuild(_types_namespace={"Voorwaarde": Voorwaarde})


class Earlier(_Entry):
    """Wat er vlak voor een voorbeeld geschreven werd."""

    wie: Literal["zelfde", "ander"] = Field(
        default="zelfde", description="`zelfde` schrijver (standaard), of een `ander`: telkens een andere persoon."
    )
    hoe: Literal["gelijk", "anders"] = Field(
        default="gelijk", description="Met `gelijk`aardige woorden (standaard) of heel `anders`."
    )
    geleden: Duration = Field(
        default=parse_duration("1 minuut"),
        description="Hoelang voor het voorbeeld. Standaard `1 minuut`.",
        json_schema_extra={"default": "1 minuut"},
    )
    aantal: int = Field(default=1, ge=1, le=200, description="Hoeveel zulke berichten. Standaard 1.")


class Example(_Entry):
    """Een voorbeeldbericht, met de omstandigheden die ertoe doen."""

    tekst: Text = Field(description="Het bericht.")
    rol: Literal["bewoner", "medewerker", "gemeente"] = Field(default="bewoner", description="Wie het schreef.")
    kanaal: str = Field(default="", description="Via welk kanaal het kwam.")
    bijlagen: OneOrMore = Field(default=(), description="De bijlagen.")
    draad: str | None = Field(
        default=None,
        description="In welke draad of welk onderwerp het staat.",
        json_schema_extra={"anyOf": [{"type": ["string", "number"]}]},
    )
    eerder: Annotated[tuple[Earlier, ...], BeforeValidator(lambda v: [v] if isinstance(v, dict) else v)] = Field(
        default=(), min_length=1, description="Wat er vlak voordien geschreven werd."
    )
    eerste_bericht: YesNo | None = Field(default=None, description="Of het het eerste bericht van de schrijver is.")
    moment: Moment | None = Field(
        default=None, description="Wanneer het geschreven werd: `23:30` (op een woensdag) of `za 23:30`."
    )

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: Any) -> Any:
        return {"tekst": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _agrees(self) -> Example:
        if self.eerste_bericht and any(item.wie == "zelfde" for item in self.eerder):
            raise PydanticCustomError(
                "eerste", "een eerste bericht kan niets van de `zelfde` schrijver voor zich hebben"
            )
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        full = handler.resolve_ref_schema(handler(schema))
        return {"description": full["description"], "anyOf": [{"type": ["string", "number"]}, full]}


_Examples = Annotated[tuple[Example, ...], BeforeValidator(_one_as_list)]


class Examples(_Entry):
    """Voorbeelden die bij het laden gecontroleerd worden."""

    wel: _Examples = Field(default=(), description="Berichten waarbij de regel moet afgaan.")
    niet: _Examples = Field(default=(), description="Berichten waarbij de regel niet mag afgaan.")


class RuleEntry(_Entry):
    """Een huisregel die het programma bewaakt."""

    id: Slug = Field(description="Vaste naam, in kleine letters met streepjes. Gebruik een naam nooit opnieuw.")
    titel: Text = Field(description="Korte titel voor moderatoren.")
    huisregel: Text = Field(description="De gepubliceerde huisregel die hierbij hoort.")
    status: Status | None = Field(
        default=None, description="concept (telt niet), schaduw (telt, doet niets), actief of uitgefaseerd."
    )
    ernst: SeverityWord = Field(description="Hoe ernstig: laag, matig, hoog of kritiek.")
    kanalen: OneOrMore | None = Field(default=None, description='In welke kanalen de regel geldt; "*" is overal.')
    wanneer: Voorwaarde = Field(description="De voorwaarden waarbij de regel afgaat.")
    doet: Annotated[tuple[RuleEffect, ...], BeforeValidator(_one_as_list)] = Field(
        min_length=1, description="Wat er dan gebeurt. Het programma stelt voor, een mens beslist."
    )
    waarom: Text = Field(description="De uitleg aan de bewoner, in gewone en vriendelijke taal.")
    voorbeelden: Examples = Field(default=Examples(), description="Voorbeelden die tegelijk testen zijn.")
    vervangt: OneOrMore = Field(default=(), description="Vroegere namen van deze regel.")
    opmerking: Text | None = Field(default=None, description="Een notitie voor collega's.")


class FrameEntry(_Entry):
    """Wat er gebeurt als een kader herkend wordt. Een kader is een mening en laat nooit iets verwijderen."""

    id: Slug = Field(description="De naam van het kader.")
    doet: Annotated[tuple[FrameEffect, ...], BeforeValidator(_one_as_list)] = Field(
        min_length=1, description="Een antwoord voorstellen of markeren. Melden of verwijderen kan hier niet."
    )
    opmerking: Text | None = Field(default=None, description="Een notitie voor collega's.")


class ListEntry(_Entry):
    """Een woordenlijst: een bestand, of de woorden zelf."""

    bestand: Text | None = Field(
        default=None, description="Een tekstbestand naast het regelbestand, één woord per lijn."
    )
    woorden: OneOrMore | None = Field(default=None, description="De woorden zelf.")

    @model_validator(mode="after")
    def _exactly_one(self) -> ListEntry:
        if (self.bestand is None) == (self.woorden is None):
            raise PydanticCustomError("lijst", "een lijst heeft óf `bestand` óf `woorden`, niet allebei en niet geen")
        return self


class Defaults(_Entry):
    """Wat geldt voor elke regel die er zelf niets over zegt."""

    status: Status = Field(default="actief", description="De status van een regel zonder eigen status.")
    kanalen: OneOrMore = Field(
        default=("*",), description='De kanalen van een regel zonder eigen kanalen; "*" is overal.'
    )


class RuleFile(_Entry):
    """De huisregels van de gemeente, zoals Verbinder ze bewaakt."""

    versie: Annotated[Literal[1], BeforeValidator(lambda v: 1 if v == "1" else v)] = Field(
        description="De vorm van dit bestand. Nu altijd 1."
    )
    standaard: Defaults = Field(default=Defaults(), description="Standaardwaarden voor alle regels.")
    lijsten: dict[Slug, ListEntry] = Field(default={}, description="Woordenlijsten, te gebruiken als `@naam`.")
    regels: tuple[RuleEntry, ...] = Field(min_length=1, description="De huisregels.")
    kaders: tuple[FrameEntry, ...] = Field(default=(), description="Wat herkende kaders doen.")
