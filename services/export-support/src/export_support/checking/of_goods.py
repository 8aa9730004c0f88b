"""What only one category of goods is asked: for each, why it is refused and why it cannot be judged."""

from collections.abc import Iterator

from export_support.checking.facts import Facts
from export_support.checking.grounds import Finding, no, unknown
from export_support.lines.goods import (
    Advertising,
    CatalogueTranslation,
    Conformity,
    Delivery,
    EnterpriseCertification,
    Exhibition,
    Franchising,
    PremisesRent,
    Trademark,
)

HOME_LANGUAGES = frozenset({"kk", "ru"})
"""Kazakh, and Russian, which is used officially beside it (Constitution, Art. 7); assumed."""

CROSSING_OF_ANOTHER_MODE = no(
    "crossing-of-another-mode",
    "The border crossing {crossing} serves transport by {served}, the delivery went by {mode}.",
    "Name the crossing that the goods passed, or the way they went.",
)
PLACE_UNKNOWN = unknown(
    "place-unknown",
    "{place} is not on the list of border crossings, ways of transport or zones.",
    "Choose from the lists, or have the place entered.",
)
DECLARATION_MISSING = unknown(
    "declaration-missing",
    "Nothing shows that the goods left the country.",
    "Give the number of the customs declaration.",
)
OWN_CHANNEL = no(
    "medium-of-own-channel",
    "Advertising in the applicant's own channel is no placement with others.",
    "Ask for what was paid to others for placement.",
)
PLACEMENT_UNPROVEN = unknown(
    "placement-unproven", "Nothing shows that the advertisement was placed.", "Give the number of the act of placement."
)
VISITED_ONLY = no(
    "visited-only",
    "The applicant visited the exhibition and showed nothing.",
    "Only costs of those who exhibit are reimbursed.",
)
EXHIBITION_NOT_OVER = unknown(
    "exhibition-not-over", "The exhibition ends on {ends_on} only.", "Ask for the cost after the exhibition."
)
HOME_LANGUAGE = no(
    "translated-into-home-language",
    "The catalogue was translated into {language}, a language of the home market.",
    "Only translations for markets abroad are reimbursed.",
)
VOLUME_UNSTATED = unknown(
    "catalogue-volume-unstated", "How many pages were translated is not said.", "Give the pages of the translation."
)
DWELLING = no(
    "premises-for-dwelling",
    "A dwelling is no place of business.",
    "Only offices, shops, showrooms and warehouses are reimbursed.",
)
LEASE_UNREGISTERED = unknown(
    "lease-unregistered", "Under which number the lease is registered is not said.", "Give the number of the lease."
)
TRADEMARK_REFUSED = no(
    "trademark-refused",
    "The office refused to register the trademark of application {application}.",
    "Only a registered trademark is reimbursed.",
)
TRADEMARK_PENDING = unknown(
    "trademark-pending",
    "The office has not decided on application {application} yet.",
    "Ask for the cost when the trademark is registered.",
)
CERTIFICATE_LAPSED = no(
    "certificate-lapsed",
    "The certificate was valid to {valid_to} only.",
    "Only a certificate in force is reimbursed.",
)
CERTIFICATION_NOT_FINISHED = unknown(
    "certification-not-finished", "There is no certificate yet.", "Give the number of the certificate."
)
CERTIFICATE_OF_OTHER_GOOD = no(
    "certificate-of-other-good",
    "The certificate covers {covers}, the line is about {code}.",
    "Name the good that the certificate covers.",
)
LABORATORY_UNKNOWN = unknown(
    "laboratory-unaccredited",
    "Whether the laboratory is accredited is not said.",
    "Give the number of the laboratory's accreditation.",
)
FRANCHISE_BOUGHT = no(
    "franchise-bought",
    "The applicant took the franchise, it did not give it.",
    "Only costs of those who give a franchise abroad are reimbursed.",
)
FRANCHISE_UNREGISTERED = unknown(
    "franchise-unregistered",
    "Under which number the franchise is registered is not said.",
    "Give the number of its registration.",
)


def of_delivery(cost: Delivery, facts: Facts) -> Iterator[Finding]:
    """Did the goods leave the country, by this way, over this crossing?"""
    places = facts.places
    served = None if cost.border_crossing is None else places.crossings.get(cost.border_crossing)
    for field, key, known in (
        ("/transport_mode", cost.transport_mode, places.modes),
        ("/border_crossing", cost.border_crossing, places.crossings.keys()),
        ("/dispatch_zone", cost.dispatch_zone, places.zones),
    ):
        if key is not None and key not in known:
            yield Finding(PLACE_UNKNOWN, field, {"place": key})
    if served is not None and cost.transport_mode not in {served, "multimodal"}:
        data = {"crossing": cost.border_crossing, "served": served, "mode": cost.transport_mode}
        yield Finding(CROSSING_OF_ANOTHER_MODE, "/border_crossing", data)
    if cost.declaration is None:
        yield Finding(DECLARATION_MISSING, "/declaration")


def of_advertising(cost: Advertising, _: Facts) -> Iterator[Finding]:
    """Was it placed with others, and is that proven?"""
    if cost.medium == "own-channel":
        yield Finding(OWN_CHANNEL, "/medium")
    elif cost.placement is None:
        yield Finding(PLACEMENT_UNPROVEN, "/placement")


def of_exhibition(cost: Exhibition, facts: Facts) -> Iterator[Finding]:
    """Did the applicant exhibit, and is the exhibition over?"""
    if cost.participation == "visitor":
        yield Finding(VISITED_ONLY, "/participation")
    if cost.ends_on > facts.on:
        yield Finding(EXHIBITION_NOT_OVER, "/ends_on", {"ends_on": cost.ends_on})


def of_catalogue(cost: CatalogueTranslation, _: Facts) -> Iterator[Finding]:
    """Into a language of a market abroad, of a known volume?"""
    if cost.into in HOME_LANGUAGES:
        yield Finding(HOME_LANGUAGE, "/into", {"language": cost.into})
    if cost.pages is None:
        yield Finding(VOLUME_UNSTATED, "/pages")


def of_premises(cost: PremisesRent, _: Facts) -> Iterator[Finding]:
    """A place of business, under a registered lease?"""
    if cost.purpose == "dwelling":
        yield Finding(DWELLING, "/purpose")
    if cost.lease is None:
        yield Finding(LEASE_UNREGISTERED, "/lease")


def of_trademark(cost: Trademark, _: Facts) -> Iterator[Finding]:
    """Was it registered?"""
    grounds = {"refused": TRADEMARK_REFUSED, "pending": TRADEMARK_PENDING}
    if cost.outcome in grounds:
        yield Finding(grounds[cost.outcome], "/outcome", {"application": cost.application})


def of_enterprise(cost: EnterpriseCertification, facts: Facts) -> Iterator[Finding]:
    """Is there a certificate, and is it in force?"""
    if cost.valid_to is not None and cost.valid_to < facts.on:
        yield Finding(CERTIFICATE_LAPSED, "/valid_to", {"valid_to": cost.valid_to})
    if cost.certificate is None:
        yield Finding(CERTIFICATION_NOT_FINISHED, "/certificate")


def of_conformity(cost: Conformity, _: Facts) -> Iterator[Finding]:
    """Does the certificate cover this good, from an accredited laboratory?"""
    if not cost.fea_cn.startswith(cost.covers):
        yield Finding(CERTIFICATE_OF_OTHER_GOOD, "/covers", {"covers": cost.covers, "code": cost.fea_cn})
    if cost.accreditation is None:
        yield Finding(LABORATORY_UNKNOWN, "/accreditation")


def of_franchising(cost: Franchising, _: Facts) -> Iterator[Finding]:
    """Did the applicant give a franchise that is registered?"""
    if cost.role == "franchisee":
        yield Finding(FRANCHISE_BOUGHT, "/role")
    if cost.registration is None:
        yield Finding(FRANCHISE_UNREGISTERED, "/registration")
