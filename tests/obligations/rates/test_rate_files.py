"""A file of base rates is taken whole, or each wrong row is named and nothing is taken."""

from datetime import UTC, datetime

import pytest

from obligations.rates.importing import read_rates
from obligations.rates.refusals import ImportRefused
from tests.obligations.rates.register import rate_of, rates_of
from tests.obligations.world import World

LATER = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)


async def test_a_file_is_imported_whole_and_unverified_whatever_it_says(world: World) -> None:
    world.clock.at = LATER
    csv = "effective_from,value,source,verified\n2026-09-07,16.25,known,yes\n2026-10-27,15.75,decision,yes\n"
    answer = await world.post("/v1/base-rates/imports", {"csv": csv, "known_until": "2026-12-03"})
    assert answer.json() == {"added": 1, "unchanged": 1, "known_until": "2026-12-03"}
    assert (await rate_of(world, "2026-10-27"))["verified"] is False


async def test_a_file_with_wrong_rows_is_not_imported_and_each_is_named(world: World) -> None:
    world.clock.at = LATER
    csv = "effective_from,value,source\n2026-10-27,15.75,good\n2026-13-01,1,x\n2026-10-28,1e3,x\n2026-10-27,1,twice\n"
    answer = await world.post("/v1/base-rates/imports", {"csv": csv})
    assert answer.json()["type"] == "/problems/import-refused"
    told = [error["detail"] for error in answer.json()["errors"]]
    assert [each.split(":")[0] for each in told] == [
        "Line 3, column effective_from",
        "Line 4, column value",
        "Line 5, column effective_from",
    ]
    assert told[0] in answer.json()["detail"]
    for language in ("kk", "ru"):
        said = (await world.post("/v1/base-rates/imports", {"csv": csv}, language=language)).json()
        words = said["detail"] + "".join(error["detail"] for error in said["errors"])
        assert not any(word in words for word in ("ound", "wanted", "ine "))
    contradicting = await world.post(
        "/v1/base-rates/imports", {"csv": "effective_from,value,source\n2026-09-07,16.00,x\n2026-10-27,15.75,y\n"}
    )
    assert "16.25" in contradicting.json()["detail"]
    assert len(await rates_of(world)) == 42


async def test_a_file_takes_no_day_from_a_rate_that_two_have_confirmed(world: World) -> None:
    world.clock.at = LATER
    rate = await rate_of(world, "2026-09-07")
    between = "effective_from,value,source\n2026-09-20,0.01,made up\n"
    for who in ("officer-1", "officer-2"):
        confirmed = {"rate_ids": [rate["rate_id"]]}
        answer = await world.post("/v1/base-rates/confirmations", confirmed, resting_on="/v1/base-rates", subject=who)
        assert answer.status_code == 200
    refused = await world.post("/v1/base-rates/imports", {"csv": between})
    assert refused.json()["type"] == "/problems/import-refused"
    assert "2026-09-07" in refused.json()["errors"][0]["detail"]
    after = between.replace("2026-09-20,0.01", "2026-10-27,15.75")
    assert (await world.post("/v1/base-rates/imports", {"csv": after})).json()["added"] == 1


async def test_a_file_fills_days_on_which_nothing_confirmed_holds(world: World) -> None:
    world.clock.at = LATER
    between = "effective_from,value,source\n2026-09-20,16.00,decision\n"
    assert (await world.post("/v1/base-rates/imports", {"csv": between})).json()["added"] == 1


@pytest.mark.parametrize(
    "csv",
    [
        "",
        "effective_from,value,source\n",
        "day,rate\n2026-10-27,1\n",
        'effective_from,value,source\n2026-10-27,1,"open\n',
        "effective_from,value,source\n2026-10-27,١٥,x\n",
        "effective_from,value,source\n2026-10-27,-1,x\n",
        "effective_from,value,source\n2026-02-30,1,x\n",
        "effective_from,value,source\n2026-10-27,1,\n",
        "effective_from,value,source\n2026-10-27,1\n",
        "effective_from,value,source\n2026-10-27,1,a,b,c\n2026-10-28,x,y\n",
    ],
)
def test_what_is_no_file_of_rates_is_refused(csv: str) -> None:
    with pytest.raises(ImportRefused):
        read_rates(csv)
