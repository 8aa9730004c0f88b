"""A dated parameter that is shipped is read by the code: none stands there for show."""

import csv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = [
    (path, row["name"])
    for top in ("shared", "services")
    for path in sorted((ROOT / top).rglob("src/**/*parameters*.csv"))
    for row in csv.DictReader(path.read_text("utf-8").splitlines())
]
CODE = "\n".join(
    path.read_text("utf-8") for top in ("shared", "services") for path in sorted((ROOT / top).rglob("src/**/*.py"))
)


def test_parameters_are_shipped_with_the_platform_and_with_the_services() -> None:
    assert {path.name for path, _ in SHIPPED} >= {"grant-parameters.csv", "parameters.csv"}


@pytest.mark.parametrize("name", sorted({name for _, name in SHIPPED}))
def test_a_parameter_that_is_shipped_is_named_in_the_code(name: str) -> None:
    assert f'"{name}"' in CODE
