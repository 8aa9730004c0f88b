"""A process of our own that never outlives its owner."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from tirek_local.servers.trouble import Trouble, disk_trouble

KEEPER = Path(__file__).with_name("keeper.py")


class Child:
    """One process under its keeper: in a group of its own, with a pid file, its output appended to a log.

    `grace` is how many seconds it gets to stop; then it is killed.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        pid_file: Path,
        environment: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        grace: float = 15.0,
    ) -> None:
        self._command = list(command)
        self._log = log
        self._pid_file = pid_file
        self._environment = environment
        self._stop_signal = stop_signal
        self._grace = grace
        self._keeper: subprocess.Popen[bytes] | None = None
        self.pid: int | None = None

    def start(self, more: Mapping[str, str] = MappingProxyType({})) -> None:
        """Start the process; returns once it has a pid. Raises `Trouble` where the disk refuses.

        `more` is added to its environment, this time only.
        """
        self._refuse_a_second()
        given = os.environ if self._environment is None else self._environment
        arguments = [str(self._pid_file), str(int(self._stop_signal)), str(self._grace), *self._command]
        try:
            self._log.parent.mkdir(parents=True, exist_ok=True)
            self._pid_file.parent.mkdir(parents=True, exist_ok=True)
            with self._log.open("ab") as log:
                keeper = subprocess.Popen(  # noqa: S603
                    [sys.executable, "-I", "-S", str(KEEPER), *arguments],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env={**given, **more},
                    start_new_session=True,
                )
        except OSError as error:
            raise disk_trouble(error, self._log.parent) from error
        assert keeper.stdout is not None  # noqa: S101
        with keeper.stdout:
            answer = keeper.stdout.readline()
        self._keeper = keeper
        if not answer:
            self.stop()
            raise Trouble(f"{self._command[0]} could not be started.", f"The reason stands in {self._log}.")
        self.pid = int(answer)

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._keeper is not None and self._keeper.poll() is None

    @property
    def exit_code(self) -> int | None:
        """The code with which it ended (128 + signal where a signal ended it); None while it runs."""
        return None if self._keeper is None else self._keeper.poll()

    def stop(self) -> None:
        """Stop it gracefully, or by force after the grace period; nothing happens where it does not run."""
        if self._keeper is None:
            return
        assert self._keeper.stdin is not None  # noqa: S101
        self._keeper.stdin.close()
        self._keeper.wait(self._grace + 10)
        self.pid = None

    def kill(self) -> None:
        """`kill -9`; returns when it is gone."""
        if self.pid is not None and self.running:
            os.kill(self.pid, signal.SIGKILL)
        self.stop()

    def _refuse_a_second(self) -> None:
        """Wait for one that is just ending after its keeper was killed; refuse beside one that stays."""
        deadline = time.monotonic() + 30
        while (pid := living_pid(self._pid_file)) is not None:
            if time.monotonic() > deadline:
                raise Trouble(f"Process {pid} of {self._pid_file} still runs.", "Stop it, or use another directory.")
            time.sleep(0.05)


def guarded(
    command: Sequence[str], on_death: signal.Signals, *, user: str | None = None, data: Path | None = None
) -> list[str]:
    """The command, to be run as `user` where given, with a signal to come when its parent dies.

    A user who could not reach the program or its data (a checkout below /root) gets the right to pass by.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if user is not None:
            raise Trouble("PostgreSQL does not run as root, and `setpriv` is missing.", "Install util-linux.")
        return list(command)
    prefix = [setpriv, "--pdeathsig", on_death.name.removeprefix("SIG")]
    if user is not None:
        who = pwd.getpwnam(user)
        prefix += ["--reuid", str(who.pw_uid), "--regid", str(who.pw_gid), "--clear-groups"]
        if not all(reachable_by_all(path) for path in (Path(command[0]), data.parent if data else Path("/"))):
            prefix += ["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"]
    return [*prefix, *command]


def reachable_by_all(path: Path) -> bool:
    """Whether any user may pass all folders above the path, and enter or execute it."""
    return all(part.stat().st_mode & 0o001 for part in (path.resolve(), *path.resolve().parents))


def living_pid(pid_file: Path) -> int | None:
    """The pid in a keeper's pid file while that very process lives; None for a stale file or none."""
    try:
        pid, started = pid_file.read_text(encoding="ascii").split()
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    return int(pid) if fields[19] == started and fields[0] != "Z" else None
