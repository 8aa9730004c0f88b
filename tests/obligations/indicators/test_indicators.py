"""The catalogue of indicators, by measure and direction, dated, with its source."""

import pytest

from obligations.indicators.catalogue import INDICATORS
from obligations.indicators.seed import seed_indicators
from obligations.seed import seed_parameters
from obligations.service import service
from shared.reference.importing import import_list
from tests.obligations.world import World


async def test_the_catalogue_is_by_measure_and_direction_and_marked(world: World) -> None:
    params = {"measure": "industrial-grant", "direction": "export-oriented-output"}
    found = (await world.get("/v1/indicators", params=params)).json()["items"]
    assert [one["code"] for one in found] == ["export-revenue", "export-share"]
    assert {one["mark"] for one in found} == {"assumed"}
    assert all(one["source"] for one in found)
    assert {one["verified"] for one in found} == {False}
    (lower,) = [
        one
        for one in (await world.get("/v1/indicators", params={"measure": "industrial-grant"})).json()["items"]
        if one["lower_is_better"]
    ]
    assert (lower["direction"], lower["code"], lower["mode"]) == ("labour-productivity", "energy-intensity", "growth")


async def test_two_officers_verify_an_indicator(world: World) -> None:
    first = (await world.get("/v1/indicators")).json()["items"][0]
    row = f"/v1/reference-rows/{first['indicator_id']}"
    path = f"{row}/confirmation"
    assert (await world.post(path, subject="officer-1", resting_on=row)).status_code == 200
    assert (await world.post(path, subject="officer-2", resting_on=row)).json()["verified"] is True
    assert (await world.get("/v1/indicators")).json()["items"][0]["verified"] is True


async def test_what_an_operator_corrects_an_installation_does_not_undo(world: World) -> None:
    header = "indicator,effective_from,name,unit,mode,lower_is_better,mark,source\n"
    row = (
        "export-reimbursement.export-oriented-output.export-markets,2022-01-08,Markets,number,level,no,practice,order 9"
    )
    async with world.work() as session:
        report = await import_list(
            session, INDICATORS.name, (header + row).encode(), at=world.clock.now(), definitions=service.lists
        )
    assert (report.accepted, report.corrected) == (True, 1)
    async with world.work() as session:
        await seed_indicators(session)
        await seed_parameters(session)
    listed = (await world.get("/v1/indicators", params={"measure": "export-reimbursement"})).json()["items"]
    assert [(one["name"], one["source"]) for one in listed if one["code"] == "export-markets"] == [
        ("Markets", "order 9")
    ]


@pytest.mark.parametrize("key", ["loan.labour-productivity.jobs", "industrial-grant.jobs", "industrial-grant.jobs.x.y"])
async def test_a_row_under_no_measure_and_direction_is_refused(world: World, key: str) -> None:
    file = f"indicator,effective_from,name,unit,mode,lower_is_better,source\n{key},2022-01-08,Jobs,number,level,no,x\n"
    async with world.work() as session:
        report = await import_list(
            session, INDICATORS.name, file.encode(), at=world.clock.now(), definitions=service.lists
        )
    assert [(error.line, error.column) for error in report.errors] == [(2, "indicator")]


async def test_before_the_law_there_is_nothing_in_the_catalogue(world: World) -> None:
    assert (await world.get("/v1/indicators", params={"on": "2022-01-07"})).json()["items"] == []
    assert len((await world.get("/v1/indicators", params={"on": "2022-01-08"})).json()["items"]) == 10


async def test_pages_follow_one_another(world: World) -> None:
    codes, cursor = [], None
    while True:
        page = (await world.get("/v1/indicators", params={"limit": 3, **({"cursor": cursor} if cursor else {})})).json()
        codes += [one["indicator_id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(codes) == len(set(codes)) == 10


@pytest.mark.parametrize("params", [{"measure": "loan"}, {"direction": "x"}, {"on": "2022-13-01"}, {"limit": 0}])
async def test_an_unknown_filter_is_refused(world: World, params: dict[str, str]) -> None:
    assert (await world.get("/v1/indicators", params=params)).status_code == 422
