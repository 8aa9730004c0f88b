"""A cost of any category: told apart by its `category`."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from export_support.lines.categories import Category
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
from export_support.lines.ict import (
    IctAdvertising,
    IctCatalogueTranslation,
    IctCertification,
    IctDemonstration,
    IctExhibition,
    IctRent,
)

AnyCost = (
    Delivery
    | Advertising
    | Exhibition
    | CatalogueTranslation
    | PremisesRent
    | Trademark
    | EnterpriseCertification
    | Conformity
    | Franchising
    | IctAdvertising
    | IctExhibition
    | IctCatalogueTranslation
    | IctRent
    | IctCertification
    | IctDemonstration
)
LineCost = Annotated[AnyCost, Field(discriminator="category")]
"""A cost as it stands in a body: `category` says which fields it has."""

_adapter: TypeAdapter[AnyCost] = TypeAdapter(LineCost)


def read_cost(stored: Any) -> AnyCost:
    """The cost in JSON values; raises pydantic's `ValidationError`."""
    return _adapter.validate_python(stored)


def category_of(cost: AnyCost) -> Category:
    """The category of a cost."""
    return Category(cost.category)


def is_marked(cost: AnyCost) -> bool:
    """Whether the line bears the mark of domestic logistics."""
    return isinstance(cost, Delivery) and cost.domestic_logistics
