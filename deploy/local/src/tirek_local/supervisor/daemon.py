"""The process behind `up`: owns a data directory, starts the system, watches it, stops it on SIGTERM.

Run as `python -m tirek_local.supervisor.daemon <data directory>`; it tells how it goes in status.json.
"""

import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

from tirek_local.servers import Trouble
from tirek_local.supervisor.ownership import Ownership
from tirek_local.supervisor.status import Status, processes_of
from tirek_local.supervisor.system import System


class Stopping(BaseException):
    """Somebody asked the daemon to stop."""


def run(data: Path) -> int:
    """Run until asked to stop; returns the exit code."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _ask_to_stop)
    try:
        with Ownership(data):
            return _run_owned(data)
    except Stopping:
        return 0
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1


def _run_owned(data: Path) -> int:
    status = Status("starting")
    system: System | None = None

    speaking = threading.Lock()

    def say(step: str) -> None:
        with speaking:
            status.steps.append(step)
            status.write(data)

    try:
        status.write(data)
        system = System(data)
        system.start(say)
        status.state = "running"
        status.urls = {name: system.url(name) for name in system.ports}
        while True:
            status.processes = processes_of(system)
            status.write(data)
            time.sleep(0.3)
            system.watch()
    except Stopping:
        status.state = "stopping"
    except Trouble as trouble:
        status.state, status.what, status.remedy = "failed", trouble.what, trouble.remedy
    except Exception as error:
        status.state, status.what = "failed", f"The supervisor failed: {error!r}."
        status.remedy = f"See {data / 'logs' / 'supervisor.log'}."
        raise
    finally:
        _stop(system, status, data)
    return 0 if status.state == "stopping" else 1


def _stop(system: System | None, status: Status, data: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    status.processes = []
    status.write(data)
    if system is not None:
        system.stop()


def _ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopping


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1])))
