"""The sheet as a page to print: its cells as they are to be set."""

import json
import re
import sys
from dataclasses import asdict
from typing import Any

from obligations.sheets.layout import Layout
from obligations.sheets.typesetting import typeset
from obligations.sheets.words import WORDS

AMOUNT = re.compile(r"[0-9]{4,}\.[0-9]{2}", re.ASCII)
UNBROKEN = re.compile(r"\S{41,}")
EACH = re.compile(r"(\S{20})(?=\S)")
MAY_BREAK = "\u200b"
NARROW = "\u202f"

TYPESETTING = (sys.executable, "-P", "-m", "obligations.sheets.typesetting")
"""Sets what comes on its standard input and writes the PDF: a process of its own gives its memory back."""


def to_pdf(layout: Layout) -> bytes:
    """The sheet as PDF, here and now: takes tenths of a second, and memory that this process keeps."""
    return typeset(to_be_set(layout))


def to_png(layout: Layout) -> bytes:
    """The first page as a picture."""
    return typeset(to_be_set(layout), "png")


def to_be_set(layout: Layout) -> bytes:
    """What the typesetting takes: the sheet's words and figures, as JSON."""
    words = WORDS[layout.language]
    data = {**_printed(asdict(layout)), "language": layout.language.value, "page": words["page"]}
    return json.dumps(data, ensure_ascii=False).encode()


def printed(cell: str) -> str:
    """A cell as it is set: an amount in groups of three, a word longer than a line allowed to break."""
    if AMOUNT.fullmatch(cell):
        return re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+\.)", NARROW, cell)
    return UNBROKEN.sub(lambda word: EACH.sub(rf"\1{MAY_BREAK}", word[0]), cell)


def _printed(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _printed(each) for name, each in data.items()}
    if isinstance(data, list | tuple):
        return [_printed(each) for each in data]
    return printed(data) if isinstance(data, str) else data
