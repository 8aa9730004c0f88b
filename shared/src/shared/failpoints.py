"""Named points at which a test may kill, stop, delay or break a process; nothing happens unless one is armed.

`TIREK_FAILPOINTS="relay.after_send=kill@3,api.before_commit=sleep:2"` arms points: `kill` (SIGKILL to itself), `stop`
(SIGSTOP), `sleep:SECONDS`, `raise`; `@n` means the n-th time the point is reached, the first if absent. What fired is
written, flushed, to the file named by `TIREK_FAILPOINT_LOG`, so that a test counts only faults that happened.
"""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path


class FailpointRaised(RuntimeError):
    """A point armed with `raise` was reached."""


@dataclass
class _Armed:
    action: str
    countdown: int


def _armed_points() -> dict[str, _Armed]:
    points: dict[str, _Armed] = {}
    for item in filter(None, os.environ.get("TIREK_FAILPOINTS", "").split(",")):
        name, _, rest = item.partition("=")
        action, _, nth = rest.partition("@")
        points[name.strip()] = _Armed(action.strip(), int(nth or "1"))
    return points


_points = _armed_points()


def failpoint(name: str) -> None:
    """Reach the point `name`; returns at once unless it is armed.

    Raises `FailpointRaised` where armed with `raise`. A kill, a stop or a sleep is meant to hit the whole process, the
    event loop included.
    """
    if not _points or (armed := _points.get(name)) is None:
        return
    armed.countdown -= 1
    if armed.countdown != 0:
        return
    _record(name, armed.action)
    _fire(name, armed.action)


def _record(name: str, action: str) -> None:
    if log := os.environ.get("TIREK_FAILPOINT_LOG"):
        with Path(log).open("a", encoding="ascii") as file:
            file.write(f"{os.getpid()} {name} {action}\n")
            file.flush()
            os.fsync(file.fileno())


def _fire(name: str, action: str) -> None:
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif action.startswith("sleep:"):
        time.sleep(float(action.removeprefix("sleep:")))
    elif action == "raise":
        raise FailpointRaised(name)
    else:
        raise ValueError(f"{name}: unknown action {action!r}")
