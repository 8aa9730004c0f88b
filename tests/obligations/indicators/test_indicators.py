"""The catalogue of indicators, by measure and direction, dated, with its source."""

import pytest

from tests.obligations.world import World


async def test_the_catalogue_is_by_measure_and_direction_and_marked(world: World) -> None:
    params = {"measure": "industrial-grant", "direction": "export-oriented-output"}
    found = (await world.get("/v1/indicators", params=params)).json()["items"]
    assert [one["code"] for one in found] == ["export-revenue", "export-share"]
    assert {one["mark"] for one in found} == {"assumed"}
    assert all(one["source"] for one in found)


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
