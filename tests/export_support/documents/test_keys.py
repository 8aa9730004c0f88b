"""The key of a cost document: the same whatever the spelling, another where the document is another."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export_support.documents.keys import key_of

DAY = date(2025, 2, 3)
FIRST = key_of("ТОО «СЕВЕР-ТРАНС»", "СЧ-15/2025", DAY)


@pytest.mark.parametrize(
    ("supplier", "number"),
    [
        ("ТОО «СЕВЕР-ТРАНС»", "CЧ-15/2025"),
        ("TOO «CEBEP-TPAHC»", "СЧ-15/2025"),
        ("тоо север транс", "сч 15 2025"),
        ('ТОО "СЕВЕР–ТРАНС"', "СЧ—15/2025"),
        ("ТОО «СЕВЕР\u200bТРАНС»", "СЧ\u00ad-15/2025"),
        ("ТОО\u00a0«СЕВЕР\u2011ТРАНС»", "СЧ-\uff11\uff15/2025"),
        (unicodedata.normalize("NFD", "ТОО «СЕВЕР-ТРАНС»"), "СЧ-15/2025"),
    ],
)
def test_one_document_has_one_key_however_it_is_spelt(supplier: str, number: str) -> None:
    assert key_of(supplier, number, DAY).exact == FIRST.exact


@pytest.mark.parametrize(
    "number", ["№15", "№ 15", "No. 15", "no 15", "N15", "N: 15", "номер 15", "15", "# 15".strip("# ")]
)
def test_a_sign_for_number_before_the_digits_makes_no_difference(number: str) -> None:
    assert key_of("A", number, DAY).exact == key_of("A", "15", DAY).exact


def test_another_supplier_number_or_day_is_another_document() -> None:
    keys = {key_of("A", "15", DAY).exact, key_of("B", "15", DAY).exact, key_of("A", "16", DAY).exact}
    assert len(keys | {key_of("A", "15", date(2025, 2, 4)).exact}) == 4
    assert key_of("A", "15-1", DAY).exact == key_of("A", "151", DAY).exact


def test_what_is_easily_misread_is_near_and_not_the_same() -> None:
    for one, other in (("0015", "15"), ("I5", "15"), ("INV-1O", "1NV-10")):
        first, second = key_of("Silk Road LLP", one, DAY), key_of("ТОО Silk Road", other, DAY)
        assert first.exact != second.exact
        assert first.near == second.near


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_key_of_any_text_is_stable_under_case_width_and_zero_width(supplier: str, number: str) -> None:
    first = key_of(supplier, number, DAY)
    again = key_of(f"\u200b{supplier}\u2060", f"{number}\ufeff", DAY)
    assert first.exact == again.exact
    assert "\x00" not in first.exact
