"""A clock that stands where a test puts it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass
class StandingClock:
    """Stands until it is set."""

    at: datetime = datetime(2025, 1, 15, 5, tzinfo=UTC)

    def now(self) -> datetime:
        """The instant at which it stands."""
        return self.at

    def on(self, day: str, hour: int = 7) -> None:
        """Local noon of a day, unless another hour (UTC) is wanted."""
        self.at = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=hour)
