"""What a story's process tells its caller: nothing but 0 where every figure came out, 1 at the first that differs."""

import subprocess
import sys

import pytest

STORY = """
from tirek_local.progress import clear_words, console
from tirek_local.stories.figures import Figures
with clear_words(console()):
    figures = Figures()
    figures.all_equal("the claim", {{"total": "{found}"}}, {{"total": "37209041.10"}})
"""


@pytest.mark.parametrize(("found", "code"), [("37209041.10", 0), ("37209041.11", 1)])
def test_a_process_whose_figure_differs_ends_with_one_and_names_it(found: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STORY.format(found=found)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == code, done.stderr
    assert ("the claim, total should be 37209041.10" in done.stdout) is bool(code)
