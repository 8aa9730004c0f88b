"""What must hold of an application's content before it is submitted, and of remarks: pure rules."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from grants.applications.content import BudgetLine, Content
from grants.applications.refusals import (
    ApplicationIncomplete,
    BudgetLineOverdrawn,
    BudgetNotEven,
    CeilingExceeded,
    DocumentKindUnknown,
    DocumentTwice,
    ItemNotEligible,
    OutsideThisLaw,
    RemarkPointsNowhere,
    RemarksMissing,
    RemarkTooLate,
    ShareTooHigh,
)

REQUIRED = ("title", "description", "region", "oked", "fea_cn", "requested_amount", "project_cost", "declarations")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the dated parameters of a day allow; `share_percent` and `ceiling` (tenge) are None where there is none."""

    day: date
    items: frozenset[str]
    kinds: frozenset[str]
    share_percent: Decimal | None
    share_source: str
    ceiling: Decimal | None
    ceiling_source: str


def require_submittable(content: Content, limits: Limits) -> None:
    """Raise the first refusal that stands in the way of submitting this content on the day of the limits."""
    if content.declarations is not None and content.declarations.agro_industrial:
        raise OutsideThisLaw
    _require_complete(content)
    require_items(content.budget, limits, "/content/budget")
    _require_even_budget(content)
    _require_documents(content, limits)
    _require_ceiling(content, limits)
    require_share(content.requested_amount or Decimal(0), content.project_cost or Decimal(0), limits)


def _require_complete(content: Content) -> None:
    missing = [name for name in REQUIRED if getattr(content, name) is None]
    missing += [name for name in ("budget", "documents") if not getattr(content, name)]
    if missing:
        raise ApplicationIncomplete(fields=", ".join(missing), field=f"/content/{missing[0]}")


def require_items(lines: Sequence[BudgetLine], limits: Limits, pointer: str) -> None:
    """Raise unless each line bears no more from the grant than it costs, and only for eligible items."""
    for number, line in enumerate(lines):
        place = f"{pointer}/{number}"
        if line.from_grant > line.amount:
            raise BudgetLineOverdrawn(
                line=number + 1, amount=line.amount, from_grant=line.from_grant, field=f"{place}/from_grant"
            )
        if line.from_grant and line.item not in limits.items:
            raise ItemNotEligible(item=line.item, day=limits.day, eligible=_listed(limits.items), field=f"{place}/item")


def _require_even_budget(content: Content) -> None:
    sums = {
        "project_cost": sum((line.amount for line in content.budget), Decimal(0)),
        "requested_amount": sum((line.from_grant for line in content.budget), Decimal(0)),
    }
    for member, lines in sums.items():
        stated = getattr(content, member)
        if lines != stated:
            raise BudgetNotEven(lines=f"{lines:.2f}", stated=f"{stated:.2f}", field=f"/content/{member}")


def _require_documents(content: Content, limits: Limits) -> None:
    seen: dict[str, int] = {}
    for number, document in enumerate(content.documents):
        place = f"/content/documents/{number}"
        if document.kind not in limits.kinds:
            raise DocumentKindUnknown(kind=document.kind, known=_listed(limits.kinds), field=f"{place}/kind")
        if document.sha256 in seen:
            raise DocumentTwice(first=seen[document.sha256] + 1, second=number + 1, field=f"{place}/sha256")
        seen[document.sha256] = number


def _require_ceiling(content: Content, limits: Limits) -> None:
    requested = content.requested_amount or Decimal(0)
    if limits.ceiling is not None and requested > limits.ceiling:
        raise CeilingExceeded(requested=f"{requested:.2f}", limit=f"{limits.ceiling:.2f}", source=limits.ceiling_source)


def require_share(requested: Decimal, cost: Decimal, limits: Limits) -> None:
    """Raise unless the grant bears no more than its largest share of the cost, both in tenge."""
    if limits.share_percent is not None and requested * 100 > cost * limits.share_percent:
        share = (requested * 100 / cost).quantize(Decimal("0.01"), ROUND_HALF_UP)
        raise ShareTooHigh(share=share, limit=limits.share_percent, source=limits.share_source)


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names))


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be corrected, and where: `pointer` is a JSON pointer into the content."""

    pointer: str
    text: str


def require_remarks(
    remarks: Sequence[Remark], content: Mapping[str, Any], before: Mapping[str, Any] | None, remarked: Collection[str]
) -> None:
    """Raise unless there are remarks, each about a field, and none that could have been made the time before.

    `before` is the content as it was first returned, `remarked` the fields that were remarked on then.
    """
    if not remarks:
        raise RemarksMissing
    for number, remark in enumerate(remarks):
        now = value_at(content, remark.pointer)
        if now is _ABSENT and not _may_be_missing(content, remark.pointer):
            raise RemarkPointsNowhere(number=number + 1, pointer=remark.pointer, field=f"/remarks/{number}/field")
        if before is None or _touches(remark.pointer, remarked):
            continue
        if now == value_at(before, remark.pointer) and not _was_extended(content, before, remark.pointer):
            raise RemarkTooLate(pointer=remark.pointer, field=f"/remarks/{number}/field")


class _Absent:
    """Nothing is there: not even null."""


_ABSENT = _Absent()


def value_at(content: Mapping[str, Any], pointer: str) -> Any:
    """The value at a JSON pointer (RFC 6901), or the mark of absence."""
    value: Any = content
    for part in _parts(pointer):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and _is_index(part) and int(part) < len(value):
            value = value[int(part)]
        else:
            return _ABSENT
    return value


def _parts(pointer: str) -> Iterator[str]:
    return (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def _is_index(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) <= 4 and (part == "0" or not part.startswith("0"))


def _may_be_missing(content: Mapping[str, Any], pointer: str) -> bool:
    """Whether this is a list or a member that the applicant left out: a remark may say that something is missing."""
    parts = list(_parts(pointer))
    return len(parts) == 2 and parts[1] == "-" and isinstance(content.get(parts[0]), list)


def _was_extended(content: Mapping[str, Any], before: Mapping[str, Any], pointer: str) -> bool:
    list_ = pointer.removesuffix("/-")
    return list_ != pointer and value_at(content, list_) != value_at(before, list_)


def _touches(pointer: str, remarked: Collection[str]) -> bool:
    return any(
        pointer == other or pointer.startswith(f"{other}/") or other.startswith(f"{pointer}/") for other in remarked
    )
