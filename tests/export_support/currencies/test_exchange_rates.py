"""Exchange rates: the official one of the day of payment, per 1, 10, 100 or 1000, and never another day's."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from export_support.currencies.official import OfficialRate
from tests.export_support.desk import OFFICER, Desk, an_applicant, must, refused

HEAD = "currency,effective_from,effective_to,rate,units,source\n"


def test_an_amount_is_converted_by_its_unit_exactly() -> None:
    day = date(2025, 3, 10)
    assert OfficialRate("USD", day, Decimal("521.6"), 1).tiyn(Decimal("10.01")) == Fraction("522121.6")
    assert OfficialRate("KRW", day, Decimal("36.72"), 100).tiyn(Decimal(1000)) == 36_720
    assert OfficialRate("XXX", day, Decimal(1), 1000).tiyn(Decimal(1)) == Fraction(1, 10)
    assert OfficialRate.of_tenge(day).tiyn(Decimal("100.25")) == 10_025


async def test_the_rate_of_a_day_shows_its_unit_and_its_row(desk: Desk) -> None:
    found = must(await desk.get("/exchange-rates/KRW", an_applicant(), on="2025-02-03"))
    assert (found["rate"], found["units"]) == ("36.72", 100)
    assert found["row"] is not None
    assert must(await desk.get("/exchange-rates/KZT", an_applicant(), on="2025-02-03"))["rate"] == "1"


async def test_a_day_that_no_row_covers_is_unknown(desk: Desk) -> None:
    for on in ("2023-12-31", "2026-01-01"):
        refused(await desk.get("/exchange-rates/USD", OFFICER, on=on), "exchange-rate-unknown")
    refused(await desk.get("/exchange-rates/GBP", OFFICER, on="2025-02-03"), "exchange-rate-unknown")


async def test_a_rate_says_until_when_it_holds_and_is_above_zero(desk: Desk) -> None:
    for row in (
        "JPY,2025-01-01,,3.4,1,a test\n",
        "JPY,2025-01-01,2025-01-02,0,1,a test\n",
        "JPY,2025-01-01,2025-01-02,3,5,a test\n",
    ):
        body = {"list_name": "exchange-rates", "csv": HEAD + row}
        refused(await desk.post("/list-imports", OFFICER, body), "list-file-refused")


async def test_a_corrected_rate_is_answered_from_then_on(desk: Desk) -> None:
    row = "GEL,2025-02-03,2025-02-03,{rate},1,a test\n"
    for rate in ("180.1", "181.2"):
        body = {"list_name": "exchange-rates", "csv": HEAD + row.format(rate=rate)}
        must(await desk.post("/list-imports", OFFICER, body))
        assert must(await desk.get("/exchange-rates/GEL", OFFICER, on="2025-02-03"))["rate"] == rate
