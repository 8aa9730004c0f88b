"""The sheet as a page to print, set by typst."""

import json
from dataclasses import asdict
from importlib.resources import files
from typing import Any, Literal

import typst

from obligations.sheets.layout import Layout
from obligations.sheets.words import WORDS

_template = (files("obligations.sheets") / "sheet.typ").read_bytes()


def to_pdf(layout: Layout) -> bytes:
    """The sheet as PDF. Takes tens of milliseconds of work: not for the event loop."""
    return _compiled(layout, "pdf")


def to_png(layout: Layout) -> bytes:
    """The first page as a picture."""
    return _compiled(layout, "png")


def _compiled(layout: Layout, form: Literal["pdf", "png"]) -> bytes:
    words = WORDS[layout.language]
    data = {**asdict(layout), "language": layout.language.value, "page": words["page"]}
    # with several pages the binding answers a list of pictures, which its types do not say
    made: Any = typst.compile(_template, format=form, sys_inputs={"sheet": json.dumps(data, ensure_ascii=False)})
    return bytes(made[0] if isinstance(made, list) else made)
