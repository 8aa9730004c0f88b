"""What keeps Tirek from running on this machine, in words that say what to do."""

import errno
from pathlib import Path


class Trouble(Exception):
    """Something outside of Tirek is in the way; `what` says what, `remedy` what to do about it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


def disk_trouble(error: OSError, place: Path) -> Trouble:
    """The trouble behind an `OSError` met while writing at `place`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble(f"No space is left on the disk at {place}.", "Free at least 1 GB and run the command again.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Trouble(f"{place} cannot be written to: {error.strerror}.", "Give this user the right to write there.")
    return Trouble(f"Writing at {place} failed: {error}.", "Look at the disk and run the command again.")


def server_trouble(name: str, log: Path, port: int) -> Trouble:
    """Why a server did not start, read from the end of its log."""
    words = end_of(log)
    if "Address already in use" in words or "BindException" in words:
        return Trouble(f"{name} cannot use port {port}: something else listens there.", "Give another port.")
    if "No space left on device" in words:
        return Trouble(f"{name} found no space on the disk at {log.parent}.", "Free at least 1 GB and try again.")
    if "incompatible with server" in words:
        return Trouble(f"The data of {name} were made by another version.", "Drop them with `make reset`.")
    return Trouble(f"{name} did not start. The end of {log}:\n{words}\n", "The reason should stand above.")


def end_of(log: Path, characters: int = 1500) -> str:
    """The last characters of a log, from a line's start; empty where there is none."""
    if not log.exists():
        return ""
    text = log.read_text(encoding="utf-8", errors="replace")[-characters:]
    return text if len(text) < characters else text.partition("\n")[2]
