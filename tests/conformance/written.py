"""Cases written by hand, each for one sentence of the definitions: what returns, days, rates."""

from tests.conformance.questions import DOWN, LATE, LEAP, MILLION, RATES, Written, ask

PRINCIPAL: tuple[Written, ...] = (
    ("all defaults, one tranche", ask(k="0.70")),
    ("K of 1: nothing returns, nothing bears, no rate is needed", ask(k="1", rates=())),
    ("K of 1 with interest on the whole tranche: nothing bears", ask(k="1", interest_base="tranche")),
    ("K of 0: all returns", ask(k="0")),
    ("K of six decimals", ask(k="0.333333")),
    ("what returns is rounded half up, whatever the mode for interest", ask(("0.01", "2024-02-05"), k="0.5")),
    (
        "what returns is rounded half up for each tranche, not for their sum",
        ask(*[("0.01", "2024-02-05")] * 3, k="0.5"),
    ),
    ("half up of what returns under mode down", ask(("0.05", "2024-02-05"), k="0.5", rounding=DOWN)),
    ("unit 1 concerns interest only", ask(("99.99", "2024-02-05"), k="0.25", rounding={"unit": "1"})),
    ("a tranche of nothing", ask(("0.00", "2024-02-05"), MILLION)),
    ("a sum that a binary fraction cannot hold", ask(("99999999999999.99", "2023-02-05"), k="0.000001")),
    ("interest on the whole tranche, only R returns", ask(k="0.70", interest_base="tranche")),
    (
        "interest on the whole tranche: a payment of principal lowers both",
        ask(k="0.70", paid=(("200000.00", "2024-08-01"),), interest_base="tranche"),
    ),
    (
        "once R is paid the tranche bears nothing, though the whole of it bore",
        ask(k="0.70", paid=(("900000.00", "2024-08-01"),), interest_base="tranche"),
    ),
    (
        "the same over the outstanding total",
        ask(*LATE, k="0.70", paid=(("300000.00", "2024-10-01"),), interest_base="tranche", segments="outstanding"),
    ),
    ("tranches in any order", ask(*reversed(LATE), k="0.40")),
    ("two tranches of one day", ask(MILLION, MILLION, k="0.40")),
)

DAYS: tuple[Written, ...] = (
    ("first in, last out on the day of the tranche: no day, no rate needed", ask(as_of="2024-02-05", rates=())),
    (
        "first out, last in on the day of the tranche: no day",
        ask(as_of="2024-02-05", day_inclusion="first_out_last_in"),
    ),
    ("both in on the day of the tranche: one day", ask(as_of="2024-02-05", day_inclusion="both_in")),
    ("first in, last out: one day", ask(as_of="2024-02-06")),
    ("first out, last in: one day", ask(as_of="2024-02-06", day_inclusion="first_out_last_in")),
    ("both in: two days", ask(as_of="2024-02-06", day_inclusion="both_in")),
    ("a rate that begins on the last day bears nothing under first in, last out", ask(as_of="2025-03-11")),
    ("it bears one day under first out, last in", ask(as_of="2025-03-11", day_inclusion="first_out_last_in")),
    ("it bears one day under both in", ask(as_of="2025-03-11", day_inclusion="both_in")),
    ("accrual from a day after the tranche", ask(accrual_from="2024-06-01")),
    ("accrual from a day before the tranche: the tranche's day counts", ask(accrual_from="2023-06-01")),
    ("accrual from a day after as_of: nothing bears, no rate is needed", ask(accrual_from="2026-01-01", rates=())),
    ("accrual from the end of the period", {**ask(accrual_from="period_end"), "period_end": "2024-12-31"}),
    (
        "accrual from the end of a period that ended before the tranche: the tranche's day counts",
        {**ask(accrual_from="period_end"), "period_end": "2023-12-31"},
    ),
    ("accrual from the day of the demand", {**ask(accrual_from="demand"), "demanded_on": "2025-03-03"}),
    (
        "accrual from a demand that there is not yet: nothing bears, no rate is needed",
        ask(accrual_from="demand", rates=()),
    ),
    ("accrual from a day, first out, last in", ask(accrual_from="2024-06-01", day_inclusion="first_out_last_in")),
    ("accrual from a day between two tranches", ask(*LATE, accrual_from="2024-06-01")),
    (
        "actual/actual: New Year between a common and a leap year",
        ask(("7000.00", "2023-12-30"), as_of="2024-01-04", day_count="actual/actual"),
    ),
    (
        "actual/actual: New Year between a leap and a common year",
        ask(("7000.00", "2024-12-30"), as_of="2025-01-04", day_count="actual/actual"),
    ),
    (
        "actual/actual: New Year between two common years does not cut",
        ask(("7000.00", "2022-12-30"), as_of="2023-01-04", day_count="actual/actual", rates=(("2022-01-01", "9.99"),)),
    ),
    ("30E/360: a segment to the day after its last", ask(as_of="2024-03-01", day_count="30E/360")),
    (
        "30E/360: from the 30th to the 31st counts nothing",
        ask(("7000.00", "2024-01-30"), as_of="2024-01-31", day_count="30E/360"),
    ),
    ("30E/360: from the 31st", ask(("7000.00", "2024-01-31"), as_of="2024-03-31", day_count="30E/360")),
    ("30E/360: the end of February", ask(("7000.00", "2024-02-28"), as_of="2024-03-01", day_count="30E/360")),
    ("30E/360: a suspension cuts by the same formula", ask(off=(("2024-05-31", "2024-07-30"),), day_count="30E/360")),
    (
        "no day is left out of a leap year over 365",
        ask(("36500.00", "2024-01-01"), as_of="2025-01-01", rates=(("2023-01-01", "10.00"),)),
    ),
)

RATES_PICKED: tuple[Written, ...] = (
    (
        "a row equal to the row before it does not cut a segment",
        ask(("9.99", "2024-02-05"), rates=(("2024-01-01", "9.99"), ("2024-06-01", "9.99"))),
    ),
    ("rows in any order", ask(rates=tuple(reversed(RATES)))),
    ("a rate of zero", ask(rates=(("2024-01-01", "0.00"),))),
    (
        "a rate of zero between two others",
        ask(rates=(("2024-01-01", "9.00"), ("2024-06-01", "0.00"), ("2024-09-01", "8.00"))),
    ),
    ("a rate with four decimals", ask(rates=(("2024-01-01", "12.3456"),))),
    ("given rates hold without end", ask(as_of="2034-02-05", rates=(("2024-01-01", "12.50"),))),
    ("the rate of the tranche's day for all its days", ask(rate_pick="disbursement")),
    ("each tranche its own day's rate", ask(*LATE, rate_pick="disbursement")),
    (
        "the tranche's day decides, not the day from which interest runs",
        ask(accrual_from="2024-06-01", rate_pick="disbursement"),
    ),
    ("the rate of the day asked about, though that day bears none", ask(as_of="2025-03-11", rate_pick="claim_date")),
    ("anniversary: changes between are ignored", ask(rate_pick="anniversary")),
    (
        "anniversary of the tranche's day, not of the day from which interest runs",
        ask(accrual_from="2024-06-01", rate_pick="anniversary"),
    ),
    (
        "anniversary of 29 February on the 28th in a common year",
        ask(
            LEAP,
            rates=(("2024-01-01", "10.00"), ("2025-02-28", "11.00"), ("2025-03-01", "12.00")),
            rate_pick="anniversary",
        ),
    ),
    (
        "anniversary of 29 February in the next leap year on the 29th",
        ask(
            LEAP, as_of="2028-04-01", rates=(("2024-01-01", "10.00"), ("2028-02-29", "11.00")), rate_pick="anniversary"
        ),
    ),
    ("a suspended day needs no rate", ask(rates=(("2024-02-10", "10.00"),), off=(("2024-02-05", "2024-02-09"),))),
    (
        "a suspended day of picking still gives its rate",
        ask(off=(("2025-06-01", "2025-06-30"),), as_of="2025-06-30", rate_pick="claim_date"),
    ),
)
