"""The page that a town publishes: what residents have to know, and nothing that helps to get round the rules."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from bot.rules import RuleSet, load_rules
from bot.rules.page import as_html, as_markdown, page_of
from bot.settings import ROOT
from tests.rules.helpers import loaded, quiet, rule_text

DAY = date(2026, 11, 24)
OUTLINE = Path(__file__).with_name("page_outline.txt")


class Outline(HTMLParser):
    """Collects headings, the tags that are used, and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "html":
            self.language = dict(attrs).get("lang") or ""
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and re.fullmatch(r"h[1-6]", self.open[-1]):
            self.headings.append(f"{self.open[-1]} {data}")


def outline(html: str) -> Outline:
    read = Outline()
    read.feed(html)
    read.close()
    assert read.open == []
    return read


@pytest.fixture(scope="module")
def shipped() -> RuleSet:
    return load_rules(ROOT / "rules" / "huisregels.yaml", score=quiet)


def html_of(rules: RuleSet, **changes: str) -> str:
    return as_html(page_of(rules, town=changes.pop("town", "Zavelrode"), on=DAY, **changes))


def markdown_of(rules: RuleSet, **changes: str) -> str:
    return as_markdown(page_of(rules, town=changes.pop("town", "Zavelrode"), on=DAY, **changes))


def test_the_shipped_rules_give_this_page(shipped: RuleSet) -> None:
    """To renew it on purpose: write what `outline(...)` gives to the file."""
    assert outline(html_of(shipped)).headings == OUTLINE.read_text(encoding="utf-8").splitlines()


def test_every_rule_in_force_has_its_reason_and_no_other_rule_is_told(shipped: RuleSet) -> None:
    for text in (
        html_of(shipped).replace("&#x27;", "'").replace("&quot;", '"'),
        markdown_of(shipped).replace("\\", ""),
    ):
        assert [rule.id for rule in shipped.house_rules if rule.reason not in text] == []
        silent = [rule for rule in shipped.rules if rule.status != "actief"]
        assert silent
        assert [rule.id for rule in silent if rule.reason in text or rule.title in text] == []


def test_nothing_tells_how_to_get_round_the_rules(shipped: RuleSet) -> None:
    for text in (html_of(shipped), markdown_of(shipped)):
        assert [rule.id for rule in shipped.rules if "-" in rule.id and rule.id in text] == []
        assert "klootzak" not in text
        assert "0.92" not in text
        assert "schaduw" not in text


def test_it_stands_on_its_own_and_can_be_read_by_everybody(shipped: RuleSet) -> None:
    html = html_of(shipped)
    read = outline(html)
    assert read.language == "nl-BE"
    assert read.headings[0] == "h1 Huisregels van Zavelrode"
    assert sum(heading.startswith("h1") for heading in read.headings) == 1
    levels = [int(heading[1]) for heading in read.headings]
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))
    assert read.tags.isdisjoint({"script", "link", "img", "iframe", "a"})
    assert "@media print" in html
    assert "http" not in html


def test_it_says_who_decides_how_to_object_and_which_version_it_is(shipped: RuleSet) -> None:
    for text in (html_of(shipped, contact="Bel 03 123 45 67"), markdown_of(shipped, contact="Bel 03 123 45 67.")):
        assert "Een medewerker leest uw bericht en beslist." in text
        assert "Bel 03 123 45 67, en vertel over welk bericht het gaat" in text
        assert "24 november 2026" in text
        assert shipped.hash[:12] in text


def test_the_same_rules_give_the_same_page(shipped: RuleSet) -> None:
    again = load_rules(ROOT / "rules" / "huisregels.yaml", score=quiet)
    assert html_of(shipped) == html_of(again)
    assert markdown_of(shipped) == markdown_of(again)


def test_someone_in_need_is_not_accused(shipped: RuleSet) -> None:
    (need,) = [rule for rule in shipped.house_rules if rule.id == "noodkreet"]
    after = markdown_of(shipped).partition(f"### {need.title}")[2].split("##")[0]
    assert "We laten u dan niet alleen" in after
    assert "mis" not in after
    assert "verwijderen" not in after
    assert "regel" not in after


def test_rules_of_one_house_rule_stand_together_in_the_order_of_the_file(tmp_path: Path) -> None:
    def named(title: str, house_rule: str) -> str:
        return rule_text("{woorden: [pipo]}", name=title).replace("Een titel", title).replace("1. Respect", house_rule)

    rules = loaded(tmp_path, named("een", "B"), named("twee", "A"), named("drie", "B"))
    assert outline(html_of(rules)).headings[1:6] == ["h2 B", "h3 een", "h3 drie", "h2 A", "h3 twee"]


HOSTILE = "</style><script>alert(1)</script> & \"'{body} **vet** [x](http://x) `c` # | > ~"


def test_what_the_file_says_is_text_and_never_markup(tmp_path: Path) -> None:
    written = HOSTILE.replace("'", "''")
    rules = loaded(tmp_path, rule_text("{woorden: [pipo]}", waarom=f"'{written}'").replace("Een titel", f"'{written}'"))
    html = html_of(rules, town=HOSTILE, contact=HOSTILE)
    assert outline(html).tags.isdisjoint({"script", "a"})
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;&#x27;{body}") == 5
    markdown = markdown_of(rules, town=HOSTILE, contact=HOSTILE)
    assert markdown.count(r"\</style\>\<script\>alert(1)\</script\>") == 4
    assert not re.search(r"(?<!\\)[<>`\[](?! )", markdown.replace("\n\n> ", "\n\n"))


def test_a_file_with_nothing_in_force_says_so(tmp_path: Path) -> None:
    rules = loaded(tmp_path, rule_text("{woorden: [pipo]}", extra="    status: schaduw\n"))
    for text in (html_of(rules), markdown_of(rules)):
        assert "Op dit moment zijn er geen huisregels van kracht." in text
        assert "Een titel" not in text
