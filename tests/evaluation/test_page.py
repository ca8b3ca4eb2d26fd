"""The page: a whole document that needs nothing else, in which no text is ever anything but text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.findings import Tension, Tone
from bot.evaluation import Judged, Labels, Options, Report, Sampling, report_of
from bot.evaluation.page import as_html, plots
from bot.evaluation.thresholds import Curve, InForce, ThresholdPoint
from tests.evaluation.builders import analysis, framed, judged, toxic

OPTIONS = Options(sampling=Sampling(1000), frames=("controle",), worst=3)
VOID = {"meta", "br", "rect", "line", "path", "circle"}


class Page(HTMLParser):
    """Collects what stands on a page, and fails on a tag that is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return page


def texts(hostile: str = "dag") -> list[Judged]:
    """Return texts that fill every section, with `hostile` wherever somebody from outside can write."""
    labels = Labels({"toxicity": 1}, frozenset({"controle"}), frozenset({"vrijheid"}), Tone.WORRY, Tension.CONFLICT)
    short = hostile[:60]  # what the town itself writes: frames, versions, names of files
    found = analysis(
        {"insult": 0.9}, {short: 0.8}, evidence={"insult": ((0, len(hostile)),)}, versions={"scorer": short}
    )
    outside = {"text": hostile, "slices": {hostile: hostile}, "pair": f"p{hostile}", "source": short}
    return [
        judged(labels, found, id=f"1{hostile}", **outside),  # type: ignore[arg-type]
        judged(labels, analysis({"toxicity": 0.7}, tone=Tone.CRITICISM), id="2", **outside),  # type: ignore[arg-type]
        toxic({"insult": 0.5}, {"insult": 0.6}, source=short),
        framed([], {}),
    ]


def page_of(hostile: str = "dag") -> Page:
    return read(as_html(report_of(texts(hostile), OPTIONS)))


def test_every_section_is_there_and_the_menu_leads_to_it() -> None:
    page = page_of()
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [(attributes["href"] or "")[1:] for attributes in page.all("a")]
    assert set(targets) <= set(ids)
    assert {"kort", "drempels", "kalibratie", "delen", "paren", "vergissingen", "verwarring", "versies"} <= set(targets)


def test_the_page_needs_nothing_else_and_holds_no_script() -> None:
    html = as_html(report_of(texts(), OPTIONS))
    page = read(html)
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & {tag for tag, _ in page.tags}
    loading = {"src", "srcset", "data", "action", "poster", "style"}
    assert [
        found for found in page.tags if loading & found[1].keys() or any(k.startswith("on") for k in found[1])
    ] == []
    assert all((attributes["href"] or "").startswith("#") for attributes in page.all("a"))
    assert not re.search(r"url\(|@import|https?:", html)
    (policy,) = [meta for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert (policy["content"] or "").startswith("default-src 'none'")


def test_the_page_can_be_read_without_seeing_it() -> None:
    page = page_of()
    (html,) = page.all("html")
    assert html["lang"] == "nl-BE"
    for svg in page.all("svg"):
        in_legend = svg["viewbox"] == "0 0 32 10"  # the list around it is hidden
        assert in_legend or svg.get("aria-hidden") == "true" or (svg["role"] == "img" and svg["aria-label"])
    assert all(cell["scope"] in {"col", "row"} for cell in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(box["tabindex"] == "0" and box["aria-label"] for box in page.all("div") if box["class"] == "tabel")
    headings = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</style><style>*{display:none}",
        "</title></svg></bdi>",
        "{{ 7 * 7 }}{% raw %}",
        "&lt;b&gt;",
        "\x00\x07\x1b[31m",
        "\u202eomgekeerd\u2066",
        "\ud800",
        "javascript:alert(1)",
        "x" * 20_000,
        "",
    ],
)
def test_text_stays_text(hostile: str) -> None:
    plain, page = page_of("dag"), page_of(hostile)
    assert [tag for tag, _ in page.tags if tag != "bdi"][:40] == [tag for tag, _ in plain.tags if tag != "bdi"][:40]
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in plain.tags}
    assert len(page.all("style")) == 1
    assert "7 * 7" in page.text or "7 * 7" not in hostile
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", page.text)
    assert len(page.text) < len(plain.text) + 6000


def test_what_turns_the_direction_is_kept_to_itself() -> None:
    html = as_html(report_of(texts("\u202eomgekeerd"), OPTIONS))
    inside = re.findall(r"<bdi>[^<]*\u202e[^<]*</bdi>", html)
    attributes = re.findall(r'aria-label="[^"]*\u202e[^"]*"', html)
    assert len(inside) > 10
    assert html.count("\u202e") == "".join([*inside, *attributes]).count("\u202e")


def test_personal_data_is_not_on_the_page() -> None:
    labels = Labels(toxicity={})
    found = analysis({"insult": 0.9}, evidence={"insult": ((4, 17),)})
    page = read(as_html(report_of([judged(labels, found, text="bel 0470 12 34 56", pair=p) for p in "aab"], OPTIONS)))
    assert "bel [telefoonnummer]" in page.text
    assert "0470" not in page.text


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40))
def test_any_text_gives_a_page(text: str) -> None:
    assert page_of(text).all("main")


def test_the_same_report_gives_the_same_page() -> None:
    assert as_html(report_of(texts(), OPTIONS)) == as_html(report_of(texts(), OPTIONS))


def test_a_report_of_nothing_gives_a_page_that_says_so() -> None:
    page = read(as_html(report_of([judged()], OPTIONS)))
    assert "Geen enkele tekst heeft" in page.text
    assert not page.all("figure")


def test_the_drawings_are_well_formed_and_stay_inside() -> None:
    html = as_html(report_of(texts(), OPTIONS))
    drawings = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(drawings) > 10
    for drawing in drawings:
        root = ET.fromstring(drawing)
        width, height = (float(size) for size in root.attrib["viewBox"].split()[2:])
        for element in root.iter():
            for name, most in (
                ("x", width),
                ("x1", width),
                ("x2", width),
                ("cx", width),
                ("y", height),
                ("cy", height),
            ):
                assert 0 <= float(element.get(name, 0)) <= most, (element.tag, element.attrib)


# ── where things stand ────────────────────────────────────────────────────────────────────────────────────────────────


def curve(*points: tuple[float, float | None, float], in_force: InForce | None = None) -> Curve:
    return Curve("insult", 1, tuple(ThresholdPoint(at, 1, p, r, None) for at, p, r in points), in_force, None)


def test_a_line_has_a_gap_where_precision_does_not_exist() -> None:
    drawn = plots.lines(curve((0.0, 0.5, 1.0), (0.5, None, 0.5), (1.0, 1.0, 0.0)))
    assert drawn.precision == "M34 90M286 8"
    assert drawn.recall == "M34 8L160 90L286 172"
    assert drawn.now is None


@pytest.mark.parametrize(
    ("in_force", "now"),
    [
        (InForce(0.25, 0.5), (97.0, 63.0)),
        (InForce(None, 0.5), (160.0, 0.0)),
        (InForce(0.5, None), None),
        (None, None),
    ],
)
def test_the_threshold_in_force_is_a_stretch(in_force: InForce | None, now: tuple[float, float] | None) -> None:
    assert plots.lines(curve((0.5, 1.0, 1.0), in_force=in_force)).now == now


def test_a_cell_is_as_dark_as_its_share_of_the_row() -> None:
    labels = [Tone.WORRY] * 10 + [Tone.QUESTION]
    given_ = [Tone.WORRY] * 5 + [Tone.CRITICISM] * 1 + [Tone.NEUTRAL] * 4 + [Tone.QUESTION]
    report: Report = report_of(
        [judged(Labels(tone=a), analysis(tone=b)) for a, b in zip(labels, given_, strict=True)], OPTIONS
    )
    (confusion,) = report.confusions
    shades = dict(zip(confusion.names, plots.shades(confusion), strict=True))
    assert dict(zip(confusion.names, shades["zorg"], strict=True)) == {
        "vraag": 0,
        "zorg": 3,
        "kritiek": 1,
        "neutraal": 2,
    }
    assert max(shades["vraag"]) == plots.SHADES
    assert set(shades["neutraal"]) == {0}
