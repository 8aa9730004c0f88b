"""The vocabulary of the base rates that obligations keeps, as events of its stream."""

from datetime import date
from uuid import UUID

from shared.contracts.amounts import Figure
from shared.contracts.event import Event


class BaseRateAnnounced(Event):
    """A base rate of the National Bank became known: in force from `effective_from`, in percent a year."""

    type = "obligations.base-rate-announced.v1"
    rate_id: UUID
    effective_from: date
    percent: Figure
    source: str
    verified: bool


class BaseRateCorrected(Event):
    """What was known of a base rate was wrong; claims that used it are calculated anew."""

    type = "obligations.base-rate-corrected.v1"
    rate_id: UUID
    replaces: UUID
    effective_from: date
    percent: Figure | None
    source: str
    reason: str


class RateCoverageExtended(Event):
    """The base rate is now known up to and including `known_until`."""

    type = "obligations.rate-coverage-extended.v1"
    known_until: date
    source: str
