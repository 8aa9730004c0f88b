"""State × verb: every cell is a transition or a named refusal."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from grants.agreements.model import Agreement, AgreementStatus
from grants.agreements.refusals import AgreementNotOffered, AgreementNotSigned
from shared.contracts.event import Event
from shared.contracts.grants import OfferLapsed
from shared.contracts.support import (
    AgreementAmended,
    AgreementCompleted,
    AgreementHeld,
    AgreementReleased,
    AgreementSigned,
    AgreementTerminated,
    RefundDebited,
    RepaymentCredited,
)
from shared.identity import new_id
from shared.refusals import Refusal
from tests.grants.funding import PAID_ON, SIGNED, START, term, terms

LATER = START + timedelta(days=60)
CAUSE = new_id()

OFFERED, SIGNED_, LAPSED, COMPLETED, TERMINATED = AgreementStatus


def an_agreement(status: AgreementStatus) -> Agreement:
    agreement = Agreement(
        institute="industry", number="IG-2025-0001", application_id=new_id(), account_id=new_id(),
        recipient_id=new_id(), recipient_name="Taraz Machines", amount=Decimal("100.00"), status=OFFERED, rule_set="",
        obligations=[], planned=[], reporting_years=[], offered_at=START, offered_by="officer-1",
        expires_on=START.date() + timedelta(days=14), calendar="kz",
    )  # fmt: skip
    agreement.set_terms(terms())
    if status in {SIGNED_, COMPLETED, TERMINATED}:
        agreement.sign(SIGNED, "applicant-1")
    if status is LAPSED:
        agreement.lapse(LATER)
    if status is COMPLETED:
        agreement.complete(LATER, tranches=0, causes=0, obligations=0, reports=0)
    if status is TERMINATED:
        agreement.terminate(LATER, "by consent")
    assert agreement.status is status
    return agreement


VERBS: dict[str, Callable[[Agreement], Event]] = {
    "sign": lambda agreement: agreement.sign(SIGNED, "applicant-1"),
    "lapse": lambda agreement: agreement.lapse(LATER),
    "amend": lambda agreement: agreement.amend([term("jobs")], "default", "addendum 1", SIGNED),
    "complete": lambda agreement: agreement.complete(LATER, tranches=0, causes=0, obligations=0, reports=0),
    "terminate": lambda agreement: agreement.terminate(LATER, "by consent"),
    "hold": lambda agreement: agreement.held(CAUSE, "breach", LATER),
    "release": lambda agreement: agreement.released(CAUSE, "obligations.claim-settled.v1", 0, LATER),
    "credit": lambda agreement: agreement.credited(CAUSE, Decimal("1.00"), PAID_ON, LATER),
    "debit": lambda agreement: agreement.debited(CAUSE, Decimal("1.00"), PAID_ON, LATER),
}

ALWAYS = {"hold": AgreementHeld, "release": AgreementReleased, "credit": RepaymentCredited, "debit": RefundDebited}
"""Facts that others state: they are recorded whatever the status."""

NOT_SIGNED = dict.fromkeys(("amend", "complete", "terminate"), AgreementNotSigned)
NOT_OFFERED = dict.fromkeys(("sign", "lapse"), AgreementNotOffered)

TABLE: dict[AgreementStatus, dict[str, Any]] = {
    OFFERED: {"sign": (SIGNED_, AgreementSigned), "lapse": (LAPSED, OfferLapsed), **NOT_SIGNED},
    SIGNED_: {
        "amend": (SIGNED_, AgreementAmended),
        "complete": (COMPLETED, AgreementCompleted),
        "terminate": (TERMINATED, AgreementTerminated),
        **NOT_OFFERED,
    },
    LAPSED: NOT_SIGNED | NOT_OFFERED,
    COMPLETED: NOT_SIGNED | NOT_OFFERED,
    TERMINATED: NOT_SIGNED | NOT_OFFERED,
}

CELLS = [(status, verb) for status in AgreementStatus for verb in VERBS]


@pytest.mark.parametrize(("status", "verb"), CELLS, ids=[f"{status}-{verb}" for status, verb in CELLS])
def test_every_cell_is_a_transition_or_a_named_refusal(status: AgreementStatus, verb: str) -> None:
    agreement = an_agreement(status)
    before = agreement.model_dump()
    expected = (status, ALWAYS[verb]) if verb in ALWAYS else TABLE[status][verb]
    if isinstance(expected, type) and issubclass(expected, Refusal):
        with pytest.raises(expected):
            VERBS[verb](agreement)
        assert agreement.model_dump() == before
    else:
        event = VERBS[verb](agreement)
        assert (agreement.status, type(event)) == expected
