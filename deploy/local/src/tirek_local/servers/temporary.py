"""A temporary directory for servers that goes with its owner, even when the owner is killed."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SWEEPER = Path(__file__).with_name("sweeper.py")


class TemporaryHome:
    """A context manager that answers a new directory; it is removed once its servers have ended."""

    def __init__(self, prefix: str = "tirek-") -> None:
        self._prefix = prefix

    def __enter__(self) -> Path:
        self.path = Path(tempfile.mkdtemp(prefix=self._prefix)).resolve()
        self._sweeper = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", str(SWEEPER), str(self.path)], stdin=subprocess.PIPE, start_new_session=True
        )
        return self.path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        assert self._sweeper.stdin is not None  # noqa: S101
        self._sweeper.stdin.close()
        self._sweeper.wait()
