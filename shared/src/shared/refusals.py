"""Refusals: what a rule says instead of an answer, in four kinds that the HTTP edge maps to a status in one table."""

import re
from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """Why a refusal was made; `shared.http.problems` gives each kind its HTTP status."""

    NOT_FOUND = "not-found"
    FORBIDDEN = "forbidden"
    CONFLICT = "conflict"
    RULE_BROKEN = "rule-broken"


class Refusal(Exception):
    """A typed "no" with the data it rests on.

    A subclass is a noun of the business and stands next to the rule that it guards. `title` and `detail` are English
    message ids of the gettext catalogues; `detail` is a format string over `data`. `remedy` says what the caller can
    do; `field` is the JSON pointer of the member that the refusal is about, where there is one.
    """

    kind: ClassVar[Kind]
    title: ClassVar[str]
    detail: ClassVar[str] = ""
    remedy: ClassVar[str] = ""
    field: str | None = None
    retry_after: int | None = None

    def __init__(self, *, field: str | None = None, retry_after: int | None = None, **data: object) -> None:
        self.data = data
        if field is not None:
            self.field = field
        if retry_after is not None:
            self.retry_after = retry_after
        super().__init__(f"{type(self).__name__}: {self.detail.format(**data)}")

    @classmethod
    def slug(cls) -> str:
        """The stable name of the refusal, `offer-lapsed` for `OfferLapsed`: the last part of the problem's type."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()


class NotFound(Refusal):
    """There is no such thing, or none that this caller may see."""

    kind = Kind.NOT_FOUND


class Forbidden(Refusal):
    """The caller is known and may not do this."""

    kind = Kind.FORBIDDEN


class Conflict(Refusal):
    """The state of the thing does not allow it now."""

    kind = Kind.CONFLICT


class RuleBroken(Refusal):
    """A rule of the Law, of the agreement or of the programme says no."""

    kind = Kind.RULE_BROKEN
