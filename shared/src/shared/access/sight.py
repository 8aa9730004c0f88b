"""What a caller may see: the one scope of every read and every load; all else does not exist for the caller."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self, TypeVar
from uuid import UUID

from fastapi import Request
from sqlalchemy import ColumnElement, false, or_
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.access.callers import Caller, CurrentCaller, Role
from shared.database.columns import columns
from shared.identity import recipient_id
from shared.record import AggregateRecord
from shared.refusals import NotFound

ROLES_OF_ROUTE = "tirek.roles-of-route"
"""Where a route says in the request's scope which roles it lets in; empty where it is open to every caller."""

Aggregate = TypeVar("Aggregate", bound=AggregateRecord)


@dataclass(frozen=True)
class Sight:
    """What a caller may see: those who work for an institute what is the institute's, an applicant what is its own.

    Made of the roles in which the caller acts, so that an officer who also applies for a company decides nothing about
    the company's own. A service in which others see something too says so in a subclass, in `of`.
    """

    staff: ClassVar[frozenset[Role]] = frozenset({Role.OFFICER, Role.APPROVER, Role.AUDITOR})

    caller: Caller
    recipient_key: bytes

    @classmethod
    def of_request(cls, request: Request, caller: CurrentCaller) -> Self:
        """What the caller of the request may see, in those of its roles that the route lets in."""
        roles: frozenset[Role] = request.scope[ROLES_OF_ROUTE]
        acting = replace(caller, roles=caller.roles & roles) if roles else caller
        return cls(acting, request.app.state.recipient_key)

    def only(self, role: Role) -> Self:
        """What the caller may see in one role."""
        return replace(self, caller=replace(self.caller, roles=self.caller.roles & {role}))

    @property
    def subject(self) -> str:
        """Who sees."""
        return self.caller.subject

    @property
    def institute(self) -> str | None:
        """The institute for which the caller acts."""
        return None if self.caller.roles.isdisjoint(self.staff) else self.caller.institute

    @property
    def recipient_id(self) -> UUID | None:
        """The company for which an applicant acts."""
        if Role.APPLICANT not in self.caller.roles or self.caller.bin is None:
            return None
        return recipient_id(self.caller.bin, self.recipient_key)

    def of(self, kind: type[SQLModel]) -> ColumnElement[bool]:
        """The condition under which the caller sees a row of this kind: in every read and every load."""
        own = columns(kind)
        seen: list[ColumnElement[bool]] = []
        if self.institute is not None:
            seen.append(own.institute == self.institute)
        if self.recipient_id is not None and "recipient_id" in own:
            seen.append(own.recipient_id == self.recipient_id)
        return or_(false(), *seen)

    async def load(self, session: AsyncSession, kind: type[Aggregate], id_: UUID, missing: type[NotFound]) -> Aggregate:
        """The aggregate, locked and read afresh; raises `missing(id=…)` where the caller may not see it."""
        statement = select(kind).where(col(kind.id) == id_, self.of(kind)).with_for_update()
        found = (await session.exec(statement.execution_options(populate_existing=True))).one_or_none()
        if found is None:
            raise missing(id=id_)
        return found

    async def read(self, session: AsyncSession, kind: type[Aggregate], id_: UUID, missing: type[NotFound]) -> Aggregate:
        """The aggregate, for reading only; raises `missing(id=…)` where the caller may not see it."""
        found = (await session.exec(select(kind).where(col(kind.id) == id_, self.of(kind)))).one_or_none()
        if found is None:
            raise missing(id=id_)
        return found
