"""Cases written by hand: compounding, suspensions, payments, the outstanding total, and what is refused."""

from tests.conformance.questions import DOWN, LATE, LEAP, MILLION, TOTAL, Question, Written, ask

COMPOUNDED: tuple[Written, ...] = (
    ("a year's interest joins the base on the anniversary", ask(compounding="annual")),
    ("what joins is rounded by segment", ask(("333.33", "2023-02-05"), compounding="annual")),
    ("what joins under total is not rounded", ask(("333.33", "2023-02-05"), compounding="annual", rounding=TOTAL)),
    (
        "anniversary of the first bearing day under first out, last in",
        ask(compounding="annual", day_inclusion="first_out_last_in"),
    ),
    ("anniversary of the day from which interest runs", ask(accrual_from="2024-06-01", compounding="annual")),
    ("29 February on the 28th in a common year", ask(LEAP, compounding="annual")),
    (
        "a suspension at the start does not move the anniversary",
        ask(off=(("2024-02-05", "2024-04-30"),), compounding="annual"),
    ),
    ("interest joins in a suspension too", ask(off=(("2025-01-20", "2025-04-30"),), compounding="annual")),
    (
        "ten years",
        ask(("1000000.00", "2015-05-05"), as_of="2025-05-05", rates=(("2015-01-01", "10.00"),), compounding="annual"),
    ),
    (
        "compounded, the rate taken anew each year: the EU's recovery rule",
        ask(rate_pick="anniversary", compounding="annual"),
    ),
    ("two tranches, each its own anniversary", ask(*LATE, compounding="annual", as_of="2025-12-31")),
    ("on the whole tranche", ask(k="0.70", compounding="annual", interest_base="tranche")),
)

SUSPENDED: tuple[Written, ...] = (
    ("both ends of a suspension bear none", ask(off=(("2024-05-01", "2024-05-03"),))),
    ("a suspension of one day", ask(off=(("2024-05-01", "2024-05-01"),))),
    ("suspensions that overlap unite", ask(off=(("2024-05-01", "2024-06-15"), ("2024-06-01", "2024-06-30")))),
    ("suspensions that touch unite", ask(off=(("2024-05-01", "2024-05-31"), ("2024-06-01", "2024-06-30")))),
    ("a suspension outside the days that bear", ask(off=(("2023-01-01", "2024-02-04"),))),
    (
        "a suspension over the whole span: no interest, no rate needed",
        ask(off=(("2023-01-01", "2030-01-01"),), rates=()),
    ),
    ("a suspension over the last days", ask(off=(("2025-06-01", "2025-12-31"),))),
    (
        "a suspension of the last day alone changes nothing under first in, last out",
        ask(off=(("2025-06-30", "2025-06-30"),)),
    ),
    ("a payment within a suspension", ask(paid=(("100000.00", "2024-05-15"),), off=(("2024-05-01", "2024-05-31"),))),
    ("a suspension cuts every tranche", ask(*LATE, off=(("2024-12-01", "2024-12-31"),))),
    (
        "a suspension cuts the outstanding total",
        ask(*LATE, off=(("2024-12-01", "2024-12-31"),), segments="outstanding"),
    ),
)

PAID: tuple[Written, ...] = (
    ("interest first", ask(paid=(("100000.00", "2024-08-01"),))),
    ("principal first", ask(paid=(("100000.00", "2024-08-01"),), repayment_allocation="principal_first")),
    ("on the tranche's day nothing has accrued on what it paid", ask(paid=(("400000.00", "2024-02-05"),))),
    (
        "on the tranche's day, first out, last in",
        ask(paid=(("400000.00", "2024-02-05"),), day_inclusion="first_out_last_in"),
    ),
    (
        "on the tranche's day, both in: the day has borne",
        ask(paid=(("400000.00", "2024-02-05"),), day_inclusion="both_in"),
    ),
    ("on the day asked about", ask(paid=(("400000.00", "2025-06-30"),))),
    ("on the day asked about, both in", ask(paid=(("400000.00", "2025-06-30"),), day_inclusion="both_in")),
    ("more than all: overpaid", ask(paid=(("2000000.00", "2024-08-01"),))),
    ("overpaid stays so: a later tranche is not covered by it", ask(*LATE, paid=(("600000.00", "2024-08-01"),))),
    ("a payment on the day of the second tranche reaches it", ask(*LATE, paid=(("700000.00", "2024-09-02"),))),
    ("the day before, it does not", ask(*LATE, paid=(("700000.00", "2024-09-01"),))),
    ("oldest first, in whatever order they are given", ask(*reversed(LATE), paid=(("250000.00", "2024-12-02"),))),
    (
        "of two tranches of one day the first given",
        ask(MILLION, ("50000.00", "2024-02-05"), k="0.5", paid=(("120000.00", "2024-12-02"),)),
    ),
    ("the interest of all tranches before any principal", ask(*LATE, paid=(("60000.00", "2025-02-03"),))),
    (
        "two of one day, in the order given",
        ask(paid=(("900000.00", "2024-08-01"), ("300000.00", "2024-08-01")), repayment_allocation="principal_first"),
    ),
    (
        "given in another order than that of their days",
        ask(paid=(("50000.00", "2024-12-02"), ("100000.00", "2024-08-01"))),
    ),
    (
        "a payment ends every segment: each part is rounded",
        ask(("333.33", "2024-02-05"), paid=(("0.01", "2024-08-01"),), k="0"),
    ),
    (
        "under total, what has arisen is rounded at each payment",
        ask(("333.33", "2024-02-05"), paid=(("0.01", "2024-05-01"), ("0.01", "2024-08-01")), rounding=TOTAL),
    ),
    (
        "under unit 1 a payment covers interest in whole tenge",
        ask(("3333.33", "2024-02-05"), paid=(("500.50", "2024-08-01"),), rounding={"unit": "1"}),
    ),
    (
        "paid in full: nothing bears after it",
        ask(k="0.70", paid=(("322000.00", "2024-08-01"), ("5000.00", "2024-09-02"))),
    ),
    ("over the outstanding total", ask(*LATE, paid=(("100000.00", "2024-12-02"),), segments="outstanding")),
    (
        "principal first leaves interest that bears none",
        ask(paid=(("1000000.00", "2024-08-01"),), repayment_allocation="principal_first"),
    ),
)

WHOLE: tuple[Written, ...] = (
    (
        "one segment over the outstanding total, rounded once",
        ask(("3.33", "2024-02-05"), ("6.66", "2024-02-05"), segments="outstanding"),
    ),
    ("the same by tranche, rounded twice", ask(("3.33", "2024-02-05"), ("6.66", "2024-02-05"))),
    ("a second tranche ends the segment of the outstanding total", ask(*LATE, segments="outstanding")),
    (
        "the outstanding total at the rate of the day asked about",
        ask(*LATE, segments="outstanding", rate_pick="claim_date"),
    ),
    (
        "rounded at the end: the lines need not add up",
        ask(("333.33", "2024-02-05"), ("0.77", "2024-03-05"), rounding=TOTAL),
    ),
    ("down by segment", ask(("333.33", "2024-02-05"), rounding=DOWN)),
    ("less than half a tenge under unit 1", ask(("0.99", "2024-02-05"), rounding={"unit": "1"})),
)

REFUSED: tuple[tuple[str, str, Question], ...] = (
    ("combination-undefined", "/rules", ask(segments="outstanding", rate_pick="disbursement")),
    ("combination-undefined", "/rules", ask(segments="outstanding", rate_pick="anniversary")),
    ("combination-undefined", "/rules", ask(segments="outstanding", compounding="annual")),
    ("combination-undefined", "/rules", ask(day_count="30E/360", day_inclusion="first_out_last_in")),
    ("combination-undefined", "/rules", ask(day_count="30E/360", day_inclusion="both_in")),
    ("compounding-with-repayments", "/rules", ask(paid=(("1.00", "2024-08-01"),), compounding="annual")),
    ("as-of-before-tranche", "/as_of", ask(as_of="2024-02-04")),
    ("as-of-before-tranche", "/as_of", ask(*LATE, as_of="2024-09-01")),
    ("repayment-outside-term", "/repayments", ask(paid=(("1.00", "2024-02-04"),))),
    ("repayment-outside-term", "/repayments", ask(paid=(("1.00", "2025-07-01"),))),
    ("two-rates-of-one-day", "/rates", ask(rates=(("2024-01-01", "9.00"), ("2024-01-01", "10.00")))),
    ("two-rates-of-one-day", "/rates", ask(rates=(("2024-01-01", "9.00"), ("2024-01-01", "9.00")))),
    ("suspension-reversed", "/suspensions", ask(off=(("2024-05-02", "2024-05-01"),))),
    ("fulfilment-too-precise", "/fulfilment", ask(k="0.1234567")),
    ("fulfilment-too-precise", "/fulfilment", ask(k="0.7000000")),
    ("fulfilment-out-of-range", "/fulfilment", ask(k="1.000001")),
    ("fulfilment-out-of-range", "/fulfilment", ask(k="-0.1")),
    ("rate-unknown", "/rates", ask(rates=())),
    ("rate-unknown", "/rates", ask(rates=(("2024-02-06", "10.00"),))),
    ("rate-unknown", "/rates", ask(rates=(("2024-02-06", "10.00"),), rate_pick="disbursement")),
    ("rate-unknown", "/rates", ask(rates=(("2024-02-06", "10.00"),), rate_pick="anniversary")),
    ("rate-unknown", "/rates", ask(rates=(("2025-07-01", "10.00"),), rate_pick="claim_date")),
    ("period-end-missing", "/period_end", ask(accrual_from="period_end")),
    ("tranche-missing", "/tranches", {**ask(), "tranches": []}),
    ("amount-not-money", "/tranches/0/amount", ask(("-1.00", "2024-02-05"))),
    ("amount-not-money", "/tranches/0/amount", ask(("1.001", "2024-02-05"))),
    ("amount-not-money", "/repayments/0/amount", ask(paid=(("0.00", "2024-08-01"),))),
    ("percent-negative", "/rates", ask(rates=(("2024-01-01", "-0.01"),))),
)
