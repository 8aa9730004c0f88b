"""Habits of the tree that a reader relies on, checked."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [path for top in ("shared", "services", "deploy") for path in sorted((ROOT / top).rglob("src/**/*.py"))]
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc"}


def test_no_file_of_the_product_holds_two_nouns() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if "migrations" not in path.parts and (lines := len(path.read_text("utf-8").splitlines())) > 300
    }
    assert long == {}


def test_no_module_is_a_drawer_for_everything() -> None:
    assert [path for path in SOURCES if path.stem in FORBIDDEN_NAMES or path.stem.startswith("base_")] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_in_its_first_line_what_it_is(path: Path) -> None:
    if "migrations" not in path.parts or path.name.startswith("platform_"):
        assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


def test_rules_ask_neither_the_clock_nor_the_network_nor_the_database() -> None:
    wrong = []
    for path in SOURCES:
        if path.name != "rules.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            wrong += [(path.name, name) for name in names if name.split(".")[0] in {"httpx", "sqlalchemy", "sqlmodel"}]
            wrong += [(path.name, name) for name in names if name.startswith(("fastapi", "shared.clock", "asyncpg"))]
    assert wrong == []


def test_import_contracts_hold() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_locks_record_no_download_address() -> None:
    for lock in [*ROOT.glob("requirements*.lock"), *ROOT.glob("deploy/**/*lock*.toml")]:
        assert "://" not in lock.read_text("utf-8"), lock


def test_the_index_of_decisions_names_each_once_by_its_own_words() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text("utf-8")
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert re.findall(r"^\| \[\d{4}\]\((\S+)\) \|", index, flags=re.MULTILINE) == pages
    assert [name[:4] for name in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
