"""Sets a sheet's words and figures as pages; imports nothing else of the service, and runs as a program too."""

import os
import sys
from importlib.resources import files
from typing import Any, Literal

import typst

NICE = 5
"""Behind the requests that wait for no page."""


def typeset(sheet: bytes, form: Literal["pdf", "png"] = "pdf") -> bytes:
    """The JSON of a sheet as PDF, or its first page as a picture."""
    template = (files("obligations.sheets") / "sheet.typ").read_bytes()
    # with several pages the binding answers a list of pictures, which its types do not say
    made: Any = typst.compile(template, format=form, sys_inputs={"sheet": sheet.decode()})
    return bytes(made[0] if isinstance(made, list) else made)


if __name__ == "__main__":
    os.nice(NICE)
    sys.stdout.buffer.write(typeset(sys.stdin.buffer.read()))
