"""Every cell of status × verb is a transition or a named refusal; payments are taken in every status."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from obligations.claims.model import Claim, Received
from obligations.claims.refusals import ClaimNotCalculated, ClaimNotDemanded, ClaimNotDisputed, ClaimNotNotified
from obligations.claims.status import ClaimStatus
from shared.contracts.support import Measure
from shared.refusals import Refusal
from tests.obligations.claims.facts import named

AT = datetime(2026, 7, 7, 7, tzinfo=UTC)


def row(otherwise: type[Refusal], **moves: str) -> dict[str, str | type[Refusal]]:
    """One verb: a refusal in every status but those that are named."""
    cells: dict[str, str | type[Refusal]] = {status.value: otherwise for status in ClaimStatus}
    return {**cells, **moves}


TABLE: dict[str, dict[str, str | type[Refusal]]] = {
    "notify": row(ClaimNotCalculated, calculated="notified"),
    "demand": row(ClaimNotNotified, notified="demanded"),
    "dispute": row(ClaimNotDemanded, demanded="disputed"),
    "turn the complaint down": row(ClaimNotDisputed, disputed="demanded"),
    "uphold the complaint": row(ClaimNotDisputed, disputed="calculated"),
    "receive money": {status.value: status.value for status in ClaimStatus},
}
EVENTS = {
    "notify": "claim-notified",
    "demand": "claim-demanded",
    "dispute": "claim-disputed",
    "turn the complaint down": "dispute-decided",
    "uphold the complaint": "dispute-decided",
    "receive money": "repayment-received",
}
CELLS = [(verb, status, cells[status.value]) for verb, cells in TABLE.items() for status in ClaimStatus]


def a_claim(status: ClaimStatus) -> Claim:
    return Claim(
        id=named("claim"),
        institute="industry",
        agreement_id=named("agreement"),
        measure=Measure.INDUSTRIAL_GRANT,
        recipient_id=named("recipient"),
        reporting_year=2025,
        status=status,
        number=3,
        as_of=date(2026, 6, 30),
        fulfilment=Decimal("0.70"),
        principal=Decimal("30.00"),
        interest=Decimal("7.00"),
        total=Decimal("37.00"),
        outstanding=Decimal("37.00"),
        overpaid=Decimal("0.00"),
        told_number=2,
        opened_at=AT,
    )


def act(claim: Claim, verb: str) -> Any:
    if verb == "notify":
        return claim.notify(date(2026, 7, 10), AT)
    if verb == "demand":
        return claim.demand("one", "two", date(2026, 7, 7), AT)
    if verb == "dispute":
        return claim.dispute("misread", AT)
    if verb == "receive money":
        money = Received(named("r"), Decimal(1), Decimal(1), Decimal(0), Decimal(0), date(2026, 7, 1), "in-1")
        return claim.receive(money, AT)
    return claim.decide_dispute(upheld=verb.startswith("uphold"), has_grown=False, reason="so", at=AT)


@pytest.mark.parametrize(("verb", "status", "outcome"), CELLS)
def test_each_cell_is_a_transition_or_a_named_refusal(
    verb: str, status: ClaimStatus, outcome: str | type[Refusal]
) -> None:
    claim = a_claim(status)
    if isinstance(outcome, type):
        with pytest.raises(outcome):
            act(claim, verb)
        assert claim.status is status
        assert claim.told_number == 2
    else:
        event = act(claim, verb)
        assert claim.status.value == outcome
        assert type(event).type == f"obligations.{EVENTS[verb]}.v1"


def test_all_statuses_and_verbs_are_in_the_table() -> None:
    assert len(CELLS) == len(ClaimStatus) * len(EVENTS)
