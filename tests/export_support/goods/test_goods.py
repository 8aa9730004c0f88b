"""Goods: each code is judged by the list of its own day; what no list covers is unknown, not unlisted."""

import time
from datetime import date
from typing import Any

from export_support.goods.catalogue import GOODS
from export_support.goods.queries import goods_on
from shared.events.work import Work, begin_work
from shared.reference.importing import import_list
from tests.export_support.desk import MONDAY, OFFICER, Desk, an_applicant, must

HEAD = "fea_cn,effective_from,effective_to,name,sector,processing,source\n"


async def brought(desk: Desk, csv: str) -> Any:
    return must(await desk.post("/list-imports", OFFICER, {"list_name": "export-goods", "csv": HEAD + csv}))


async def good(desk: Desk, code: str, on: str) -> Any:
    return must(await desk.get(f"/goods/{code}", an_applicant(), on=on))


async def test_a_code_of_ten_digits_is_found_by_its_first_six(desk: Desk) -> None:
    found = await good(desk, "8413702100", "2025-02-03")
    assert (found["standing"], found["level"], found["sector"]) == ("listed", "high", "machine building")
    assert found["row"] is not None


async def test_a_code_that_is_not_on_the_list_is_not_listed_and_before_any_list_it_is_unknown(desk: Desk) -> None:
    assert (await good(desk, "999999", "2025-02-03"))["standing"] == "not-listed"
    assert (await good(desk, "999999", "2019-02-03"))["standing"] == "unknown"


async def test_the_list_of_the_day_judges(desk: Desk) -> None:
    rows = [
        "470100,2022-01-01,2023-06-30,Pulp,paper,low,a test",
        "470100,2023-07-01,2024-06-30,Pulp,paper,medium,a test",
        "470100,2024-07-01,,Pulp,paper,high,a test",
    ]
    await brought(desk, "\n".join(rows) + "\n")
    days = ("2023-06-30", "2023-07-01", "2024-06-30", "2024-07-01")
    assert [(await good(desk, "470100", day))["level"] for day in days] == ["low", "medium", "medium", "high"]


async def test_a_code_shorter_than_six_digits_is_no_good(desk: Desk) -> None:
    assert (await desk.get("/goods/8413", OFFICER, on="2025-02-03")).status_code == 422


async def test_five_thousand_codes_in_three_versions_come_in_and_ten_thousand_lines_are_judged_at_once(
    desk: Desk,
) -> None:
    periods = (("2022-01-01", "2022-12-31"), ("2023-01-01", "2023-12-31"), ("2024-01-01", ""))
    levels = ("low", "medium", "high")
    rows = [
        f"{200_000 + 7 * number},{first},{last},Good {number},sector,{levels[(number + version) % 3]},a test\n"
        for number in range(5_000)
        for version, (first, last) in enumerate(periods)
    ]
    content = (HEAD + "".join(rows)).encode()
    async with desk.app.state.database.sessions() as session:
        begin_work(session, Work("export-support", "export-support.v1", "officer-1", "import", MONDAY))
        report = await import_list(session, GOODS.name, content, at=MONDAY, definitions={GOODS.name: GOODS})
        assert report.require_accepted().added >= 14_990
        wanted = [
            (f"{200_000 + 7 * (number % 5_000)}0000", date(2022 + number % 3, 5, 1 + number % 28))
            for number in range(10_000)
        ]
        begun = time.perf_counter()
        found = await goods_on(session, wanted)
        taken = time.perf_counter() - begun
        await session.rollback()
    assert all(found[code, day].level is not None for code, day in wanted)
    assert taken < 10
