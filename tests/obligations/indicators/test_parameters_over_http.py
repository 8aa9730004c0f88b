"""The parameters and lists that obligations keeps, over HTTP."""

import pytest

from tests.obligations.world import World


async def test_a_parameter_of_the_service_is_read_and_verified_by_two_officers(world: World) -> None:
    found = (await world.get("/v1/parameters/obligations.term.report?on=2026-01-20")).json()
    assert (found["unit"], found["verified"]) == ("working day", False)
    row = f"/v1/reference-rows/{found['id']}"
    path = f"{row}/confirmation"
    first = await world.post(path, subject="officer-1", resting_on=row)
    assert (first.status_code, first.json()["verified"]) == (200, False)
    assert (await world.post(path, subject="officer-1", resting_on=row)).status_code == 403
    assert (await world.post(path, subject="officer-2", resting_on=row)).json()["verified"] is True


async def test_the_service_keeps_the_calendar_and_not_the_lists_of_grants(world: World) -> None:
    days = await world.get("/v1/lists/holidays/entries?on=2026-01-01")
    assert (days.status_code, len(days.json()["items"])) == (200, 1)
    for name in ("producers", "grant-documents", "colours"):
        refused = await world.get(f"/v1/lists/{name}/entries?on=2026-01-01")
        assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[-1]) == (404, "list-unknown")


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "٢٠٢٦-٠١-٠١"])
async def test_a_day_that_is_none_is_refused(world: World, day: str) -> None:
    assert (await world.get(f"/v1/lists/holidays/entries?on={day}")).status_code == 422
