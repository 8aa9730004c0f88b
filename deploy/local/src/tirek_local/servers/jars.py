"""Apache Kafka's jars: fetched once by jgo, verified by sha256 each time, kept in the user's cache."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import requests
from jgo.config import GlobalSettings
from jgo.constants import MAVEN_CENTRAL_URL
from jgo.maven import MavenContext, PythonResolver

from tirek_local.servers.trouble import Trouble, disk_trouble

LOCK_FILE = Path(__file__).with_name("jgo.lock.toml")
ATTEMPTS = 3

Progress = Callable[[str, int, int], None]
"""Told the word to show, the jars that are ready, and how many there are."""


@dataclass(frozen=True)
class Jar:
    """One pinned file of Maven's repository."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        """Its name in the repository and in the cache."""
        return f"{self.artifact}-{self.version}.jar"

    def is_in(self, folder: Path) -> bool:
        """Whether the folder holds it whole."""
        path = folder / self.filename
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == self.sha256


def pinned_jars() -> list[Jar]:
    """All jars of the lock, the broker's own first."""
    locked = tomllib.loads(LOCK_FILE.read_text(encoding="utf-8"))
    return [Jar(e["groupId"], e["artifactId"], e["version"], e["sha256"]) for e in locked["dependencies"]]


def cache_folder() -> Path:
    """Where the jars are kept: `$XDG_CACHE_HOME/tirek/kafka-<version>`, or below `~/.cache`."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    return Path(cache) / "tirek" / f"kafka-{pinned_jars()[0].version}"


def silent(word: str, ready: int, total: int) -> None:
    """Progress that nobody watches."""


def ensure_jars(progress: Progress = silent, folder: Path | None = None) -> list[Path]:
    """The class path of Apache Kafka; fetches what is missing or damaged. Raises `Trouble`.

    Several processes may call it at once: one fetches, the others wait.
    """
    folder = folder or cache_folder()
    jars = pinned_jars()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if all(jar.is_in(folder) for jar in jars):
            return [folder / jar.filename for jar in jars]
        with _alone(folder, lambda: progress("another run fetches Apache Kafka", 0, len(jars))):
            _fetch([jar for jar in jars if not jar.is_in(folder)], len(jars), folder, progress)
    except requests.RequestException as error:
        raise Trouble(
            f"Apache Kafka could not be fetched from Maven's repository: {_cause(error)}.",
            "The first run needs the network (about 45 MB); run the command again when it is there.",
        ) from error
    except OSError as error:
        raise disk_trouble(error, folder) from error
    return [folder / jar.filename for jar in jars]


def _fetch(missing: list[Jar], total: int, folder: Path, progress: Progress) -> None:
    if not missing:
        return
    ready, counting, given_up = total - len(missing), threading.Lock(), threading.Event()
    progress("fetching Apache Kafka", ready, total)
    staging = folder / ".fetching"
    shutil.rmtree(staging, ignore_errors=True)

    def fetch(jar: Jar) -> None:
        nonlocal ready
        _fetch_one(jar, staging, folder, given_up)
        with counting:
            ready += 1
            progress("fetching Apache Kafka", ready, total)

    try:
        with ThreadPoolExecutor(max_workers=6) as threads:
            try:
                list(threads.map(fetch, missing))
            except BaseException:
                given_up.set()
                threads.shutdown(wait=False, cancel_futures=True)
                raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _fetch_one(jar: Jar, staging: Path, folder: Path, given_up: threading.Event) -> None:
    """Fetch one jar, trying again where the connection breaks or the bytes are not the pinned ones."""
    mirrors = GlobalSettings.load().repositories | {"central": MAVEN_CENTRAL_URL}
    resolver = PythonResolver(progress_callback=_watching(given_up))
    for attempt in range(1, ATTEMPTS + 1):
        context = MavenContext(resolver, repo_cache=staging / str(attempt), remote_repos=mirrors, timeout=20)
        try:
            found = context.project(jar.group, jar.artifact).at_version(jar.version).artifact("", "jar").resolve()
        except RuntimeError as error:
            raise Trouble(f"{jar.filename} is in none of {list(mirrors)}.", "Look at jgo's repositories.") from error
        except requests.RequestException:
            if attempt == ATTEMPTS or given_up.is_set():
                raise
            time.sleep(attempt)
            continue
        if hashlib.sha256(found.read_bytes()).hexdigest() == jar.sha256:
            found.replace(folder / jar.filename)
            return
    raise Trouble(
        f"{jar.filename} came with another content than the pinned sha256 {jar.sha256[:12]}….",
        "Something between here and Maven's repository changes files; do not go on before you know what.",
    )


def _watching(given_up: threading.Event) -> Callable[..., contextlib.AbstractContextManager[Callable[[int], None]]]:
    """Lets a download that nobody wants any more (Ctrl-C, or another jar failed) end at its next bytes."""

    def stop_when_given_up(_: int) -> None:
        if given_up.is_set():
            raise requests.RequestException("given up")

    return lambda *_: contextlib.nullcontext(stop_when_given_up)


@contextlib.contextmanager
def _alone(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _cause(error: requests.RequestException) -> str:
    """The short reason within a long chain of network errors."""
    words = str(error)
    for sign, meaning in (
        ("NameResolution", "the name of the host is not known (no network?)"),
        ("Connection refused", "the connection was refused"),
        ("unreachable", "the network is unreachable"),
        ("CERTIFICATE", "the certificate is not trusted"),
        ("timed out", "no answer in time"),
    ):
        if sign in words:
            return meaning
    return words[:200]
