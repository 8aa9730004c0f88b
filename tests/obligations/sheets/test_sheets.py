"""The calculation sheet: the same figures in each form, so that anybody can redo them by hand."""

import csv
import io
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

import pytest

from obligations.claims.rules import derive
from obligations.repayment.rules import (
    Allocation,
    Compounding,
    DayCount,
    DayInclusion,
    InterestBase,
    RatePick,
    RoundingMode,
    RoundingScope,
    SegmentScope,
)
from obligations.sheets.csv_file import harmless, to_csv
from obligations.sheets.layout import lay_out
from obligations.sheets.pdf_file import printed, to_pdf, to_png
from obligations.sheets.rule_words import citation_in_words, parameter_in_words, value_in_words
from obligations.sheets.words import WORDS
from shared.http.languages import Language
from tests.obligations.claims.api import Api
from tests.obligations.claims.facts import a_repayment, day, facts, the_rates

AT = datetime(2026, 6, 30, 7, tzinfo=UTC)
RULES: dict[str, type[StrEnum]] = {
    "day_count": DayCount,
    "rate_pick": RatePick,
    "compounding": Compounding,
    "interest_base": InterestBase,
    "segments": SegmentScope,
    "day_inclusion": DayInclusion,
    "repayment_allocation": Allocation,
    "rounding.mode": RoundingMode,
    "rounding.scope": RoundingScope,
}


def a_sheet(**known: Any) -> dict[str, Any]:
    sheet = derive(facts(**known), day("2026-06-30"), the_rates()).sheet
    assert sheet is not None
    return sheet


def rows_of_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_sheet_can_be_redone_by_hand() -> None:
    sheet = a_sheet(repayments=(a_repayment("1000000.00", "2026-06-01"),))
    interest = Decimal(0)
    for line in sheet["segments"]:
        exact = Decimal(line["base"]) * Decimal(line["percent"]) / 100 * line["days"] / line["basis"]
        redone = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert redone == Decimal(line["interest"])
        interest += redone
    assert interest == Decimal(sheet["interest"])
    assert Decimal(sheet["principal"]) == sum(Decimal(each["returns"]) for each in sheet["tranches"])


def test_all_languages_have_the_same_words() -> None:
    keys = {language: set(words) for language, words in WORDS.items()}
    assert keys[Language.KAZAKH] == keys[Language.RUSSIAN] == keys[Language.ENGLISH]
    assert all(WORDS[language]["totals"].endswith("₸") for language in Language)


@pytest.mark.parametrize("language", list(Language))
def test_the_csv_holds_every_segment_and_article(language: Language) -> None:
    rows = rows_of_csv(to_csv(lay_out(a_sheet(), language, AT)))
    assert [row[-1] for row in rows if len(row) == 9][1:] == [
        "451232.88",
        "2929315.07",
        "3521095.89",
        "307397.26",
    ]
    assert any("86-VII" in cell and "27(4)" in cell for row in rows for cell in row)
    assert [WORDS[language]["overpaid"], "", "", "0.00"] in rows


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless([cell]) == [f"'{cell}"]
    sheet = a_sheet()
    sheet["rates_used"][0]["source"] = cell
    content = to_csv(lay_out(sheet, Language.ENGLISH, AT))
    assert not any(value[:1] in "=+-@\t\r" for row in rows_of_csv(content) for value in row if value)


@pytest.mark.parametrize("language", list(Language))
def test_the_page_is_printed_in_every_language(language: Language) -> None:
    layout = lay_out(a_sheet(), language, AT)
    assert to_pdf(layout).startswith(b"%PDF-")
    assert len(to_png(layout)) > 20_000


def test_what_comes_from_outside_is_text_and_no_markup() -> None:
    sheet = a_sheet()
    sheet["rates_used"][0]["source"] = "#panic() *bold* $x$ \\ ] @ref <label>"
    assert to_pdf(lay_out(sheet, Language.ENGLISH, AT)).startswith(b"%PDF-")


async def test_a_versions_sheet_comes_as_json_csv_and_pdf(api: Api) -> None:
    path = f"{await api.claim_path()}/versions/1/sheet"
    as_json = (await api.get(path)).json()
    assert as_json["interest"] == "7209041.10"
    assert as_json["header"]["reporting_year"] == "2025"
    csv = await api.get(path, headers={"Accept": "text/csv", "Accept-Language": "kk"})
    assert csv.headers["content-language"] == "kk"
    assert "attachment" in csv.headers["content-disposition"]
    assert rows_of_csv(csv.content)[0][0] == "Есептеу парағы"
    pdf = await api.get(f"{path}?format=pdf", headers={"Accept-Language": "ru"})
    assert pdf.content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("0.00", "0.00"),
        ("999.99", "999.99"),
        ("1000.00", "1\u202f000.00"),
        ("100000000.00", "100\u202f000\u202f000.00"),
        ("365", "365"),
        ("2026-06-30", "2026-06-30"),
        ("15.25", "15.25"),
    ],
)
def test_an_amount_is_printed_in_groups_of_three(cell: str, shown: str) -> None:
    assert printed(cell) == shown


def test_a_word_longer_than_its_column_may_break_and_an_identifier_stays_whole() -> None:
    assert printed("x" * 45) == "\u200b".join(["x" * 20, "x" * 20, "x" * 5])
    assert printed("019aa0b0-0000-7000-8000-000000000000") == "019aa0b0-0000-7000-8000-000000000000"


@pytest.mark.parametrize("language", list(Language))
def test_every_parameter_and_value_of_the_rules_has_words(language: Language) -> None:
    for name, values in RULES.items():
        assert parameter_in_words(name, language) != name
        for value in values:
            assert value_in_words(name, value.value, language).endswith(f"({value.value})")
    assert parameter_in_words("rounding.unit", language) != "rounding.unit"
    assert "27(4)" in citation_in_words("Law 86-VII", "27(4)", language)


def test_a_day_from_which_interest_accrues_is_shown_as_it_is() -> None:
    assert value_in_words("accrual_from", "2025-12-31", Language.KAZAKH) == "2025-12-31"


def test_a_sheet_tells_the_time_in_almaty_and_names_the_zone() -> None:
    sheet = {**a_sheet(), "header": {"known_from": "2026-06-30T20:30:00Z"}}
    header = dict(lay_out(sheet, Language.ENGLISH, AT).header)
    assert header["Made (Almaty time)"] == "2026-06-30 12:00"
    assert header["Known from (Almaty time)"] == "2026-07-01 01:30"
