"""The roles that a caller may have."""

from enum import StrEnum


class Role(StrEnum):
    """What a caller is to the system; a person may be several."""

    APPLICANT = "applicant"
    OFFICER = "officer"
    EXPERT = "expert"
    APPROVER = "approver"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    SERVICE = "service"
