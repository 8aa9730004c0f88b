"""One owner at a time of a data directory: a lock that the kernel lets go when the owner dies."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from tirek_local.servers.trouble import Trouble, disk_trouble


class Ownership:
    """The right to run the system of a data directory; held by the process, and gone with it, however it ends."""

    def __init__(self, data: Path) -> None:
        self._path = data / "owner.lock"
        self._file: int | None = None

    def take(self) -> None:
        """Become the owner. Raises `Trouble` naming the present one."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise disk_trouble(error, self._path.parent) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(file)
            raise Trouble(
                f"Tirek already runs from {self._path.parent} (process {owner_of(self._path.parent)}).",
                "See `make status`; stop it with `make down`.",
            ) from error
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode("ascii"))
        self._file = file

    def release(self) -> None:
        """Let go; the file stays, the lock does not."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> "Ownership":
        self.take()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.release()


def owner_of(data: Path) -> int | None:
    """The pid of the process that owns the directory now; None where nobody does, whatever the file says."""
    try:
        with (data / "owner.lock").open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read().strip() or 0)
    except (FileNotFoundError, ValueError):
        return None
    return None
