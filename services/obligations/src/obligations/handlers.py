"""Table of contents: which event this service reacts to, under which consumer name, with which function."""

from obligations.claims.reactions import TRIGGERS
from obligations.obligations.reactions import (
    on_agreement_amended,
    on_agreement_completed,
    on_agreement_signed,
    on_agreement_terminated,
    on_tranche_cancelled,
    on_tranche_disbursed,
    on_tranche_reversed,
)
from shared.contracts.support import (
    AgreementAmended,
    AgreementCompleted,
    AgreementSigned,
    AgreementTerminated,
    TrancheCancelled,
    TrancheDisbursed,
    TrancheReversed,
)
from shared.service import Consumer

FUNDING = ("grants.v1", "clusters.v1", "export-support.v1")
"""The topics of the services that sign agreements and pay."""

OWN = ("obligations.v1",)

CONSUMERS = (
    Consumer(
        "monitoring",
        topics=FUNDING,
        handlers={
            AgreementSigned: on_agreement_signed,
            AgreementAmended: on_agreement_amended,
            AgreementCompleted: on_agreement_completed,
            AgreementTerminated: on_agreement_terminated,
            TrancheDisbursed: on_tranche_disbursed,
            TrancheReversed: on_tranche_reversed,
            TrancheCancelled: on_tranche_cancelled,
        },
    ),
    Consumer("recovery", topics=(*FUNDING, *OWN), handlers=TRIGGERS),
)
