"""What only one category of ICT services is asked: for each, why it is refused and why it cannot be judged."""

from collections.abc import Iterator

from export_support.checking.facts import Facts
from export_support.checking.grounds import Finding, no, unknown
from export_support.lines.ict import (
    IctAdvertising,
    IctCatalogueTranslation,
    IctCertification,
    IctDemonstration,
    IctExhibition,
    IctRent,
)

AUDIENCE_AT_HOME = no(
    "audience-at-home",
    "The advertisement reached nobody abroad.",
    "Only advertising that reaches people abroad is reimbursed.",
)
AUDIENCE_UNMEASURED = unknown(
    "audience-unmeasured", "How many it reached abroad is not said.", "Give the measured share of the audience abroad."
)
SHOWN_BY_ANOTHER = no(
    "shown-by-another",
    "Another company showed the service.",
    "Only costs of one's own part in an exhibition are reimbursed.",
)
PROGRAMME_MISSING = unknown(
    "programme-missing",
    "Nothing shows that the service was in the organiser's programme.",
    "Say where it stands in the programme.",
)
MACHINE_TRANSLATION = no(
    "machine-translation", "A machine translated it.", "Only translations that people answer for are reimbursed."
)
TRANSLATOR_UNNAMED = unknown(
    "translator-unnamed", "Who answers for the translation is not said.", "Name the translator."
)
SERVERS_RENTED = no("servers-rented", "Servers are no premises.", "Only offices and workplaces abroad are reimbursed.")
RENT_OPEN = unknown("rent-term-open", "Until when the rent runs is not said.", "Give the last day of the rent.")
PERSON_CERTIFIED = no(
    "person-certified",
    "A person was certified, neither the service nor how it is made.",
    "Only certification of a service or a process is reimbursed.",
)
SCHEME_UNNAMED = unknown(
    "scheme-unnamed", "By which scheme it was certified is not said.", "Name the scheme of certification."
)
RELATED_CUSTOMER = no(
    "related-customer",
    "The customer belongs to the applicant.",
    "Only demonstrations to independent customers are reimbursed.",
)
CUSTOMER_UNCONFIRMED = unknown(
    "customer-unconfirmed",
    "Nothing shows that the customer saw the demonstration.",
    "Give the number of the act that the customer signed.",
)


def of_advertising(cost: IctAdvertising, _: Facts) -> Iterator[Finding]:
    """Did it reach anybody abroad?"""
    if cost.foreign_audience is None:
        yield Finding(AUDIENCE_UNMEASURED, "/foreign_audience")
    elif not cost.foreign_audience:
        yield Finding(AUDIENCE_AT_HOME, "/foreign_audience")


def of_exhibition(cost: IctExhibition, _: Facts) -> Iterator[Finding]:
    """Did the applicant show its service, as the programme says?"""
    if cost.shown_by == "another":
        yield Finding(SHOWN_BY_ANOTHER, "/shown_by")
    if cost.programme is None:
        yield Finding(PROGRAMME_MISSING, "/programme")


def of_catalogue(cost: IctCatalogueTranslation, _: Facts) -> Iterator[Finding]:
    """Did somebody translate it who answers for it?"""
    if cost.manner == "by-machine":
        yield Finding(MACHINE_TRANSLATION, "/manner")
    elif cost.translator is None:
        yield Finding(TRANSLATOR_UNNAMED, "/translator")


def of_rent(cost: IctRent, _: Facts) -> Iterator[Finding]:
    """A place to work at, for a known time?"""
    if cost.subject == "servers":
        yield Finding(SERVERS_RENTED, "/subject")
    if cost.until is None:
        yield Finding(RENT_OPEN, "/until")


def of_certification(cost: IctCertification, _: Facts) -> Iterator[Finding]:
    """Was the service certified, by a known scheme?"""
    if cost.certified == "person":
        yield Finding(PERSON_CERTIFIED, "/certified")
    if cost.scheme is None:
        yield Finding(SCHEME_UNNAMED, "/scheme")


def of_demonstration(cost: IctDemonstration, _: Facts) -> Iterator[Finding]:
    """Did a customer of its own see it?"""
    if cost.related_customer:
        yield Finding(RELATED_CUSTOMER, "/related_customer")
    if cost.customer_act is None:
        yield Finding(CUSTOMER_UNCONFIRMED, "/customer_act")
