"""Which part of a tranche each reporting year of an agreement stands for."""

from datetime import date
from decimal import Decimal

from obligations.agreements.model import Agreement
from obligations.fulfilment import ReportingYear, allot_tranche
from obligations.fulfilment.refusals import TrancheAfterLastYear


def parts_by_year(agreement: Agreement, amount: Decimal, on: date) -> dict[int, Decimal] | None:
    """The part in tenge of each reporting year of money paid on a day; None where no year stands for it.

    That is money paid after the last reporting year: nothing of it can be claimed, unless an addendum adds a year.
    """
    years, weights = sorted(agreement.reporting_years), _weights(agreement)
    if not years:
        return None
    spans = [ReportingYear(date(year, 12, 31), weights.get(year, Decimal(0 if weights else 1))) for year in years]
    try:
        return dict(zip(years, allot_tranche(amount, on, spans), strict=True))
    except TrancheAfterLastYear:
        return None


def _weights(agreement: Agreement) -> dict[int, Decimal]:
    return {int(each["year"]): Decimal(each["weight"]) for each in agreement.year_weights or ()}
