"""Removes a temporary directory when its owner has gone, however it went: run as a script, standard library only.

    sweeper.py <directory>

The owner holds the other end of standard input. Once it closes, the sweeper waits until the servers of the directory
have been stopped by their keepers (their pid files are gone), 60 seconds at most, and removes the directory.
"""

import shutil
import signal
import sys
import time
from pathlib import Path


def sweep(directory: Path) -> None:
    """Wait for the owner's end, then for the servers', then remove the directory."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and any(directory.rglob("*.pid")) and _servers_live(directory):
        time.sleep(0.05)
    for _ in range(20):
        shutil.rmtree(directory, ignore_errors=True)
        if not directory.exists():
            return
        time.sleep(0.1)


def _servers_live(directory: Path) -> bool:
    """Whether a process named by a keeper's pid file (`<pid> <start>`) is still there."""
    for pid_file in directory.rglob("*.pid"):
        words = pid_file.read_text(encoding="utf-8", errors="replace").split() if pid_file.is_file() else []
        if words and Path(f"/proc/{words[0]}").exists():
            return True
    return False


if __name__ == "__main__":
    sweep(Path(sys.argv[1]))
