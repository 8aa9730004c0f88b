"""What stops an API before it listens."""

import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import TZPATH

START = "from shared.http.server import serve; serve('nothing:make', {})"


def test_an_api_does_not_start_on_time_zone_data_that_does_not_know_the_change_of_2024(tmp_path: Path) -> None:
    (tmp_path / "Asia").mkdir()
    always_six = next(Path(folder, "Asia", "Bishkek") for folder in TZPATH if Path(folder, "Asia", "Bishkek").exists())
    (tmp_path / "Asia" / "Almaty").write_bytes(always_six.read_bytes())
    environment = {**os.environ, "PYTHONTZPATH": str(tmp_path)}
    process = subprocess.run(
        [sys.executable, "-c", START], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert process.returncode == 1
    assert "TimeZoneDataOutdated" in process.stderr
