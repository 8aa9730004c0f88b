"""Runs the kit against an implementation: behind HTTP (`--url`), or a Python function (`--function`)."""

import argparse
import sys
from pathlib import Path

from tests.conformance.asking import Http, function
from tests.conformance.kit import examine
from tests.conformance.scoreboard import as_text


def main() -> None:
    """Ask, print the report, and end with 1 where the implementation does not conform."""
    asked = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    side = asked.add_mutually_exclusive_group(required=True)
    side.add_argument(
        "--url", help="where questions are POSTed, such as http://127.0.0.1:8104/v1/repayment-calculations"
    )
    side.add_argument("--function", help="takes the question as a dictionary and returns the answer: module:callable")
    asked.add_argument("--token", help="a bearer token, with --url")
    asked.add_argument("--sums-only", action="store_true", help="compare the sums, not the segments")
    asked.add_argument("--report", type=Path, help="write the report into this file too")
    given = asked.parse_args()
    ask = Http(given.url, given.token) if given.url else function(given.function)
    found = examine(ask, lines=not given.sums_only)
    text = as_text(given.url or given.function, found)
    if given.report:
        given.report.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    sys.exit(0 if found.conforms else 1)


if __name__ == "__main__":
    main()
