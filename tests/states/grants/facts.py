"""What obligations says about the agreement in hand: one event of each type that grants hears."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from shared.contracts import obligations as told
from shared.contracts.support import Direction, Measure
from shared.identity import recipient_id
from tests.states.house import NOBODY, House

KEY = "the recipient key of the tests"
BIN = "211240038069"
OBLIGATION, CLAIM = uuid5(NOBODY, "obligation"), uuid5(NOBODY, "claim")


def _about(house: House, **more: Any) -> dict[str, Any]:
    return {
        "occurred_at": house.clock.at, "agreement_id": UUID(str(house.ids.get("agreement_id", NOBODY))),
        "measure": Measure.INDUSTRIAL_GRANT, "recipient_id": recipient_id(BIN, KEY.encode()),
    } | more  # fmt: skip


def _of_obligation(house: House, **more: Any) -> dict[str, Any]:
    return _about(house, obligation_id=OBLIGATION, reporting_year=2025) | more


def _of_claim(house: House, **more: Any) -> dict[str, Any]:
    return _about(house, claim_id=CLAIM, reporting_year=2025, obligation_ids=(OBLIGATION,)) | more


def opened(house: House) -> told.ObligationOpened:
    """The obligation is monitored."""
    direction = Direction.EXPORT
    stated = _of_obligation(house, indicator="export-revenue", direction=direction, due_on="2026-02-16")
    return told.ObligationOpened(**stated)


def breached(house: House) -> told.ObligationBreached:
    """The obligation is fulfilled to 0.70."""
    stated = _of_obligation(house, fulfilment=Decimal("0.70"), reason=told.BreachReason.SHORTFALL, provisional=False)
    return told.ObligationBreached(**stated)


def fulfilled(house: House) -> told.ObligationFulfilled:
    """The obligation is fulfilled."""
    return told.ObligationFulfilled(**_of_obligation(house, fulfilment=Decimal(1)))


def excused(house: House) -> told.ObligationExcused:
    """The obligation is excused."""
    return told.ObligationExcused(**_of_obligation(house, reason="flood"))


def awaited(house: House) -> told.ObligationAwaited:
    """The report was withdrawn before its due day: the obligation is awaited again."""
    return told.ObligationAwaited(**_of_obligation(house))


def amended(house: House) -> told.ObligationAmended:
    """An addendum set another due day."""
    return told.ObligationAmended(**_of_obligation(house, due_on="2026-03-16", reason="addendum 1"))


def void(house: House) -> told.ObligationCancelled:
    """The obligation was opened in error."""
    return told.ObligationCancelled(**_of_obligation(house, reason="error"))


def withdrawn(house: House) -> told.ReportWithdrawn:
    """The report is taken back."""
    stated = {
        name: value for name, value in _of_obligation(house).items() if name not in {"measure", "recipient_id"}
    }  # fmt: skip
    return told.ReportWithdrawn(**stated, report_id=NOBODY, revision=2)


def repaid(house: House, reference: str = "BACK-1", which: str = "one") -> told.RepaymentReceived:
    """Ten million tenge came back."""
    zero = Decimal("0.00")
    stated = _about(house, claim_id=CLAIM, repayment_id=uuid5(NOBODY, which), amount=Decimal("10000000.00"))
    return told.RepaymentReceived(
        **stated,
        to_principal=Decimal("10000000.00"),
        to_interest=zero,
        overpaid=zero,
        received_on=house.clock.at.date(),
        bank_reference=reference,
    )


def refunded(house: House, reference: str = "REFUND-1") -> told.RefundPaid:
    """One million tenge went back to the recipient."""
    stated = _about(house, claim_id=CLAIM, refund_id=uuid5(NOBODY, reference), amount=Decimal("1000000.00"))
    return told.RefundPaid(
        **stated, paid_on=house.clock.at.date(), bank_reference=reference, proposed_by="o", approved_by="a"
    )


def settled(house: House) -> told.ClaimSettled:
    """The claim is paid."""
    return told.ClaimSettled(**_of_claim(house))


def reopened(house: House) -> told.ClaimReopened:
    """The settled claim grew."""
    return told.ClaimReopened(**_of_claim(house, outstanding=Decimal("5.00")))


def claim_void(house: House) -> told.ClaimCancelled:
    """Nothing is owed any more."""
    return told.ClaimCancelled(**_of_claim(house, reason="fulfilled"))
