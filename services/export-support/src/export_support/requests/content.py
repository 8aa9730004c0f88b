"""What a request says beside its lines; a draft may leave anything open."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from export_support.checking.facts import Size
from shared.values.documents import DocumentReference
from shared.values.identifiers import ApplicantNumber, Kato
from shared.values.money import Money, PositiveMoney
from shared.values.shares import Share
from shared.values.text import LongText, Name

MOST_YEARS, MOST_USES, MOST_DOCUMENTS = 10, 50, 100


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Applicant(_Part):
    """Who asks: a legal person (BIN), a sole trader or a simple partnership (IIN) (Law 86-VII, Art. 1(14))."""

    name: Name
    number: ApplicantNumber


ApplicantType = Literal["producer", "subsidiary", "distributor", "social-entrepreneurial-corporation"]


class ExportYear(_Part):
    """What was or will be exported in a year, in tenge; the base of the counter-obligation (Art. 27(3))."""

    year: Annotated[int, Field(strict=True, ge=2000, le=2100)]
    volume: Money


class PlannedUse(_Part):
    """For what the reimbursed money is meant, in tenge."""

    purpose: Name
    amount: PositiveMoney


class Declarations(_Part):
    """What the applicant declares and answers for: these costs were not reimbursed under any other support."""

    not_reimbursed_elsewhere: StrictBool
    counter_obligations_accepted: StrictBool


class Content(_Part):
    """The request itself. `taxes` paid in the previous year without VAT and excise, in tenge; `load` in percent."""

    applicant_type: ApplicantType | None = None
    size: Size | None = None
    region: Kato | None = None
    taxes: Money | None = None
    history: Annotated[list[ExportYear], Field(max_length=MOST_YEARS)] = []
    load: Share | None = None
    foreign_revenue: Money | None = None
    about: LongText | None = None
    planned_use: Annotated[list[PlannedUse], Field(max_length=MOST_USES)] = []
    documents: Annotated[list[DocumentReference], Field(max_length=MOST_DOCUMENTS)] = []
    declarations: Declarations | None = None

    def stored(self) -> dict[str, Any]:
        """The content as JSON values, money as strings."""
        return self.model_dump(mode="json")

    @property
    def missing(self) -> list[str]:
        """The members without which nothing is signed."""
        wanted = ("applicant_type", "size", "region", "taxes", "declarations")
        found = [name for name in wanted if getattr(self, name) is None]
        return found + [name for name in ("history", "planned_use") if not getattr(self, name)]
