"""Which claim it is."""

from uuid import UUID

from shared.identity import derived_id


def claim_id_of(agreement_id: UUID, year: int) -> UUID:
    """The identity of the claim of an agreement and reporting year: the same whoever asks, however often."""
    return derived_id("claim", agreement_id, year)
