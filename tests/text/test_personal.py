"""Personal data: found by form and check digits, and masked; numbers that merely look like it are left."""

from __future__ import annotations

import pytest

from bot.text.personal import PersonalKind, find_personal_data, mask

PHONE, EMAIL = PersonalKind.PHONE, PersonalKind.EMAIL
IBAN, NATIONAL, PLATE = PersonalKind.IBAN, PersonalKind.NATIONAL_NUMBER, PersonalKind.PLATE


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("bel 0475 12 34 56 maar", PHONE, "0475 12 34 56"),
        ("0475/12.34.56", PHONE, "0475/12.34.56"),
        ("0475123456", PHONE, "0475123456"),
        ("+32 475 12 34 56", PHONE, "+32 475 12 34 56"),
        ("0032475123456", PHONE, "0032475123456"),
        ("+32 (0)475 123 456", PHONE, "+32 (0)475 123 456"),
        ("03 123 45 67", PHONE, "03 123 45 67"),
        ("016 23 45 67", PHONE, "016 23 45 67"),
        ("０４７５ １２ ３４ ５６", PHONE, "０４７５ １２ ３４ ５６"),
        ("mail jan.peeters@telenet.be.", EMAIL, "jan.peeters@telenet.be"),
        ("jan(at)telenet.be", EMAIL, "jan(at)telenet.be"),
        ("BE68 5390 0754 7034", IBAN, "BE68 5390 0754 7034"),
        ("be68539007547034 alstublieft", IBAN, "be68539007547034"),
        ("op NL91 ABNA 0417 1643 00 graag", IBAN, "NL91 ABNA 0417 1643 00"),
        ("85.07.30-033.28", NATIONAL, "85.07.30-033.28"),
        ("mijn nummer 85073003328", NATIONAL, "85073003328"),
        ("geboren in 2000: 00.01.01-001.05", NATIONAL, "00.01.01-001.05"),
        ("de auto met 1-ABC-123", PLATE, "1-ABC-123"),
        ("1ABC123", PLATE, "1ABC123"),
    ],
)
def test_personal_data_is_found(text: str, kind: PersonalKind, expected: str) -> None:
    assert [(data.kind, text[slice(*data.span)]) for data in find_personal_data(text)] == [(kind, expected)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("BE69 5390 0754 7034", "wrong check digits"),
        ("85.07.30-033.29", "wrong check digits"),
        ("op 04/05/2026 om 10u", "a date"),
        ("van 12:30 tot 14:00", "times"),
        ("2 mei 2024 en 1 JAN 100", "dates"),
        ("0800 12 345", "a free public number"),
        ("bel 112 of 1813", "emergency numbers"),
        ("9000 Gent, nummer 12", "a postal code"),
        ("dat kost 1 250 000 euro", "an amount"),
        ("@gemeente kijk eens", "a mention"),
        ("COVID-19", "a name with a number"),
    ],
)
def test_what_only_looks_like_it_is_left(text: str, why: str) -> None:
    assert find_personal_data(text) == ()


def test_masking_leaves_the_rest_of_the_text() -> None:
    text = "Ik ben jan@telenet.be, bel 0475 12 34 56 of stort op BE68 5390 0754 7034."
    assert mask(text) == "Ik ben [e-mailadres], bel [telefoonnummer] of stort op [rekeningnummer]."


def test_masking_twice_changes_nothing() -> None:
    once = mask("1-ABC-123 en 85.07.30-033.28")
    assert mask(once) == once
