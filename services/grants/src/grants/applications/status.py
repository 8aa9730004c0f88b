"""The statuses of an application, and which of them are open."""

from enum import StrEnum


class ApplicationStatus(StrEnum):
    """Where an application stands; `submitted` is the completeness check."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    EXAMINATION = "examination"
    COMMISSION = "commission"
    HEARING = "hearing"
    APPROVED = "approved"
    REFUSED = "refused"
    ANNULLED = "annulled"
    WITHDRAWN = "withdrawn"


OPEN = frozenset(
    {
        ApplicationStatus.DRAFT,
        ApplicationStatus.SUBMITTED,
        ApplicationStatus.RETURNED,
        ApplicationStatus.EXAMINATION,
        ApplicationStatus.COMMISSION,
        ApplicationStatus.HEARING,
    }
)
"""Not decided yet: the applicant may withdraw."""

UNDER_WAY = OPEN - {ApplicationStatus.DRAFT}
"""Submitted and not decided."""

CONSIDERED = frozenset({ApplicationStatus.COMMISSION, ApplicationStatus.HEARING})
"""Before the commission, with or without a hearing."""

PAST_DRAFT = frozenset(ApplicationStatus) - {ApplicationStatus.DRAFT}
