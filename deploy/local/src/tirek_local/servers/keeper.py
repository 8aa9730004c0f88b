"""Keeps one process alive exactly as long as its owner lives: run as a script, with nothing but the standard library.

The owner holds the other end of this process's standard input. When it closes, because the owner said stop or because
it died, even by SIGKILL, the child gets its stop signal, and after the grace period its whole group is killed. When the
keeper itself is killed, the kernel sends the child a signal (see `guarded` in child.py).

    keeper.py <pid file> <stop signal> <grace, seconds> <command> ...

Prints the child's pid and ends with the child's exit code (128 + signal where a signal ended it).
"""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path


def keep(pid_file: Path, stop_signal: int, grace: float, command: list[str]) -> int:
    """Run the command until it ends or the owner lets go; returns the exit code."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=2, start_new_session=True)  # noqa: S603
    pid_file.write_text(f"{child.pid} {start_of(child.pid)}\n", encoding="ascii")
    os.write(1, f"{child.pid}\n".encode())
    os.close(1)
    stopping_since = None
    while not ended(child.pid):
        readable, _, _ = select.select([woken] if stopping_since else [woken, 0], [], [], 0.5)
        asked = woken in readable and set(os.read(woken, 100)) & {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
        if stopping_since is None and (asked or 0 in readable):
            stopping_since = time.monotonic()
            os.kill(child.pid, stop_signal)
        if stopping_since and time.monotonic() - stopping_since > grace:
            os.killpg(child.pid, signal.SIGKILL)
    end_group(child.pid)
    code = child.wait()
    pid_file.unlink(missing_ok=True)
    return 128 - code if code < 0 else code


def start_of(pid: int) -> str:
    """When the process started, in the kernel's ticks: with the pid it names one process for good."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]


def ended(pid: int) -> bool:
    """Whether the child has ended; it stays a zombie, so that its pid and group cannot become another's."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


def end_group(group: int) -> None:
    """Kill whatever the child left in its group."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4:]))
