"""The sheet as a page to print, set by typst."""

import json
import re
from dataclasses import asdict
from importlib.resources import files
from typing import Any, Literal

import typst

from obligations.sheets.layout import Layout
from obligations.sheets.words import WORDS

AMOUNT = re.compile(r"[0-9]{4,}\.[0-9]{2}", re.ASCII)
UNBROKEN = re.compile(r"\S{41,}")
EACH = re.compile(r"(\S{20})(?=\S)")
MAY_BREAK = "\u200b"
NARROW = "\u202f"

_template = (files("obligations.sheets") / "sheet.typ").read_bytes()


def to_pdf(layout: Layout) -> bytes:
    """The sheet as PDF. Takes tens of milliseconds of work: not for the event loop."""
    return _compiled(layout, "pdf")


def to_png(layout: Layout) -> bytes:
    """The first page as a picture."""
    return _compiled(layout, "png")


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


def _compiled(layout: Layout, form: Literal["pdf", "png"]) -> bytes:
    words = WORDS[layout.language]
    data = {**_printed(asdict(layout)), "language": layout.language.value, "page": words["page"]}
    # with several pages the binding answers a list of pictures, which its types do not say
    made: Any = typst.compile(_template, format=form, sys_inputs={"sheet": json.dumps(data, ensure_ascii=False)})
    return bytes(made[0] if isinstance(made, list) else made)
