"""Where things lie on this machine."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[4]


def default_data() -> Path:
    """The data directory: `TIREK_DATA`, or `.tirek` in the checkout."""
    return Path(os.environ.get("TIREK_DATA") or CHECKOUT / ".tirek").resolve()


def shown(path: Path) -> str:
    """A path as a reader wants it: relative where it lies below the present folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
