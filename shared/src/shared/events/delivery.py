"""An event as a handler receives it: the envelope, and when it is being handled."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Delivery:
    """The envelope of the event that is handled and the service's instant at which that happens."""

    envelope: Envelope
    at: datetime

    @property
    def institute(self) -> str:
        """The institute to which the event belongs."""
        return self.envelope.institute
