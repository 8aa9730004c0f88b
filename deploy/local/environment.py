# ruff: noqa: INP001, T201
"""Makes .venv from the hash-pinned locks: run by the Makefile with the system's Python, standard library only.

    environment.py           what runs
    environment.py --tests   what builds and tests it, too

A half-made environment is made again, one that belongs to older locks is brought in line, a right one is left alone.
Two runs at once wait for each other.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
BUILD, RUNS, TESTS = (CHECKOUT / f"requirements{part}.lock" for part in ("-build", "", "-dev"))
PROJECTS = [
    CHECKOUT / "shared",
    *sorted(path.parent for path in CHECKOUT.glob("services/*/pyproject.toml")),
    CHECKOUT / "deploy/local",
]
STARTED = time.monotonic()


class CannotMake(Exception):
    """The environment cannot be made; the message says why and what to do."""


def main(arguments: list[str]) -> int:
    """Bring the environment in line; returns the exit code."""
    tests = "--tests" in arguments
    try:
        with Path(__file__).open("rb") as lock:
            take(lock.fileno())
            make(tests=tests)
    except CannotMake as reason:
        print(f"\n{reason}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nThe environment cannot be made: {error}. Free space, or give the right to write.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next run begins where this one ended.", file=sys.stderr)
        return 130
    return 0


def take(lock: int) -> None:
    """Wait for another run that makes the environment."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("another run makes the environment; waiting")
        fcntl.flock(lock, fcntl.LOCK_EX)


def make(*, tests: bool) -> None:
    """Create, fill, and note what it was made from."""
    if not whole():
        create()
    if tests or (VENV / ".tests").exists():
        fill([BUILD, RUNS, TESTS], VENV / ".tests")
    fill([BUILD, RUNS], VENV / ".runs", already=(VENV / ".tests").exists())


def whole() -> bool:
    """Whether the environment was once made to its end from the present build lock, and its Python still runs."""
    made = VENV / ".made"
    if not made.exists() or made.read_text(encoding="ascii") != digest([BUILD], []) or not (VENV / "bin/uv").exists():
        return False
    return subprocess.run([VENV / "bin/python", "-c", ""], check=False, capture_output=True).returncode == 0  # noqa: S603


def create() -> None:
    """An environment without pip (Debian's Python may lack it), into which the system's pip puts uv."""
    if sys.version_info < (3, 11):  # noqa: UP036
        raise CannotMake(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: make PYTHON=python3.11 …")
    say("making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], check=False, capture_output=True).returncode != 0:  # noqa: S603
        raise CannotMake("pip is missing. On Debian: apt install python3-pip.")
    run([sys.executable, "-m", "venv", "--without-pip", str(VENV)])
    options = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    run([*pip, "--python", str(VENV / "bin/python"), *options, "-r", str(BUILD)])
    (VENV / ".made").write_text(digest([BUILD], []), encoding="ascii")


def fill(locks: list[Path], stamp: Path, *, already: bool = False) -> None:
    """Make the installed packages exactly those of the locks, and the local ones; leave a note in the stamp."""
    now = digest(locks, PROJECTS)
    if not already and not (stamp.exists() and stamp.read_text(encoding="ascii") == now):
        say(f"installing {', '.join(lock.name for lock in locks)}")
        uv = [str(VENV / "bin/uv"), "--quiet", "pip"]
        python = ["--python", str(VENV / "bin/python")]
        run([*uv, "sync", *python, "--compile-bytecode", "--require-hashes", *map(str, locks)])
        editable = [part for project in PROJECTS for part in ("-e", str(project))]
        run([*uv, "install", *python, "--no-deps", "--no-build-isolation", "--offline", *editable])
    stamp.write_text(now, encoding="ascii")


def digest(locks: list[Path], projects: list[Path]) -> str:
    """A word that changes with the locks and with the projects' descriptions."""
    files = [*locks, *(project / "pyproject.toml" for project in projects)]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def run(command: list[str]) -> None:
    """Run a command; its own words are shown when it fails."""
    environment = os.environ | {"UV_LINK_MODE": os.environ.get("UV_LINK_MODE", "copy"), "VIRTUAL_ENV": str(VENV)}
    if subprocess.run(command, check=False, env=environment).returncode != 0:  # noqa: S603
        raise CannotMake(
            "The environment could not be made; the reason stands above. The first run needs the network and 1 GB of "
            "space; run the same command again when they are there."
        )


def say(step: str) -> None:
    """Show a step with the seconds since the start."""
    print(f"{time.monotonic() - STARTED:5.1f} s  {step}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
