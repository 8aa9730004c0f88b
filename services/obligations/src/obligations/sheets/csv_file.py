"""The sheet as CSV that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable

from obligations.sheets.layout import Layout

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With these a spreadsheet takes a cell for a formula, the full-width forms included."""


def to_csv(layout: Layout) -> bytes:
    """The sheet's tables one below the other, UTF-8 with a byte order mark, comma, CR LF (RFC 4180)."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(harmless([layout.title, layout.subtitle]))
    rows.writerows(harmless(pair) for pair in layout.header)
    for table in layout.tables:
        rows.writerow([])
        rows.writerow(harmless([table.title]))
        rows.writerow(harmless(table.columns))
        rows.writerows(harmless(row) for row in table.rows)
    rows.writerow([])
    rows.writerows(harmless(note) for note in layout.notes)
    return text.getvalue().encode("utf-8-sig")


def harmless(cells: Iterable[str]) -> list[str]:
    """The cells, each that would be a formula made text by an apostrophe before it."""
    return [
        f"'{cell}" if cell.lstrip(" \u00a0").startswith(FORMULA_STARTS) or cell.startswith(FORMULA_STARTS) else cell
        for cell in cells
    ]
