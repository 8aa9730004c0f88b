"""Who sees what: the one scope of every read and every load of this service."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import Column, ColumnElement, and_, false, inspect, or_
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.record import Record
from shared.access.callers import Caller, CurrentCaller, Role
from shared.identity import recipient_id
from shared.refusals import NotFound

INSTITUTE_ROLES = frozenset({Role.OFFICER, Role.APPROVER, Role.AUDITOR})

Kind = TypeVar("Kind", bound=Record)


def columns(kind: type[Record]) -> ReadOnlyColumnCollection[str, Column[Any]]:
    """The columns of an aggregate's table, for the keys of a list and for scopes."""
    found: ReadOnlyColumnCollection[str, Column[Any]] = inspect(kind).local_table.c
    return found


@dataclass(frozen=True)
class Sight:
    """What a caller may see: officers, approvers and auditors their institute's, applicants what is their own,
    experts what they were asked to examine. Everything else does not exist for them.
    """

    caller: Caller
    recipient_key: bytes

    def only(self, role: Role) -> "Sight":
        """What the caller may see in one role: who is an officer and an applicant too submits only what is its own."""
        return Sight(replace(self.caller, roles=self.caller.roles & {role}), self.recipient_key)

    @property
    def recipient_id(self) -> UUID | None:
        """The company for which an applicant acts."""
        if Role.APPLICANT not in self.caller.roles or self.caller.bin is None:
            return None
        return recipient_id(self.caller.bin, self.recipient_key)

    @property
    def is_of_institute(self) -> bool:
        """Whether the caller acts for an institute."""
        return self.caller.institute is not None and not self.caller.roles.isdisjoint(INSTITUTE_ROLES)

    def of(self, kind: type[Record]) -> ColumnElement[bool]:
        """The where-clause of the rows of this kind that the caller may see."""
        own = columns(kind)
        own_institute = own.institute == self.caller.institute
        if "submitted_at" in own:  # a draft is its applicant's alone
            own_institute = and_(own_institute, own.submitted_at.is_not(None))
        seen: list[ColumnElement[bool]] = [own_institute] if self.is_of_institute else []
        if "recipient_id" in own and self.recipient_id is not None:
            seen.append(own.recipient_id == self.recipient_id)
        if "experts" in own and Role.EXPERT in self.caller.roles and self.caller.institute is not None:
            seen.append(and_(own_institute, own.experts.contains([self.caller.subject])))
        return or_(false(), *seen)

    async def load(self, session: AsyncSession, kind: type[Kind], id_: UUID, missing: type[NotFound]) -> Kind:
        """The aggregate, locked and read afresh; raises `missing(id=…)` where the caller may not see it."""
        statement = select(kind).where(col(kind.id) == id_, self.of(kind)).with_for_update()
        found = (await session.exec(statement.execution_options(populate_existing=True))).one_or_none()
        if found is None:
            raise missing(id=id_)
        return found

    async def read(self, session: AsyncSession, kind: type[Kind], id_: UUID, missing: type[NotFound]) -> Kind:
        """The aggregate, for reading only; raises `missing(id=…)` where the caller may not see it."""
        found = (await session.exec(select(kind).where(col(kind.id) == id_, self.of(kind)))).one_or_none()
        if found is None:
            raise missing(id=id_)
        return found


def recipient_key(request: Request) -> bytes:
    """The installation's key of recipient identifiers."""
    key: bytes = request.app.state.recipient_key
    return key


def sight(caller: CurrentCaller, key: Annotated[bytes, Depends(recipient_key)]) -> Sight:
    """What the caller of the request may see."""
    return Sight(caller, key)


CurrentSight = Annotated[Sight, Depends(sight)]
"""A route's argument of this type is what the caller may see."""
