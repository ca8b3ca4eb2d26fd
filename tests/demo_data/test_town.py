"""The script of the demonstration channel: sound, varied, fictional, and quick to show what the program is for."""

import itertools
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

TOWN = Path(__file__).parents[2] / "bot" / "channels" / "demo" / "town.yaml"
KINDS = Path(__file__).with_name("kinds.yaml")

DEFAULT_GAP_S = 2.5  # the pace assumed here for a reaction without `na`
FIRST_HALF_MINUTE_S = 30.0
ORDINARY = ("gewoon", "vraag", "dank", "verbindend", "zorg", "buiten_onderwerp")
FLAGGED_FRAMES = ("vijandige_indringer", "botsende_beschavingen")
FRAMES = (
    *FLAGGED_FRAMES,
    "kosten_en_baten",
    "controle",
    "onschuldig_slachtoffer",
    "allemaal_mensen",
    "diversiteit",
    "win_win",
    "de_held",
    "panta_rhei",
    "de_kloof",
)

Row = dict[str, Any]


def read(path: Path, typ: str) -> Row:
    loaded: Row = YAML(typ=typ).load(path.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def town() -> Row:
    return read(TOWN, "safe")


@pytest.fixture(scope="module")
def reactions(town: Row) -> list[Row]:
    rows: list[Row] = town["reacties"]
    return rows


@pytest.fixture(scope="module")
def kinds() -> Row:
    return read(KINDS, "safe")


def authored(reaction: Row) -> list[str]:
    """Return every text that the writer of `reaction` publishes: the first, and the edited one."""
    return [reaction["tekst"], *([reaction["bewerkt"]["tekst"]] if "bewerkt" in reaction else [])]


def arrival_times(reactions: list[Row]) -> dict[str, float]:
    """Return seconds after the start for each reaction id, at the standard pace."""
    gaps = [float(row.get("na", DEFAULT_GAP_S)) for row in reactions]
    return dict(zip((row["id"] for row in reactions), itertools.accumulate(gaps), strict=True))


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.casefold()))


def bare(text: str) -> str:
    """Return only the letters and digits, case-folded, so that near copies compare equal."""
    return "".join(char for char in text.casefold() if char.isalnum())


class TestForm:
    def test_reads_the_same_with_the_safe_and_the_round_trip_loader(self, town: Row) -> None:
        assert read(TOWN, "rt") == town

    def test_has_the_agreed_keys_and_no_others(self, town: Row, reactions: list[Row]) -> None:
        assert set(town) == {"gemeente", "kanaal", "berichten", "reacties"}
        assert set(town["kanaal"]) == {"id", "naam"}
        assert all(set(post) == {"id", "tekst"} for post in town["berichten"])
        required = {"id", "bericht", "wie", "naam", "tekst"}
        optional = {"antwoord_op", "na", "bewerkt", "verwijderd_na", "citaat"}
        assert all(required <= set(row) <= required | optional for row in reactions)
        assert all(set(row["bewerkt"]) == {"tekst", "na"} for row in reactions if "bewerkt" in row)

    def test_every_text_is_a_non_empty_string(self, town: Row, reactions: list[Row]) -> None:
        texts = [post["tekst"] for post in town["berichten"]] + [text for row in reactions for text in authored(row)]
        assert all(isinstance(text, str) and text.strip() == text != "" for text in texts)

    def test_times_are_positive_numbers(self, reactions: list[Row]) -> None:
        times = [row[key] for row in reactions for key in ("na", "verwijderd_na") if key in row]
        times += [row["bewerkt"]["na"] for row in reactions if "bewerkt" in row]
        assert times
        assert all(isinstance(value, int | float) and value > 0 for value in times)

    def test_ids_are_unique(self, town: Row, reactions: list[Row]) -> None:
        ids = [row["id"] for row in (*town["berichten"], *reactions)]
        assert len(ids) == len(set(ids))

    def test_a_writer_keeps_one_name_and_a_name_one_writer(self, reactions: list[Row]) -> None:
        pairs = {(row["wie"], row["naam"]) for row in reactions}
        assert len(pairs) == len({wie for wie, _ in pairs}) == len({naam for _, naam in pairs})
        assert all(re.fullmatch(r"bewoner-\d\d", wie) for wie, _ in pairs)

    def test_a_reaction_answers_an_earlier_one_under_the_same_post(self, town: Row, reactions: list[Row]) -> None:
        posts = {post["id"] for post in town["berichten"]}
        seen: dict[str, str] = {}
        for row in reactions:
            assert row["bericht"] in posts
            if "antwoord_op" in row:
                assert seen[row["antwoord_op"]] == row["bericht"], row["id"]
            seen[row["id"]] = row["bericht"]

    def test_nobody_answers_what_is_already_deleted(self, reactions: list[Row]) -> None:
        at = arrival_times(reactions)
        gone = {row["id"]: at[row["id"]] + row["verwijderd_na"] for row in reactions if "verwijderd_na" in row}
        assert gone
        assert all(at[row["id"]] < gone.get(row.get("antwoord_op"), float("inf")) for row in reactions)

    def test_edits_and_deletions_fall_within_the_script(self, reactions: list[Row]) -> None:
        at = arrival_times(reactions)
        later = [at[row["id"]] + row["bewerkt"]["na"] for row in reactions if "bewerkt" in row]
        later += [at[row["id"]] + row["verwijderd_na"] for row in reactions if "verwijderd_na" in row]
        assert max(later) < max(at.values())

    def test_the_posts_get_their_first_reaction_in_the_order_of_the_file(self, town: Row, reactions: list[Row]) -> None:
        first_seen = list(dict.fromkeys(row["bericht"] for row in reactions))
        assert first_seen == [post["id"] for post in town["berichten"]]


class TestVariety:
    def test_there_are_enough_posts_and_reactions(self, town: Row, reactions: list[Row]) -> None:
        assert len(town["berichten"]) >= 7
        assert len(reactions) >= 90
        per_post = [sum(row["bericht"] == post["id"] for row in reactions) for post in town["berichten"]]
        assert min(per_post) >= 8

    def test_every_reaction_has_exactly_one_kind(self, reactions: list[Row], kinds: Row) -> None:
        labelled = [row_id for ids in kinds["soorten"].values() for row_id in ids]
        assert sorted(labelled) == sorted(row["id"] for row in reactions)

    def test_at_least_half_of_the_reactions_are_ordinary(self, reactions: list[Row], kinds: Row) -> None:
        assert sum(len(kinds["soorten"][kind]) for kind in ORDINARY) * 2 >= len(reactions)

    def test_every_frame_occurs_and_the_flagged_ones_several_times(self, kinds: Row) -> None:
        by_frame = kinds["kaders"]
        assert set(by_frame) == set(FRAMES)
        framed = [row_id for ids in by_frame.values() for row_id in ids]
        assert sorted(framed) == sorted(kinds["soorten"]["kader"])
        assert all(len(ids) >= (4 if frame in FLAGGED_FRAMES else 2) for frame, ids in by_frame.items())

    @pytest.mark.parametrize(
        ("language", "at_least", "function_words"),
        [
            ("fr", 4, {"je", "est", "ce", "les", "de", "l", "une", "on", "par", "et", "la"}),
            ("en", 3, {"the", "we", "this", "is", "for", "you", "of", "and", "will"}),
        ],
    )
    def test_french_and_english_residents_take_part(
        self, reactions: list[Row], kinds: Row, language: str, at_least: int, function_words: set[str]
    ) -> None:
        labelled = [row for row in reactions if row["id"] in kinds["talen"][language]]
        assert len(labelled) >= at_least
        assert all(len(words(row["tekst"]) & function_words) >= 2 for row in labelled)

    def test_short_and_long_reactions_both_occur(self, reactions: list[Row]) -> None:
        lengths = [len(row["tekst"].split()) for row in reactions]
        assert sum(length == 1 for length in lengths) >= 4
        assert sum(length >= 35 for length in lengths) >= 8

    def test_only_the_raid_repeats_itself(self, reactions: list[Row], kinds: Row) -> None:
        raid = set(kinds["soorten"]["overval"])
        rest = [bare(row["tekst"]) or row["tekst"] for row in reactions if row["id"] not in raid]
        assert len(rest) == len(set(rest))
        assert len({bare(row["tekst"]) for row in reactions if row["id"] in raid}) == 1

    def test_few_reactions_begin_with_the_same_words(self, reactions: list[Row]) -> None:
        openings = [tuple(row["tekst"].casefold().split()[:2]) for row in reactions]
        repeated = {start for start in openings if len(start) == 2 and openings.count(start) > 2}
        assert repeated == {("buiten", "met")}  # the raid


class TestHardCases:
    def test_the_raid_is_five_writers_in_one_burst_under_one_post(self, reactions: list[Row], kinds: Row) -> None:
        raid_ids = kinds["soorten"]["overval"]
        start = next(i for i, row in enumerate(reactions) if row["id"] == raid_ids[0])
        raid = reactions[start : start + 5]
        assert [row["id"] for row in raid] == raid_ids
        assert len({row["wie"] for row in raid}) == 5
        assert len({row["bericht"] for row in raid}) == 1
        assert all(row["na"] <= 1 for row in raid)

    def test_a_quote_is_in_the_words_of_the_reaction_it_answers(self, reactions: list[Row]) -> None:
        texts = {row["id"]: row["tekst"] for row in reactions}
        quoting = [row for row in reactions if "citaat" in row]
        assert quoting
        assert all(bare(row["citaat"]) in bare(texts[row["antwoord_op"]]) for row in quoting)
        assert all(bare(row["citaat"]) not in bare(row["tekst"]) for row in quoting)

    @pytest.mark.parametrize(
        ("insult", "in_first", "in_edited"),
        [("imbecielen", False, True), ("smeerlap", True, False)],
        ids=["a civil reaction turns toxic", "a toxic reaction is mended"],
    )
    def test_edits_go_both_ways(self, reactions: list[Row], insult: str, in_first: bool, in_edited: bool) -> None:
        edits = [(row["tekst"], row["bewerkt"]["tekst"]) for row in reactions if "bewerkt" in row]
        assert any((insult in first, insult in edited) == (in_first, in_edited) for first, edited in edits)

    @pytest.mark.parametrize(
        ("pattern", "why"),
        [
            ("[a-z]\u200b[a-z]", "zero-width character inside a word"),
            ("[a-z][\u0430\u043e\u0435\u0456]|[\u0430\u043e\u0435\u0456][a-z]", "Cyrillic letter inside a Latin word"),
            (r"\b(?:[a-z] ){5,}[a-z]\b", "s p a c e d word"),
            (r"[a-z][014][a-z0-9]*[a-z]", "leetspeak"),
            (r"([a-z])\1{3,}", "repeated letters"),
            ("[a-z]\U0001f437[a-z]", "emoji between letters"),
            ("\u202e.+\u202c", "right-to-left override"),
            ("@everyone", "mention of everybody"),
            ("<script>", "HTML"),
            (r"\[klik\]\(http://", "Markdown link"),
            (r"\{\{.+\}\}", "template"),
        ],
    )
    def test_evasion_and_markup_occur(self, reactions: list[Row], pattern: str, why: str) -> None:
        assert any(re.search(pattern, text) for row in reactions for text in authored(row)), why

    @pytest.mark.parametrize(
        ("innocent", "why"),
        [
            ("H O E R A", "its first four letters are a swear word"),
            ("teefje", "a female dog, not a person"),
            ("kanker gehad", "an illness, not a curse"),
        ],
    )
    def test_innocent_words_that_look_bad_are_counted_as_ordinary(
        self, reactions: list[Row], kinds: Row, innocent: str, why: str
    ) -> None:
        ids = [row["id"] for row in reactions if innocent in row["tekst"]]
        ordinary = {row_id for kind in ORDINARY for row_id in kinds["soorten"][kind]}
        assert len(ids) == 1, why
        assert ids[0] in ordinary, why

    def test_invisible_characters_are_visible_in_the_file(self) -> None:
        hidden = {char for char in TOWN.read_text(encoding="utf-8") if unicodedata.category(char) == "Cf"}
        assert hidden == set()


class TestFirstHalfMinute:
    def test_ten_reactions_arrive_in_it(self, reactions: list[Row]) -> None:
        assert arrival_times(reactions)[reactions[9]["id"]] <= FIRST_HALF_MINUTE_S

    def test_a_new_user_sees_alerts_and_suggestions(self, reactions: list[Row], kinds: Row) -> None:
        first = {row["id"] for row in reactions[:10]}
        flagged = {row_id for frame in FLAGGED_FRAMES for row_id in kinds["kaders"][frame]}
        assert first & set(kinds["soorten"]["giftig"])
        assert first & flagged
        assert first & set(kinds["soorten"]["zorg"])
        assert first & set(kinds["soorten"]["vraag"])
        assert first & set(kinds["soorten"]["gewoon"])


class TestFiction:
    def test_telephone_numbers_use_a_prefix_that_nobody_has(self) -> None:
        source = TOWN.read_text(encoding="utf-8")
        numbers = re.findall(r"(?<![\w.])(?:\+32|0)[\d ./-]{7,}\d", source)
        assert numbers == ["0400 12 34 56"]

    def test_links_end_in_the_reserved_top_level_domain(self) -> None:
        hosts = re.findall(r"https?://([^/\s\"):]+)", TOWN.read_text(encoding="utf-8"))
        assert len(hosts) >= 3
        assert all(host.endswith(".example") for host in hosts)

    def test_no_mail_address_occurs(self) -> None:
        assert not re.search(r"\w@\w+\.\w", TOWN.read_text(encoding="utf-8"))

    def test_no_party_and_no_large_town_is_named(self) -> None:
        real = {"antwerpen", "gent", "brussel", "leuven", "brugge", "mechelen", "hasselt", "kortrijk", "luik"}
        parties = {"vooruit", "groen", "pvda", "ptb", "nva", "vb", "cd", "vld"}
        used = words(TOWN.read_text(encoding="utf-8"))
        assert not used & real
        assert not used & parties
