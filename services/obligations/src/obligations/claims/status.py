"""Where a claim stands, and what moves it."""

from enum import StrEnum


class ClaimStatus(StrEnum):
    """From the first calculation to the money."""

    CALCULATED = "calculated"
    NOTIFIED = "notified"
    DEMANDED = "demanded"
    DISPUTED = "disputed"
    SETTLED = "settled"
    CANCELLED = "cancelled"


CLOSED = frozenset({ClaimStatus.SETTLED, ClaimStatus.CANCELLED})
"""Nothing is owed; a new fact may still open the claim again."""
