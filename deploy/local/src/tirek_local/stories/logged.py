"""What the processes of a system have logged as errors: shown where a story fails, since its logs go with it."""

import json
from pathlib import Path

SHOWN = 5
LONGEST = 600


def errors_in(logs: Path) -> str:
    """The last errors of all processes, one a line; empty where there are none."""
    found = [(line, log.stem) for log in sorted(logs.glob("*.log")) for line in _errors(log)]
    return "\n".join(f"{process}: {line}" for line, process in found[-SHOWN:])


def _errors(log: Path) -> list[str]:
    found = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and entry.get("level") in {"error", "critical"} and "GroupCoordinator" not in line:
            why = str(entry.get("because") or entry.get("exception") or "").strip().splitlines()
            found.append(f"{entry.get('event', '')} {why[-1] if why else ''}"[:LONGEST])
    return found
