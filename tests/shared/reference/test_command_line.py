from pathlib import Path

import pytest
from typer.testing import CliRunner

from shared.cli.lists import app


def test_the_command_line_shows_the_lists_and_their_columns() -> None:
    shown = CliRunner().invoke(app, ["show"])
    assert shown.exit_code == 0
    assert "priority-goods" in shown.output


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    refused = CliRunner().invoke(app, ["import", "grants", "producers", str(tmp_path / "missing.csv")])
    assert refused.exit_code == 2


@pytest.mark.parametrize("arguments", [["import"], ["nothing"]])
def test_a_wrong_command_says_how_it_is_meant(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2
