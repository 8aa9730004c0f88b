"""Questions of a chosen size: as many lines as anybody wants."""

from datetime import date, timedelta
from typing import Any

FIRST = date(1990, 1, 1)
DAYS = 365 * 110


def heavy(segments: int, *, tranches: int = 4, rates: int = 1000, suspensions: int = 0) -> dict[str, Any]:
    """A question with about as many segments as can be had up to this number, the dearest kind that there is."""
    known = min(rates, segments * 4 // 5 // tranches)
    return {
        "fulfilment": "0.333333",
        "tranches": [
            {"amount": "100000000.01", "on": (FIRST + timedelta(days=each)).isoformat()} for each in range(tranches)
        ],
        "suspensions": [
            {"from": day.isoformat(), "to": day.isoformat()}
            for day in (FIRST + timedelta(days=300 * each + 5) for each in range(suspensions))
        ],
        "as_of": "2100-12-31",
        "rules": {"rounding": {"scope": "total"}, "day_count": "actual/actual", "compounding": "annual"},
        "rates": [
            {
                "effective_from": (FIRST + timedelta(days=each * DAYS // (known + 1))).isoformat(),
                "percent": f"{each % 7}.{each % 10_000:04d}",
            }
            for each in range(known)
        ],
    }
