"""What a caller sees: the own institute's for those who work there, its own for an applicant, else nothing."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from shared.access.callers import Caller, CurrentCaller, Role
from shared.identity import recipient_id

STAFF = (Role.OFFICER, Role.EXPERT, Role.APPROVER, Role.AUDITOR, Role.OPERATOR)
"""Those who work for an institute."""

READERS = (Role.APPLICANT, *STAFF)
"""Those who may read what concerns them: people, not services."""


class Owned(Protocol):
    """A table whose rows belong to an institute and are about a recipient."""

    institute: Any
    recipient_id: Any


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose rows a caller sees: those of `institute`, and those about `recipient`; none where both are absent."""

    subject: str
    institute: str | None
    recipient: UUID | None

    @property
    def own(self) -> "Sight":
        """Only what is the company's own: for what an applicant does, who may be an officer too."""
        return replace(self, institute=None)

    @property
    def staff(self) -> "Sight":
        """Only what is the institute's: for what an officer does, who may act for a company too."""
        return replace(self, recipient=None)

    def of(self, table: type[Owned]) -> ColumnElement[bool]:
        """The condition under which this caller sees a row of the table: in every read and every load."""
        institute: InstrumentedAttribute[str] = table.institute
        recipient: InstrumentedAttribute[UUID] = table.recipient_id
        conditions: list[ColumnElement[bool]] = []
        if self.institute is not None:
            conditions.append(institute == self.institute)
        if self.recipient is not None:
            conditions.append(recipient == self.recipient)
        return or_(*conditions) if conditions else false()


def sight_of(caller: Caller, recipient_key: bytes) -> Sight:
    """What the caller sees; a role counts only with the institute or the company for which the caller acts."""
    works_there = not caller.roles.isdisjoint(STAFF)
    applies = Role.APPLICANT in caller.roles and caller.bin is not None
    return Sight(
        subject=caller.subject,
        institute=caller.institute if works_there else None,
        recipient=recipient_id(caller.bin, recipient_key) if applies and caller.bin else None,
    )


def seeing(request: Request, caller: CurrentCaller) -> Sight:
    """The sight of the request's caller."""
    return sight_of(caller, request.app.state.recipient_key)


Seen = Annotated[Sight, Depends(seeing)]
"""A route's argument of this type says what its caller may see."""
