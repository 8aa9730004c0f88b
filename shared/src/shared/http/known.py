"""`known_at`: the moment whose knowledge a reader asks for, the same wherever something is answered as known then."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query

from shared.http.transactions import Now
from shared.refusals import RuleBroken
from shared.values.dates import Moment


class MomentNotReached(RuleBroken):
    """What will be known at a moment to come is not known now: an answer would not stand for good."""

    title = "That moment has not come"
    detail = "{moment} lies after now, {now}."
    remedy = "Give a moment up to now, or none for what is known now."


def require_reached(moment: datetime | None, at: datetime) -> None:
    """Raise `MomentNotReached` for a moment after `at`; none asks for what is known now."""
    if moment is not None and moment > at:
        raise MomentNotReached(moment=moment.isoformat(), now=at.isoformat())


def known_at(
    now: Now,
    known_at: Annotated[Moment | None, Query(description="As known at this moment; absent: as known now.")] = None,
) -> datetime | None:
    """The moment that the query asks for. Raises `MomentNotReached`."""
    require_reached(known_at, now)
    return known_at


KnownAt = Annotated[datetime | None, Depends(known_at)]
