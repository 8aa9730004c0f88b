"""Money paid after the last reporting year: no claim stands for it, and nobody overlooks it."""

from datetime import date
from decimal import Decimal

import pytest

from obligations.fulfilment import ReportingYear, allot_tranche
from obligations.fulfilment.refusals import TrancheAfterLastYear
from tests.obligations.claims.api import Api
from tests.obligations.claims.world import World


@pytest.fixture
async def paid_late(breached: World) -> World:
    """The first tranche was paid in the only reporting year, 2025, and a second one on 5 January 2026."""
    await breached.disburse("2026-01-05", "40000000.00", number=2)
    return breached


async def test_it_changes_no_figure_and_is_named_in_a_version_of_its_own(paid_late: World) -> None:
    first, second = await paid_late.versions()
    assert (second.trigger, second.principal, second.total) == ("tranche-disbursed", first.principal, first.total)
    assert [(each["number"], each["amount"]) for each in second.facts["without_year"]] == [(2, "40000000.00")]
    assert [each["number"] for each in second.facts["tranches"]] == [1]
    assert (await paid_late.claim()).without_year == Decimal("40000000.00")


async def test_claim_agreement_and_sheet_show_it_in_three_languages(paid_late: World, api: Api) -> None:
    path = await api.claim_path()
    assert (await api.get(path)).json()["without_year"] == "40000000.00"
    tranches = (await api.get(f"/v1/agreements/{paid_late.agreement_id}")).json()["tranches"]
    assert [each["without_year"] for each in tranches] == [False, True]
    assert (await api.get(f"{path}/versions/2/sheet")).json()["header"]["without_year"] == "40000000.00"
    for language, words in (("en", "no year stands for it"), ("ru", "ни один год"), ("kk", "ешбір жыл")):
        answer = await api.get(f"{path}/versions/2/sheet?format=csv", headers={"Accept-Language": language})
        line = next(line for line in answer.text.splitlines() if words in line)
        assert line.endswith(",40000000.00")
    assert "no year stands" not in (await api.get(f"{path}/versions/1/sheet?format=csv")).text


async def test_returned_by_the_bank_it_is_no_longer_named(paid_late: World) -> None:
    await paid_late.reverse(2, "2026-01-06")
    assert (await paid_late.claim()).without_year == Decimal("0.00")


async def test_an_addendum_that_adds_a_year_lets_that_year_stand_for_it(paid_late: World) -> None:
    await paid_late.amend(paid_late.terms[0].model_copy(update={"reporting_years": (2025, 2026)}))
    assert (await paid_late.claim()).without_year == Decimal("0.00")


def test_a_last_year_without_weight_stands_for_nothing() -> None:
    years = [ReportingYear(date(2025, 12, 31)), ReportingYear(date(2026, 12, 31), Decimal(0))]
    with pytest.raises(TrancheAfterLastYear):
        allot_tranche(Decimal("9.00"), date(2026, 1, 5), years)
