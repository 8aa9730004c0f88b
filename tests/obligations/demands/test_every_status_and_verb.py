"""A demand and a refund: every verb in every status is a transition or a named refusal."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from obligations.demands.model import Demand, DemandStatus
from obligations.demands.refusals import DemandNotProposed, ProposalVoid
from obligations.refunds.model import Refund, RefundStatus
from obligations.refunds.refusals import RefundNotApproved, RefundNotProposed
from shared.refusals import Refusal
from shared.two_people import SecondPersonWanted
from tests.obligations.claims.facts import named

AT = datetime(2026, 7, 7, 7, tzinfo=UTC)
ZERO = Decimal("0.00")


def a_demand(status: DemandStatus) -> Demand:
    """A demand of version 3, proposed by officer-1."""
    demand = Demand(
        claim_id=named("claim"),
        claim_version=3,
        principal=ZERO,
        interest=ZERO,
        total=ZERO,
        unverified=[],
        accepted=[],
        proposed_by="officer-1",
        proposed_at=AT,
    )
    if status is DemandStatus.APPROVED:
        demand.approve("approver-1", 3, "courier", AT)
    if status is DemandStatus.VOID:
        demand.void("another version")
    assert demand.status is status
    return demand


DEMANDS: dict[str, Callable[[Demand], None]] = {
    "approve": lambda demand: demand.approve("approver-2", 3, "courier", AT),
    "approve the own": lambda demand: demand.approve("officer-1", 3, "courier", AT),
    "approve another version": lambda demand: demand.approve("approver-2", 4, "courier", AT),
    "void": lambda demand: demand.void("another version"),
}
PROPOSED, APPROVED, VOID = DemandStatus
DEMAND_TABLE: dict[str, dict[DemandStatus, DemandStatus | type[Refusal]]] = {
    "approve": {PROPOSED: APPROVED, APPROVED: DemandNotProposed, VOID: DemandNotProposed},
    "approve the own": {PROPOSED: SecondPersonWanted, APPROVED: DemandNotProposed, VOID: DemandNotProposed},
    "approve another version": {PROPOSED: ProposalVoid, APPROVED: DemandNotProposed, VOID: DemandNotProposed},
    "void": {PROPOSED: VOID, APPROVED: DemandNotProposed, VOID: DemandNotProposed},
}


@pytest.mark.parametrize("verb", DEMANDS)
@pytest.mark.parametrize("status", list(DemandStatus))
def test_every_verb_on_a_demand(status: DemandStatus, verb: str) -> None:
    demand = a_demand(status)
    before = demand.model_dump()
    wanted = DEMAND_TABLE[verb][status]
    if isinstance(wanted, DemandStatus):
        DEMANDS[verb](demand)
        assert demand.status is wanted
        assert (demand.model_dump() == before) is (wanted is status)
    else:
        with pytest.raises(wanted):
            DEMANDS[verb](demand)
        assert demand.model_dump() == before


def a_refund(status: RefundStatus) -> Refund:
    """A refund proposed by officer-1."""
    refund = Refund(claim_id=named("claim"), amount=Decimal("5.00"), proposed_by="officer-1", proposed_at=AT)
    if status in {RefundStatus.APPROVED, RefundStatus.PAID}:
        refund.approve("approver-1", AT)
    if status is RefundStatus.PAID:
        refund.pay(date(2026, 7, 8), "BANK-1")
    if status is RefundStatus.VOID:
        refund.void("no longer owed")
    assert refund.status is status
    return refund


REFUNDS: dict[str, Callable[[Refund], object]] = {
    "approve": lambda refund: refund.approve("approver-2", AT),
    "approve the own": lambda refund: refund.approve("officer-1", AT),
    "pay": lambda refund: refund.pay(date(2026, 7, 9), "BANK-2"),
    "void": lambda refund: refund.void("no longer owed"),
}
R_PROPOSED, R_APPROVED, R_PAID, R_VOID = RefundStatus
LATE = dict.fromkeys((R_APPROVED, R_PAID, R_VOID), RefundNotProposed)
REFUND_TABLE: dict[str, dict[RefundStatus, RefundStatus | type[Refusal]]] = {
    "approve": {R_PROPOSED: R_APPROVED, **LATE},
    "approve the own": {R_PROPOSED: SecondPersonWanted, **LATE},
    "pay": {
        R_PROPOSED: RefundNotApproved,
        R_APPROVED: R_PAID,
        R_PAID: RefundNotApproved,
        R_VOID: RefundNotApproved,
    },
    "void": {R_PROPOSED: R_VOID, R_APPROVED: R_VOID, R_PAID: RefundNotProposed, R_VOID: RefundNotProposed},
}


@pytest.mark.parametrize("verb", REFUNDS)
@pytest.mark.parametrize("status", list(RefundStatus))
def test_every_verb_on_a_refund(status: RefundStatus, verb: str) -> None:
    refund = a_refund(status)
    before = refund.model_dump()
    wanted = REFUND_TABLE[verb][status]
    if isinstance(wanted, RefundStatus):
        REFUNDS[verb](refund)
        assert refund.status is wanted
        assert (refund.model_dump() == before) is (wanted is status)
    else:
        with pytest.raises(wanted):
            REFUNDS[verb](refund)
        assert refund.model_dump() == before
