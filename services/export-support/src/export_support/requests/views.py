"""What is asked of and answered about requests over HTTP; an IIN is masked."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping

from export_support.checking.grounds import Answer, Finding
from export_support.lines.costs import AnyCost, LineCost, read_cost
from export_support.pricing.rules import ROUNDED, SHARED_BY, Amount, Factor
from export_support.requests.content import Applicant, Content
from export_support.requests.judging import Judged, Judgement
from export_support.requests.model import Request, RequestStatus
from shared.http.words import Words
from shared.values.dates import Day, Moment
from shared.values.decimals import plain
from shared.values.identifiers import is_bin, masked
from shared.values.money import Money, from_tiyn
from shared.values.text import Name, ShortText

MOST_FINDINGS, MOST_FACTORS = 50, 20


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewRequest(_Asked):
    """A request to begin in an open call."""

    call_id: UUID
    applicant: Applicant
    content: Content = Content()


class NewContent(_Asked):
    """The content anew."""

    content: Content


class NewLine(_Asked):
    """A cost line: `category` says which fields it has."""

    cost: LineCost


class NewWithdrawal(_Asked):
    """Why the request is taken back."""

    reason: ShortText


class ApplicantView(BaseModel):
    """Who asks; an IIN is masked."""

    name: Name
    number: str


class RequestView(BaseModel):
    """A request. `estimated` in tenge, as it was at the signature; `number` is its place in the order of signatures."""

    id: UUID
    institute: str
    call_id: UUID
    number: str | None
    status: RequestStatus
    applicant: ApplicantView
    recipient_id: UUID
    content: Content
    line_count: int
    submitted_at: Moment | None
    submitted_on: Day | None
    estimated: Money | None
    ended_because: str | None

    @classmethod
    def of(cls, request: Request) -> "RequestView":
        """The view of a request."""
        members = {name: getattr(request, name) for name in cls.model_fields if hasattr(request, name)}
        number = request.applicant_number
        shown = number if is_bin(number) else masked(number)
        return cls.model_validate(members | {"applicant": {"name": request.applicant_name, "number": shown}})


class LineView(BaseModel):
    """A cost line of a request, under the number that it keeps."""

    id: UUID
    number: int
    cost: LineCost

    @classmethod
    def of(cls, row: RowMapping) -> "LineView":
        """The view of a stored line."""
        cost: AnyCost = read_cost(row["cost"])
        return cls(id=row["id"], number=row["number"], cost=cost)


class NearDocumentView(BaseModel):
    """A document of somebody that looks like one of the request's; who uses it is not told."""

    own_supplier: str
    own_number: str
    supplier: str
    number: str
    on: Day
    currency: str
    total: Money

    @classmethod
    def of(cls, row: RowMapping) -> "NearDocumentView":
        """The view of a pair of documents."""
        return cls.model_validate({**row, "on": row["issued_on"]})


class GroundView(BaseModel):
    """Why a line is not eligible or cannot be judged, in the caller's language; `pointer` leads into the cost."""

    code: str
    answer: Answer
    says: str
    remedy: str
    item: str = Field(description="The article, the item of the rules, or the act of the row that it rests on.")
    pointer: str

    @classmethod
    def of(cls, finding: Finding, say: Words) -> "GroundView":
        """The view of a finding."""
        ground = finding.ground
        return cls(
            code=ground.code,
            answer=ground.answer,
            says=say(ground.says, finding.data),
            remedy=say(ground.remedy, finding.data),
            item=finding.item,
            pointer=finding.pointer,
        )


class LineCheck(BaseModel):
    """What the checker says of a line: the same before the signature and after it."""

    line_id: UUID
    number: int
    category: str
    answer: Answer
    grounds: Annotated[list[GroundView], Field(max_length=MOST_FINDINGS)]

    @classmethod
    def of(cls, judged: Judged, say: Words) -> "LineCheck":
        """The view of a judged line."""
        return cls(
            line_id=judged.line.id,
            number=judged.line.number,
            category=judged.line.cost.category,
            answer=judged.answer,
            grounds=[GroundView.of(finding, say) for finding in judged.findings],
        )


class FactorView(BaseModel):
    """A number that went into the estimate, with the parameter or row that it came from."""

    name: str
    value: str
    source: str | None

    @classmethod
    def of(cls, factor: Factor) -> "FactorView":
        """The view of a factor."""
        return cls(name=factor.name, value=factor.value, source=factor.source)


class LineEstimate(BaseModel):
    """The estimate of a line, in tenge, step by step; None where the line is not eligible or unknown."""

    line_id: UUID
    number: int
    answer: Answer
    cost: Money | None
    percent: str | None
    by_rate: Money | None
    after_own_cap: Money | None
    after_category_cap: Money | None
    reimbursed: Money | None
    factors: Annotated[list[FactorView], Field(max_length=MOST_FACTORS)]

    @classmethod
    def of(cls, judged: Judged, amount: Amount | None) -> "LineEstimate":
        """The view of a line's estimate."""
        told: dict[str, Any] = dict.fromkeys(
            ("cost", "percent", "by_rate", "after_own_cap", "after_category_cap", "reimbursed")
        )
        if amount is not None:
            steps = (amount.cost, amount.rated, amount.capped, amount.of_category, amount.reimbursed)
            names = ("cost", "by_rate", "after_own_cap", "after_category_cap", "reimbursed")
            told |= {name: from_tiyn(step) for name, step in zip(names, steps, strict=True)}
            told["percent"] = shown_percent(amount.percent)
        return cls(
            line_id=judged.line.id,
            number=judged.line.number,
            answer=judged.answer,
            factors=[FactorView.of(factor) for factor in amount.factors] if amount else [],
            **told,
        )


def shown_percent(percent: Fraction) -> str:
    """Percent with as many decimals as rate and bonus have: a product of two decimals ends."""
    return plain(Decimal(percent.numerator) / Decimal(percent.denominator), 0)


class CeilingView(BaseModel):
    """The ceiling of the year, in tenge: the lesser of taxes and limit, less what earlier requests take of it."""

    taxes: Money | None
    limit: Money | None
    already: Money
    left: Money | None
    mci: str
    mci_count: str


class EstimateView(BaseModel):
    """The estimate of a request's eligible lines, in tenge; `rules` are the named rules of rounding and sharing."""

    revision: int
    eligible: int
    not_eligible: int
    unknown: int
    before_ceiling: Money
    ceiling: CeilingView
    reimbursed: Money
    by_category: dict[str, Money]
    rules: dict[str, str]

    @classmethod
    def of(cls, request: Request, judgement: Judgement) -> "EstimateView":
        """The view of a judgement."""
        found, parameters = judgement.estimate, judgement.parameters
        limits = {name: getattr(found.ceiling, name) for name in ("taxes", "limit", "already", "left")}
        return cls(
            revision=request.revision,
            eligible=judgement.count(Answer.ELIGIBLE),
            not_eligible=judgement.count(Answer.NOT_ELIGIBLE),
            unknown=judgement.count(Answer.UNKNOWN),
            before_ceiling=from_tiyn(found.before_ceiling),
            ceiling=CeilingView.model_validate(
                {name: None if tiyn is None else from_tiyn(tiyn) for name, tiyn in limits.items()}
                | {"mci": parameters.by_name["mci"].value, "mci_count": parameters.by_name["export.ceiling"].value}
            ),
            reimbursed=from_tiyn(found.reimbursed),
            by_category={name: from_tiyn(tiyn) for name, tiyn in found.by_category.items()},
            rules={"rounding": ROUNDED, "sharing": SHARED_BY},
        )
