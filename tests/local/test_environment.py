"""The environment that `make` makes: one without its installer is made again, instead of failing at every run."""

import runpy
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "deploy/local/environment.py"


@pytest.mark.parametrize("installer", [True, False])
def test_an_environment_without_its_installer_is_not_whole(tmp_path: Path, *, installer: bool) -> None:
    script = runpy.run_path(str(SCRIPT))
    whole = script["whole"]
    whole.__globals__["VENV"] = tmp_path
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to("/bin/true")
    (tmp_path / ".made").write_text(script["digest"]([script["BUILD"]], []), encoding="ascii")
    if installer:
        (tmp_path / "bin/uv").touch()
    assert whole() is installer
