"""The tables of a story on a narrow terminal: no figure and no day is cut."""

from io import StringIO

import pytest
from rich.console import Console

from tirek_local.stories.telling import Teller

VERSIONS = (
    ("1", "2026-02-05", "report recorded", "0.90", "10,000,000.00", "11,693,972.61", "11,693,972.61"),
    ("4", "2026-06-30", "calculation requested", "0.70", "30,000,000.00", "17,209,041.10", "37,209,041.10"),
)
HEADS = ("no.", "known from", "because of", "K", "principal", "interest", "left to pay")


@pytest.mark.parametrize("width", [80, 100, 120])
def test_no_cell_of_a_table_is_cut(width: int) -> None:
    said = StringIO()
    Teller(Console(file=said, width=width)).table("All versions", HEADS, VERSIONS, right=(0, 3, 4, 5, 6))
    words = said.getvalue()
    assert "…" not in words
    assert all(len(line) <= width for line in words.splitlines())
    assert all(word in words for row in (HEADS, *VERSIONS) for cell in row for word in cell.split())
