# ruff: noqa: INP001
"""Resolves the three locks again; none names a download address. Run by `make lock`."""

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PROJECTS = [
    "shared",
    *(str(p.parent.relative_to(CHECKOUT)) for p in sorted(CHECKOUT.glob("services/*/pyproject.toml"))),
]
OPTIONS = ["--quiet", "--python-version=3.11", "--generate-hashes", "--no-emit-index-url", "--no-header"]


def compile_lock(*arguments: str) -> None:
    """One `uv pip compile`; ends the program where it fails."""
    uv = str(Path(sys.executable).with_name("uv"))
    command = [uv, "pip", "compile", *OPTIONS, "--no-emit-package=tirek-shared", *arguments]
    if subprocess.run(command, check=False, cwd=CHECKOUT).returncode != 0:  # noqa: S603
        sys.exit(1)


if __name__ == "__main__":
    projects = [f"{project}/pyproject.toml" for project in [*PROJECTS, "deploy/local"]]
    extra = sys.argv[1:]
    compile_lock(*projects, *extra, "-o", "requirements.lock")
    compile_lock("requirements-dev.in", "-c", "requirements.lock", *extra, "-o", "requirements-dev.lock")
    compile_lock("requirements-build.in", "-c", "requirements-dev.lock", *extra, "-o", "requirements-build.lock")
