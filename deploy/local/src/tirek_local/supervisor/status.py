"""What the running system says about itself, in a file that anybody may read."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tirek_local.supervisor.ownership import owner_of
from tirek_local.supervisor.system import System


@dataclass
class Status:
    """`state` is starting, running, stopping, stopped or failed; `steps` what was done, in order."""

    state: str = "stopped"
    steps: list[str] = field(default_factory=list)
    what: str = ""
    remedy: str = ""
    processes: list[dict[str, Any]] = field(default_factory=list)
    urls: dict[str, str] = field(default_factory=dict)

    def write(self, data: Path) -> None:
        """Put it where `read_status` finds it, whole or not at all."""
        new = data / "status.new"
        new.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        new.replace(data / "status.json")


def read_status(data: Path) -> Status:
    """The status of a data directory; where its owner has died, it says stopped whatever was written last."""
    try:
        status = Status(**json.loads((data / "status.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        status = Status()
    if owner_of(data) is None and status.state != "failed":
        return Status()
    return status


def processes_of(system: System) -> list[dict[str, Any]]:
    """A row per process: name, pid, port, restarts."""
    servers = {"postgres": system.postgres, "kafka": system.kafka}
    rows: list[dict[str, Any]] = [
        {"name": name, "pid": server.pid, "port": server.port, "restarts": 0}
        for name, server in servers.items()
        if server is not None
    ]
    return rows + [
        {"name": process.name, "pid": process.pid, "port": process.port, "restarts": process.restarts}
        for process in system.processes
    ]
