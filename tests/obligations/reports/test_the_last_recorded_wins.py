"""In whatever order entries are looked at, the same one stands and the obligation ends the same."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from obligations.obligations.model import Obligation, ObligationStatus
from obligations.obligations.terms import Deadline
from obligations.reports.rules import EntryKind, Statement, standing
from shared.contracts.support import Direction, Measure, TargetMode
from shared.identity import new_id

START = datetime(2026, 1, 10, tzinfo=UTC)
DUE = date(2026, 2, 16)
REPORT = new_id()


@st.composite
def histories(draw: st.DrawFn) -> list[Statement]:
    """Reports, corrections and withdrawals of one year, each with the moment at which it was recorded."""
    moments = draw(st.lists(st.integers(0, 5), min_size=1, max_size=7))
    numbers = count(1)
    found = []
    for moment in moments:
        kind = draw(st.sampled_from(list(EntryKind)))
        value = None if kind is EntryKind.WITHDRAWN else Decimal(draw(st.integers(0, 1500)))
        at = START + timedelta(hours=moment)
        found.append(Statement(REPORT, kind, at, next(numbers), value))
    return found


def _obligation() -> Obligation:
    facts: dict[str, Any] = {
        "institute": "industry",
        "agreement_id": REPORT,
        "measure": Measure.INDUSTRIAL_GRANT,
        "recipient_id": REPORT,
        "term_id": REPORT,
        "reporting_year": 2025,
        "indicator": "export-revenue",
        "direction": Direction.EXPORT,
        "mode": TargetMode.LEVEL,
        "target": Decimal(1000),
        "unit": "thousand USD",
        "weight": Decimal(1),
        "terms_fact_id": REPORT,
        "opened_at": START,
        **Deadline(DUE, DUE, "kz").columns,
    }
    return Obligation(**facts)


def _end(entries: list[Statement], today: date, tolerance: Decimal) -> tuple[object, ...]:
    obligation = _obligation()
    seen: list[Statement] = []
    for entry in entries:
        seen.append(entry)
        stands = standing(seen)
        if stands is None:
            obligation.take_standing_report(None, 0, None)
        else:
            obligation.take_standing_report(stands.report_id, stands.revision, stands.achieved)
        obligation.evaluate(tolerance, today, START)
    return (
        obligation.status,
        obligation.level,
        obligation.breach_reason,
        obligation.provisional,
        obligation.achieved,
        obligation.report_revision,
    )


@given(
    histories().flatmap(lambda entries: st.tuples(st.just(entries), st.permutations(entries))),
    st.sampled_from([DUE, DUE + timedelta(days=1)]),
    st.sampled_from([Decimal(0), Decimal("0.10")]),
)
def test_any_order_of_the_entries_gives_the_same_end(
    orders: tuple[list[Statement], list[Statement]], today: date, tolerance: Decimal
) -> None:
    assert _end(orders[0], today, tolerance) == _end(orders[1], today, tolerance)


@given(histories(), st.sampled_from([DUE, DUE + timedelta(days=1)]))
def test_an_evaluation_that_changes_nothing_tells_nothing(entries: list[Statement], today: date) -> None:
    obligation = _obligation()
    for entry in entries:
        stated = entry.achieved is not None
        obligation.take_standing_report(entry.report_id if stated else None, entry.revision, entry.achieved)
        obligation.evaluate(Decimal(0), today, START)
        assert obligation.evaluate(Decimal(0), today, START) == ()


@given(st.integers(0, 2000), st.sampled_from([Decimal(0), Decimal("0.05"), Decimal("0.1")]))
def test_an_obligation_is_breached_exactly_below_one_less_its_tolerance(achieved: int, tolerance: Decimal) -> None:
    obligation = _obligation()
    obligation.take_standing_report(REPORT, 1, Decimal(achieved))
    obligation.evaluate(tolerance, DUE, START)
    breached = Decimal(achieved) / 1000 < 1 - tolerance
    assert obligation.status is (ObligationStatus.BREACHED if breached else ObligationStatus.FULFILLED)
