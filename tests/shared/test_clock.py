from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.clock import ClockFileUnreadable, service_clock


@pytest.mark.parametrize("content", [None, "", "yesterday", "2026-06-30T07:00:00"])
def test_a_process_whose_clock_file_holds_no_instant_refuses_to_start_and_says_so(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "clock"
    if content is not None:
        file.write_text(content, encoding="ascii")
    with pytest.raises(ClockFileUnreadable, match=r"TIREK_CLOCK_FILE names .* before the service starts"):
        service_clock(file)


def test_a_clock_file_may_be_set_while_the_service_runs(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("2026-06-30T12:00:00+05:00", encoding="ascii")
    clock = service_clock(file)
    assert clock.now() == datetime(2026, 6, 30, 7, tzinfo=UTC)
    file.write_text("2026-07-01T07:00:00+00:00", encoding="ascii")
    assert clock.now() == datetime(2026, 7, 1, 7, tzinfo=UTC)
