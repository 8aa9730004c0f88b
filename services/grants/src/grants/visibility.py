"""Who sees what of this service: besides the institute and the applicant, experts what they were asked to examine."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import SQLModel

from shared.access import sight
from shared.access.callers import Role
from shared.database.columns import columns


class Drafted:
    """What is its writer's alone until it is handed in; its table has the columns `recipient_id` and `submitted_at`."""


class Sight(sight.Sight):
    """What a caller may see of this service; a draft is its applicant's alone."""

    def of(self, kind: type[SQLModel]) -> ColumnElement[bool]:
        """The condition under which the caller sees a row of this kind."""
        own, seen = columns(kind), super().of(kind)
        if "experts" in own and Role.EXPERT in self.caller.roles and self.caller.institute is not None:
            asked = own.experts.contains([self.subject])
            seen = or_(seen, and_(own.institute == self.caller.institute, asked))
        if issubclass(kind, Drafted):
            writes = own.recipient_id == self.recipient_id if self.recipient_id is not None else false()
            seen = and_(seen, or_(own.submitted_at.is_not(None), writes))
        return seen


CurrentSight = Annotated[Sight, Depends(Sight.of_request)]
"""A route's argument of this type is what its caller may see."""
