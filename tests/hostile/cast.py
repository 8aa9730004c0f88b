"""Who is who in the seeded state, and the ids of what there is."""

from dataclasses import dataclass, field

from shared.access.roles import Role
from shared.values.identifiers import check_digit
from tirek_local.stories.people import INDUSTRY, Person, approver, company, expert, officer


def a_bin(serial: int) -> str:
    """The next valid BIN of a resident company from this serial on."""
    digit = check_digit(eleven := f"160140{serial:05d}")
    return a_bin(serial + 1) if digit is None else f"{eleven}{digit}"


COMPANIES = tuple(company(number, a_bin(100 * number)) for number in range(1, 8))
OFFICER, SECOND_OFFICER = officer(1), officer(2)
EXPERTS = (expert(1), expert(2), expert(3))
COMMISSION = (approver(1), approver(2), approver(3))
APPROVER, SECOND_APPROVER = COMMISSION[:2]
AUDITOR = Person("auditor-1", Role.AUDITOR, INDUSTRY)
OPERATOR = Person("operator-1", Role.OPERATOR, INDUSTRY)
SERVICE = Person("service-1", Role.SERVICE)
READERS = (COMPANIES[0], OFFICER, APPROVER, AUDITOR)

EVERYBODY = {
    person.role.value: person for person in (COMPANIES[0], OFFICER, EXPERTS[0], APPROVER, AUDITOR, OPERATOR, SERVICE)
}
"""One caller for each role; the applicant is the company of the long story."""


@dataclass
class Seeded:
    """The ids of the long story, which the chapters hand on."""

    account: str = ""
    call: str = ""
    application: str = ""
    conclusion: str = ""
    approved: list[str] = field(default_factory=list)
    agreement: str = ""
    other_agreement: str = ""
    tranches: list[str] = field(default_factory=list)
    obligations: list[str] = field(default_factory=list)
    other_obligations: list[str] = field(default_factory=list)
    report: str = ""
    project_report: str = ""
    excuse: str = ""
    rate: str = ""
    rule_set: str = ""
    claim: str = ""
    payment_conflict: str = ""
