"""Who sees what of this service: a request that is not signed yet is its applicant's alone."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import SQLModel

from shared.access import sight
from shared.database.columns import columns


class Sight(sight.Sight):
    """What a caller may see of this service."""

    def of(self, kind: type[SQLModel]) -> ColumnElement[bool]:
        """The condition under which the caller sees a row of this kind."""
        own, seen = columns(kind), super().of(kind)
        if "submitted_at" in own:
            writes = own.recipient_id == self.recipient_id if self.recipient_id is not None else false()
            seen = and_(seen, or_(own.submitted_at.is_not(None), writes))
        return seen


CurrentSight = Annotated[Sight, Depends(Sight.of_request)]
"""A route's argument of this type is what its caller may see."""
