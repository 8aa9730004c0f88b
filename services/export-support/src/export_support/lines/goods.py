"""The nine categories of costs of promoting goods, each with the fields that only it has."""

from typing import Literal

from pydantic import StrictBool

from export_support.lines.values import Cost, GoodsCode, Language
from shared.values.dates import Day
from shared.values.documents import Slug
from shared.values.shares import Quantity
from shared.values.text import Name, Reference


class _OfGood(Cost):
    fea_cn: GoodsCode

    @property
    def goods_code(self) -> str:
        """The good."""
        return self.fea_cn


class Delivery(_OfGood):
    """Delivery by transport: `country` is the destination; `declaration` the number of the customs declaration."""

    category: Literal["goods-delivery"]
    transport_mode: Slug
    border_crossing: Slug | None = None
    dispatch_zone: Slug | None = None
    domestic_logistics: StrictBool = False
    shipped_on: Day
    declaration: Reference | None = None


class Advertising(Cost):
    """Advertising abroad. `placement` is the number of the act of placement."""

    category: Literal["goods-advertising"]
    medium: Literal["press", "television", "radio", "outdoor", "internet", "own-channel"]
    placement: Reference | None = None


class Exhibition(Cost):
    """Taking part in an exhibition abroad, from `begins_on` to `ends_on`."""

    category: Literal["goods-exhibition"]
    exhibition: Name
    participation: Literal["exhibitor", "visitor"]
    begins_on: Day
    ends_on: Day


class CatalogueTranslation(Cost):
    """Translating a catalogue of goods. `pages` of the translation."""

    category: Literal["goods-catalogue-translation"]
    into: Language
    pages: Quantity | None = None


class PremisesRent(Cost):
    """Rent of premises abroad; `lease` is the number under which the lease is registered."""

    category: Literal["goods-premises-rent"]
    purpose: Literal["office", "shop", "warehouse", "showroom", "dwelling"]
    lease: Reference | None = None


class Trademark(Cost):
    """Registration of a trademark abroad, under an application number of the office."""

    category: Literal["goods-trademark"]
    application: Reference
    outcome: Literal["registered", "pending", "refused"]


class EnterpriseCertification(Cost):
    """Certification of the enterprise by a standard; valid to `valid_to`, where it ends."""

    category: Literal["goods-enterprise-certification"]
    standard: Name
    certificate: Reference | None = None
    valid_to: Day | None = None


class Conformity(_OfGood):
    """Confirming that a good conforms abroad: what the certificate covers, and the laboratory's accreditation."""

    category: Literal["goods-conformity"]
    covers: GoodsCode
    accreditation: Reference | None = None


class Franchising(Cost):
    """Franchising abroad; `registration` is the number of the agreement in the register."""

    category: Literal["goods-franchising"]
    role: Literal["franchisor", "franchisee"]
    registration: Reference | None = None
