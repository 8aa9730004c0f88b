"""What an application says, as its applicant writes it; a draft may leave anything open."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from shared.values.dates import Day
from shared.values.documents import Sha256, Size, Slug
from shared.values.identifiers import ApplicantNumber, FeaCn, Kato, Oked
from shared.values.money import Money, PositiveMoney
from shared.values.text import LongText, Name, ShortText

MOST_LINES = 100


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Applicant(_Part):
    """Who applies: a legal person (BIN), a sole trader or a simple partnership (IIN) (Law 86-VII, Art. 1(14))."""

    name: Name
    number: ApplicantNumber


class BudgetLine(_Part):
    """One cost of the project, in tenge, and how much of it the grant is to bear."""

    item: Slug
    description: ShortText
    amount: PositiveMoney
    from_grant: Money


class AttachedDocument(_Part):
    """A document: its kind, name, SHA-256 and size in bytes. The document itself is never fetched from anywhere."""

    kind: Slug
    name: Name
    sha256: Sha256
    size: Size


class Declarations(_Part):
    """What the applicant declares; the applicant answers for its truth. `debt`: tax, pension and social, in tenge."""

    counter_obligations_accepted: StrictBool
    agro_industrial: StrictBool
    small_or_medium: StrictBool
    active_since: Day
    only_priority_goods: StrictBool
    excluded_by_rules: StrictBool
    affiliated_with_supplier: StrictBool
    qualified_staff: StrictBool
    debt: Money
    debt_deferred: StrictBool


class Content(_Part):
    """The application itself. `region` is a KATO code, `oked` the activity, `fea_cn` the good that will be made."""

    title: Name | None = None
    description: LongText | None = None
    region: Kato | None = None
    oked: Oked | None = None
    fea_cn: FeaCn | None = None
    requested_amount: PositiveMoney | None = None
    project_cost: PositiveMoney | None = None
    budget: Annotated[list[BudgetLine], Field(max_length=MOST_LINES)] = []
    documents: Annotated[list[AttachedDocument], Field(max_length=MOST_LINES)] = []
    declarations: Declarations | None = None

    def stored(self) -> dict[str, Any]:
        """The content as JSON values, money and days as strings."""
        return self.model_dump(mode="json")

    def declared(self) -> dict[str, bool | date | Decimal]:
        """The declarations by name; empty where none were made."""
        return {} if self.declarations is None else dict(self.declarations)
