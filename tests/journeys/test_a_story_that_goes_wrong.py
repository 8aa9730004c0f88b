"""What a story says where a figure differs, and what its clock does not do."""

from datetime import datetime
from pathlib import Path

import pytest

from tirek_local.servers import Trouble
from tirek_local.stories import StoryClock
from tirek_local.stories.figures import Figures
from tirek_local.stories.logged import errors_in
from tirek_local.stories.telling import tenge


def test_a_figure_that_differs_ends_the_story_and_is_named() -> None:
    figures = Figures()
    figures.equal("the principal", "30000000.00", "30000000.00")
    with pytest.raises(Trouble, match=r"the claim, interest should be 7209041\.10, and is 7209041\.11"):
        figures.all_equal("the claim", {"interest": "7209041.11"}, {"interest": "7209041.10"})
    assert figures.right == 1


def test_a_figure_that_is_missing_ends_the_story_too() -> None:
    with pytest.raises(Trouble, match=r"the claim, total should be 1\.00, and is None"):
        Figures().all_equal("the claim", {}, {"total": "1.00"})


@pytest.mark.parametrize(
    ("amount", "read"),
    [("0.00", "0.00"), ("999.99", "999.99"), ("1000.00", "1,000.00"), ("37209041.10", "37,209,041.10")],
)
def test_amounts_are_shown_in_groups_of_three(amount: str, read: str) -> None:
    assert tenge(amount) == read


def test_the_clock_wants_an_instant_with_a_zone(tmp_path: Path) -> None:

    with pytest.raises(ValueError, match="zone"):
        StoryClock(tmp_path / "clock").set(datetime(2026, 6, 30))  # noqa: DTZ001 - that is the point


def test_what_the_processes_logged_as_errors_is_told(tmp_path: Path) -> None:
    (tmp_path / "grants-worker.log").write_text(
        '{"level": "info", "event": "worker starts"}\n'
        '{"level": "error", "event": "job failed", "because": "NoMoney()"}\nnot JSON\n',
        encoding="utf-8",
    )
    assert errors_in(tmp_path) == "grants-worker: job failed NoMoney()"
