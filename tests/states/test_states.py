"""Every state of every aggregate against every verb that there is: a transition or a named refusal, as written down."""

import os
from pathlib import Path

import pytest

from tests.states import houses
from tests.states.export_support import attempts as of_export_support
from tests.states.export_support.tables import TABLES as EXPORT_SUPPORT
from tests.states.grants import attempts as of_grants
from tests.states.grants import facts
from tests.states.grants.tables import TABLES as GRANTS
from tests.states.obligations import attempts as of_obligations
from tests.states.obligations.tables import TABLES as OBLIGATIONS
from tests.states.pages import page, path_of
from tests.states.tables import Table, differences, observe, write, written
from tests.states.verbs import verbs_of
from tirek_local.testing import Databases

WRITE = "WRITE_STATES"
"""Set in the environment, the tables are written down as they are, to be read line by line in the difference."""


@pytest.fixture(scope="session")
def grants(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> houses.Built:
    return houses.build_grants(databases.create("grants"), Path(tmp_path_factory.mktemp("grants")), facts.KEY)


@pytest.fixture(scope="session")
def obligations(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> houses.Built:
    folder = Path(tmp_path_factory.mktemp("obligations"))
    return houses.build_obligations(databases.create("obligations"), folder, of_obligations.KEY)


@pytest.fixture(scope="session")
def export_support(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> houses.Built:
    folder = Path(tmp_path_factory.mktemp("export_support"))
    return houses.build_export_support(databases.create("export_support"), folder, of_export_support.KEY)


@pytest.mark.parametrize("table", EXPORT_SUPPORT, ids=lambda table: table.name)
async def test_every_cell_of_export_support_is_as_written_down(export_support: houses.Built, table: Table) -> None:
    async with houses.open_house(export_support) as house:
        cells = await observe(house, table, of_export_support.ATTEMPTS)
    if WRITE in os.environ:
        write("export_support", table, cells)
    assert not (lines := differences(cells, written("export_support", table))), "\n".join(lines)


@pytest.mark.parametrize("table", GRANTS, ids=lambda table: table.name)
async def test_every_cell_of_grants_is_as_written_down(grants: houses.Built, table: Table) -> None:
    async with houses.open_house(grants) as house:
        cells = await observe(house, table, of_grants.ATTEMPTS)
    if WRITE in os.environ:
        write("grants", table, cells)
    assert not (lines := differences(cells, written("grants", table))), "\n".join(lines)


@pytest.mark.parametrize("table", OBLIGATIONS, ids=lambda table: table.name)
async def test_every_cell_of_obligations_is_as_written_down(obligations: houses.Built, table: Table) -> None:
    async with houses.open_house(obligations) as house:
        cells = await observe(house, table, of_obligations.ATTEMPTS)
    if WRITE in os.environ:
        write("obligations", table, cells)
    assert not (lines := differences(cells, written("obligations", table))), "\n".join(lines)


KNOWN = {
    "grants": (GRANTS, of_grants),
    "obligations": (OBLIGATIONS, of_obligations),
    "export_support": (EXPORT_SUPPORT, of_export_support),
}


@pytest.mark.parametrize("which", KNOWN)
async def test_every_verb_that_there_is_stands_in_a_table(which: str, request: pytest.FixtureRequest) -> None:
    tables, known = KNOWN[which]
    async with houses.open_house(request.getfixturevalue(which)) as house:
        tried = {each.verb for table in tables for each in table.attempts(house, known.ATTEMPTS)}
        assert tried == set(house.verbs)


@pytest.mark.parametrize("table", [*GRANTS, *OBLIGATIONS, *EXPORT_SUPPORT], ids=lambda table: table.name)
def test_every_status_that_there_is_stands_in_its_table(table: Table) -> None:
    assert not set(table.statuses) - {state.status for state in table.states}


TITLES = {"grants": "Grants", "obligations": "Obligations", "export_support": "Export support"}


@pytest.mark.parametrize(("which", "title"), TITLES.items())
def test_the_page_for_operators_says_what_is_written_down(
    which: str, title: str, request: pytest.FixtureRequest
) -> None:
    built: houses.Built = request.getfixturevalue(which)
    made = page(which, title, KNOWN[which][0], verbs_of(built.service, built.app))
    if WRITE in os.environ:
        path_of(which).parent.mkdir(exist_ok=True)
        path_of(which).write_text(made, encoding="utf-8")
    assert path_of(which).read_text(encoding="utf-8") == made, f"run the tests with {WRITE}=1 and read the difference"
