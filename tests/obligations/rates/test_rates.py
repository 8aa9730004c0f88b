"""Base rates: two times, two officers, one rate a day, nothing beyond what is known."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from obligations.rates.locks import exclusive_rate_lock, shared_rate_lock
from obligations.rates.queries import rates_known_at
from obligations.repayment.refusals import RateUnknown
from tests.obligations.clock import StandingClock
from tests.obligations.rates.register import rate_of, rates_of
from tests.obligations.world import World

NEW = {"effective_from": "2026-10-27", "percent": "15.75", "source": "decision of 23 October 2026"}
LATER = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)


async def _confirmed(world: World, body: dict[str, Any], **facts: Any) -> Any:
    return await world.post("/v1/base-rates/confirmations", body, **{"resting_on": "/v1/base-rates", **facts})


async def _corrected(world: World, rate_id: str, body: dict[str, Any]) -> Any:
    path = f"/v1/base-rates/{rate_id}"
    return await world.post(f"{path}/corrections", body, resting_on=path)


async def test_the_installation_brings_the_rates_unverified_and_a_coverage(world: World) -> None:
    rates = await rates_of(world)
    assert len(rates) == 42
    assert not any(one["verified"] for one in rates)
    assert all(one["announced_on_assumed"] for one in rates)
    story = await rate_of(world, "2025-03-11")
    assert (story["percent"], story["announced_on"], story["known_from"]) == (
        "16.50",
        "2025-03-10",
        "2025-03-09T19:00:00Z",
    )
    assert (await world.get("/v1/base-rates/coverage")).json() == {"known_until": "2026-10-26"}


async def test_on_a_past_day_only_what_was_announced_by_then_was_known(world: World) -> None:
    then = "2025-06-01T00:00:00Z"
    assert (await rates_of(world, known_at=then))[-1]["effective_from"] == "2025-03-11"
    coverage = await world.get("/v1/base-rates/coverage", params={"known_at": then})
    assert coverage.json() == {"known_until": "2025-10-12"}


async def test_nothing_is_known_beyond_the_coverage(world: World) -> None:
    async with world.work() as session:
        known = await rates_known_at(session)
    timeline = known.timeline
    assert timeline.rows[timeline.row_on(date(2026, 10, 26).toordinal())].percent == Decimal("16.25")
    with pytest.raises(RateUnknown):
        timeline.row_on(date(2026, 10, 27).toordinal())


async def test_a_new_rate_is_announced_unverified_and_two_officers_verify_it(world: World) -> None:
    world.clock.at = LATER
    entered = (await world.post("/v1/base-rates", NEW)).json()
    assert (entered["verified"], entered["announced_on"], entered["announced_on_assumed"]) == (
        False,
        "2026-10-26",
        True,
    )
    (told,) = await world.events("base-rate-announced")
    assert (told["percent"], told["verified"]) == ("15.75", False)
    ids = {"rate_ids": [entered["rate_id"]]}
    first = (await _confirmed(world, ids)).json()
    assert (first[0]["verified"], first[0]["confirmed_by"]) == (False, ["officer-1"])
    twice = await _confirmed(world, ids)
    assert (twice.status_code, twice.json()["type"]) == (403, "/problems/second-person-wanted")
    second = (await _confirmed(world, ids, subject="officer-2")).json()
    assert second[0]["verified"] is True
    third = await _confirmed(world, ids, subject="officer-3")
    assert (third.status_code, third.json()["type"]) == (409, "/problems/already-verified")


async def test_a_confirmation_rests_on_the_register_and_a_correction_on_the_row_as_they_were_read(world: World) -> None:
    rate = await rate_of(world, "2025-10-13")
    body, path = {"rate_ids": [rate["rate_id"]]}, f"/v1/base-rates/{rate['rate_id']}"
    register, row = await world.revision("/v1/base-rates"), await world.revision(path)
    confirmations = "/v1/base-rates/confirmations"
    assert (await world.post(confirmations, body)).status_code == 428
    confirmed = await world.post(confirmations, body, if_match=register)
    assert (confirmed.status_code, confirmed.headers["ETag"]) == (200, f'"{register + 1}"')
    assert (await world.post(confirmations, body, if_match=register, subject="officer-2")).status_code == 412
    correction = {"percent": "17.75", "source": "resolution 9", "reason": "the table was wrong"}
    assert (await world.post(f"{path}/corrections", correction)).status_code == 428
    assert (await world.post(f"{path}/corrections", correction, if_match=row)).status_code == 412
    assert (await world.post(f"{path}/corrections", correction, if_match=row + 1)).status_code == 201


async def test_all_rates_are_confirmed_at_once_or_none(world: World) -> None:
    ids = [one["rate_id"] for one in await rates_of(world)]
    for officer in ("officer-1", "officer-2"):
        answer = await _confirmed(world, {"rate_ids": ids}, subject=officer)
        assert answer.status_code == 200
    assert all(one["verified"] for one in await rates_of(world))
    unknown = {"rate_ids": [ids[0], "0199a0b0-0000-7000-8000-000000000000"]}
    assert (await _confirmed(world, unknown)).status_code == 404


async def test_a_correction_ends_what_was_known_and_the_earlier_day_still_answers_as_it_did(world: World) -> None:
    wrong = await rate_of(world, "2025-10-13")
    before = world.clock.at - timedelta(seconds=1)
    correction = {"percent": "17.75", "source": "resolution 9", "reason": "the table was wrong"}
    corrected = (await _corrected(world, wrong["rate_id"], correction)).json()
    assert (corrected["replaces"], corrected["verified"]) == (wrong["rate_id"], False)
    assert (await rate_of(world, "2025-10-13"))["percent"] == "17.75"
    assert (await rate_of(world, "2025-10-13", known_at=before.isoformat()))["percent"] == "18.00"
    (told,) = await world.events("base-rate-corrected")
    assert (told["replaces"], told["percent"]) == (wrong["rate_id"], "17.75")


async def test_a_rate_can_be_moved_to_another_day_or_said_never_to_have_been(world: World) -> None:
    moved = await rate_of(world, "2016-05-06")
    body = {"percent": "15.00", "effective_from": "2016-05-05", "source": "resolution", "reason": "a day off"}
    assert (await _corrected(world, moved["rate_id"], body)).status_code == 201
    days = [one["effective_from"] for one in await rates_of(world)]
    assert "2016-05-05" in days
    assert "2016-05-06" not in days
    gone = await rate_of(world, "2016-05-05")
    never = {"percent": None, "source": "resolution", "reason": "no decision that day"}
    assert (await _corrected(world, gone["rate_id"], never)).status_code == 201
    async with world.work() as session:
        assert date(2016, 5, 5) not in {row.effective_from for row in (await rates_known_at(session)).rows}


@pytest.mark.parametrize(
    ("state", "verb", "wanted"),
    [
        ("unconfirmed", "confirm", 200),
        ("unconfirmed", "correct", 201),
        ("unconfirmed", "enter the same day", "rate-known-already"),
        ("confirmed once", "confirm", 200),
        ("confirmed once", "correct", 201),
        ("confirmed once", "enter the same day", "rate-known-already"),
        ("verified", "confirm", "already-verified"),
        ("verified", "correct", 201),
        ("verified", "enter the same day", "rate-known-already"),
        ("superseded", "confirm", "rate-superseded"),
        ("superseded", "correct", "rate-superseded"),
        ("superseded", "enter the same day", "rate-known-already"),
    ],
)
async def test_every_state_of_a_rate_against_every_verb(world: World, state: str, verb: str, wanted: int | str) -> None:
    world.clock.at = LATER
    rate = (await world.post("/v1/base-rates", NEW)).json()["rate_id"]
    confirmations = {"confirmed once": 1, "verified": 2}.get(state, 0)
    for number in range(confirmations):
        await _confirmed(world, {"rate_ids": [rate]}, subject=f"officer-{number}")
    correction = {"percent": "15.50", "source": "s", "reason": "r"}
    if state == "superseded":
        await _corrected(world, rate, correction)
    told = len(await world.events())
    if verb == "confirm":
        answer = await _confirmed(world, {"rate_ids": [rate]}, subject="officer-9")
    elif verb == "correct":
        answer = await _corrected(world, rate, {**correction, "percent": "15.25"})
    else:
        answer = await world.post("/v1/base-rates", NEW)
    if isinstance(wanted, int):
        assert answer.status_code == wanted
    else:
        assert answer.json()["type"] == f"/problems/{wanted}"
        assert len(await world.events()) == told


async def test_a_rate_is_not_announced_in_the_future_nor_after_its_effect(world: World) -> None:
    future = await world.post("/v1/base-rates", NEW)
    assert future.json()["type"] == "/problems/rate-before-announcement"
    world.clock.at = LATER
    late = await world.post("/v1/base-rates", {**NEW, "announced_on": "2026-10-28"})
    assert late.json()["type"] == "/problems/rate-before-announcement"


async def test_coverage_only_grows_and_is_published(world: World) -> None:
    body = {"known_until": "2026-12-03", "source": "calendar of decisions"}
    assert (await world.post("/v1/base-rates/coverage", body)).json() == {"known_until": "2026-12-03"}
    assert (await world.events("rate-coverage-extended"))[0]["known_until"] == "2026-12-03"
    again = await world.post("/v1/base-rates/coverage", {**body, "known_until": "2026-11-03"})
    assert again.json()["type"] == "/problems/coverage-shrinks"


@pytest.mark.parametrize(
    "body",
    [
        {**NEW, "percent": 15.75},
        {**NEW, "percent": "-1"},
        {**NEW, "percent": "1000"},
        {**NEW, "percent": "NaN"},
        {**NEW, "effective_from": "2026-02-30"},
        {**NEW, "effective_from": "20261027"},
        {**NEW, "source": " "},
        {**NEW, "verified": True},
        {**NEW, "known_from": "2020-01-01T00:00:00Z"},
    ],
)
async def test_what_is_no_rate_leaves_no_trace(world: World, body: dict[str, Any]) -> None:
    world.clock.at = LATER
    answer = await world.post("/v1/base-rates", body)
    assert answer.status_code == 422
    assert len(await rates_of(world)) == 42


async def test_the_database_itself_keeps_one_rate_a_day_two_officers_and_what_was_known(world: World) -> None:
    copied = (
        "insert into base_rate (id, version, institute, effective_from, percent, announced_on, announced_on_assumed,"
        " source, known_from, known_until, entered_by) select gen_random_uuid(), 0, institute, effective_from, 1,"
        " announced_on, true, source, known_from, {until}, 'x' from base_rate where effective_from = '2025-03-11'"
    )
    for statement in (
        copied.format(until="null"),
        copied.format(until="known_from + interval '1 day'"),
        "update base_rate set first_confirmed_by = 'a', second_confirmed_by = 'a'",
        "update base_rate set second_confirmed_by = 'a'",
        "update base_rate set percent = 1",
        "delete from base_rate",
        "truncate base_rate",
        "update rate_coverage set known_until = '2030-01-01'",
    ):
        with pytest.raises(DBAPIError):
            async with world.work() as session:
                await (await session.connection()).execute(text(statement))


async def test_a_change_waits_for_the_calculations_under_way_and_is_known_after_them(world: World) -> None:
    clock = StandingClock(world.clock.at)
    async with world.work() as calculating:
        await shared_rate_lock(calculating)
        async with world.work() as other:
            await shared_rate_lock(other)

        async def change() -> datetime:
            async with world.work() as writing:
                return await exclusive_rate_lock(writing, clock)

        changing = asyncio.create_task(change())
        await asyncio.sleep(0.2)
        assert not changing.done()
        clock.at += timedelta(minutes=1)
    assert await changing == clock.at
