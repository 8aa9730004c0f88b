"""The six categories of costs of promoting ICT services, each with the fields that only it has."""

from typing import Literal

from pydantic import StrictBool

from export_support.lines.values import Cost
from shared.values.dates import Day
from shared.values.shares import Share
from shared.values.text import Name, Reference


class IctAdvertising(Cost):
    """Advertising of an ICT service; `foreign_audience` is the measured share of those reached abroad, in percent."""

    category: Literal["ict-advertising"]
    platform: Name
    foreign_audience: Share | None = None


class IctExhibition(Cost):
    """Showing an ICT service at an exhibition abroad; `programme` is where it stands in the organiser's programme."""

    category: Literal["ict-exhibition"]
    exhibition: Name
    shown_by: Literal["applicant", "another"]
    programme: Reference | None = None


class IctCatalogueTranslation(Cost):
    """Translating a catalogue or an interface; `translator` is who answers for it."""

    category: Literal["ict-catalogue-translation"]
    manner: Literal["by-people", "by-machine"]
    translator: Name | None = None


class IctRent(Cost):
    """Rent abroad for an ICT service, to the end of `until`."""

    category: Literal["ict-rent"]
    subject: Literal["office", "workplaces", "servers"]
    until: Day | None = None


class IctCertification(Cost):
    """Certification for an ICT service by a scheme."""

    category: Literal["ict-certification"]
    certified: Literal["service", "process", "person"]
    scheme: Name | None = None


class IctDemonstration(Cost):
    """Demonstration to a customer abroad; `customer_act` is the number of the act that the customer signed."""

    category: Literal["ict-demonstration"]
    related_customer: StrictBool
    customer_act: Reference | None = None
