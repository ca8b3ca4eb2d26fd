"""The form of the files in `frames/`: Dutch keys, checked by pydantic, turned into the values of `frameset`.

Nothing is silently ignored (trap 9): an unknown key, an empty list, a weight outside (0, 1] are errors.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.core.findings import Tension, Tone
from bot.framing.frameset import About, Example, Frame, Kind, Pack, Signal, ToneSignals, Topic, Value

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,63}$")]
Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1)]
Weight = Annotated[float, Field(gt=0, le=1)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False, frozen=True)


class SignalForm(_Form):
    gewicht: Weight
    onderwerp: About = About.SENTENCE
    patronen: Texts

    def values(self) -> tuple[Signal, ...]:
        return tuple(Signal(pattern, self.gewicht, self.onderwerp) for pattern in self.patronen)


class ExampleForm(_Form):
    tekst: Text
    context: str = ""


class OpensForm(_Form):
    kaders: tuple[Id, ...] = ()
    waarden: tuple[Id, ...] = ()


class FrameForm(_Form):
    id: Id
    pakket: Id
    naam: Text
    soort: Kind
    kernboodschap: Text
    drempel: Weight = 0.5
    signalen: Annotated[tuple[SignalForm, ...], Field(min_length=1)]
    lijsten: dict[Id, Texts] = Field(default_factory=dict)
    voorbeelden: Annotated[tuple[Text | ExampleForm, ...], Field(min_length=1)]
    tegenvoorbeelden: Annotated[tuple[Text | ExampleForm, ...], Field(min_length=1)]
    opent: OpensForm = OpensForm()
    vermijd: tuple[Text, ...] = ()

    def value(self) -> Frame:
        return Frame(
            id=self.id,
            name=self.naam,
            pack=self.pakket,
            kind=self.soort,
            message=self.kernboodschap.strip(),
            threshold=self.drempel,
            signals=tuple(signal for group in self.signalen for signal in group.values()),
            lists=self.lijsten,
            examples=tuple(map(_example, self.voorbeelden)),
            counterexamples=tuple(map(_example, self.tegenvoorbeelden)),
            opens_frames=self.opent.kaders,
            opens_values=self.opent.waarden,
            avoid=self.vermijd,
        )


class PackForm(_Form):
    naam: Text
    onderwerp: Texts
    verwijzing: tuple[Text, ...] = ()
    voornaamwoord: tuple[Text, ...] = ()
    anderen: tuple[Text, ...] = ()
    lijsten: dict[Id, Texts] = Field(default_factory=dict)


class PacksForm(_Form):
    versie: Literal[1]
    pakketten: Annotated[dict[Id, PackForm], Field(min_length=1)]

    def value(self) -> dict[str, Pack]:
        return {
            id_: Pack(id_, form.naam, form.onderwerp, form.verwijzing, form.voornaamwoord, form.anderen, form.lijsten)
            for id_, form in self.pakketten.items()
        }


class ValueForm(_Form):
    naam: Text
    omschrijving: Text
    patronen: Texts


class ValuesForm(_Form):
    versie: Literal[1]
    waarden: Annotated[dict[Id, ValueForm], Field(min_length=1)]

    def value(self) -> dict[str, Value]:
        return {
            id_: Value(id_, form.naam, form.omschrijving.strip(), form.patronen) for id_, form in self.waarden.items()
        }


class TopicForm(_Form):
    naam: Text
    dienst: Text
    patronen: Texts


class TopicsForm(_Form):
    versie: Literal[1]
    onderwerpen: Annotated[dict[Id, TopicForm], Field(min_length=1)]

    def value(self) -> dict[str, Topic]:
        return {id_: Topic(id_, form.naam, form.dienst, form.patronen) for id_, form in self.onderwerpen.items()}


class ToneForm(_Form):
    versie: Literal[1]
    tonen: dict[Tone, tuple[SignalForm, ...]]
    spanning: dict[Tension, tuple[SignalForm, ...]]
    ontkenning: Texts
    einde_ontkenning: Texts
    algemene_ontkenning: Texts
    aanhaling: Texts
    open_vraag: Texts
    lijsten: dict[Id, Texts] = Field(default_factory=dict)

    def value(self) -> ToneSignals:
        return ToneSignals(
            tones={tone: tuple(s for group in groups for s in group.values()) for tone, groups in self.tonen.items()},
            tensions={
                tension: tuple(s for group in groups for s in group.values())
                for tension, groups in self.spanning.items()
            },
            negation=self.ontkenning,
            negation_stop=self.einde_ontkenning,
            general_negation=self.algemene_ontkenning,
            reporting=self.aanhaling,
            open_question=self.open_vraag,
            lists=self.lijsten,
        )


def _example(form: str | ExampleForm) -> Example:
    return Example(form) if isinstance(form, str) else Example(form.tekst, form.context)
