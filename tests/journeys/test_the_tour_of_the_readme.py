"""The tour of the README, run as printed against a system on free ports."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tirek_local.supervisor import System

pytestmark = pytest.mark.timeout(240)
ROOT = Path(__file__).parents[2]


def tour() -> str:
    """The shell of the README without starting and stopping the system, which the test does."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert blocks[0] == "make up\n"
    assert blocks[-1] == "make down\n"
    return "\n".join(f"echo '== {number}'\n{block}" for number, block in enumerate(blocks[1:-1], 1))


def test_the_tour_works_as_printed(tmp_path: Path) -> None:
    system = System(tmp_path / ".tirek", free_ports=True)
    system.start()
    try:
        script = tour().replace(".venv/bin/tirek", f"{Path(sys.executable).parent}/tirek")
        for printed, service in (("http://127.0.0.1:8101", "grants"), ("http://127.0.0.1:8104", "obligations")):
            script = script.replace(printed, system.url(service))
        environment = os.environ | {"TIREK_ISSUER_DIRECTORY": str(tmp_path / ".tirek" / "issuer")}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        system.stop()
    assert done.returncode == 0, done.stderr
    shown = re.split(r"^== \d+$", done.stdout, flags=re.MULTILINE)
    _, _, calculated, _, refused, rates, called, changed = shown
    assert '"principal": "30000000.00"' in calculated
    assert '"interest": "7209041.10"' in calculated
    assert (tmp_path / ".tirek" / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert "2026-10-27" in refused
    assert '"type": "/problems/rate-unknown"' in refused
    assert '"percent": "16.50"' in rates
    assert called.count("HTTP/1.1 201") == 2
    assert called.lower().count("idempotency-replayed: true") == 1
    assert [status for status in ("200", "412") if f"HTTP/1.1 {status}" in changed] == ["200", "412"]
