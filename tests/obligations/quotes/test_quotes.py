"""What is due on a day, and what would be due at other levels of fulfilment."""

import xml.etree.ElementTree as ElementTree
from datetime import date
from decimal import Decimal

import pytest

from obligations.quotes.chart import chart
from obligations.quotes.rules import LEVELS, WhatIf
from shared.access.roles import Role
from shared.http.languages import Language
from tests.obligations.claims.api import OTHER_BIN, Api
from tests.obligations.claims.test_triggers import correct


async def test_a_quote_is_known_up_to_the_day_after_the_coverage(api: Api) -> None:
    path = await api.claim_path()
    known = await api.get(f"{path}/quote?as_of=2026-10-27")
    assert known.status_code == 200
    assert known.json()["segments"][-1]["to"] == "2026-10-26"
    refused = await api.get(f"{path}/quote?as_of=2026-10-28")
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/rate-unknown"
    assert "2026-10-27" in refused.json()["detail"]


async def test_a_quote_as_known_on_an_earlier_day_uses_what_was_known_then(api: Api) -> None:
    api.world.clock.on("2026-07-06")
    await correct(api.world, "2025-03-11", "16.00")
    path = await api.claim_path()
    then = await api.get(f"{path}/quote?as_of=2026-06-30&known_on=2026-07-05")
    now = await api.get(f"{path}/quote?as_of=2026-06-30")
    assert then.json()["interest"] == "7209041.10"
    assert now.json()["interest"] != "7209041.10"
    assert then.json()["header"]["version"] == "1"
    assert (await api.get(f"{path}/versions?known_on=2026-07-05")).json()["items"][0]["interest"] == "7209041.10"
    assert (await api.get(f"{path}/versions?known_on=2026-07-07")).status_code == 422
    assert (await api.get(f"{path}/versions?known_on=2026-06-29")).status_code == 404


async def test_the_applicant_sees_the_own_claim_and_nobody_elses(api: Api) -> None:
    path = await api.claim_path()
    assert (await api.get(path, Role.APPLICANT)).status_code == 200
    assert (await api.get(path, Role.APPLICANT, bin_=OTHER_BIN)).status_code == 404
    assert (await api.get(path, institute="export")).status_code == 404
    assert (await api.get("/v1/claims", institute="export")).json()["items"] == []
    assert len((await api.get("/v1/claims?status=calculated&reporting_year=2025")).json()["items"]) == 1
    assert (await api.get(f"{path}/quote?as_of=2026-07-01", Role.SERVICE)).status_code == 403


async def test_what_if_answers_at_eleven_levels(api: Api) -> None:
    answer = await api.get(f"/v1/agreements/{api.world.agreement_id}/what-if?on=2026-06-30&year=2025", Role.APPLICANT)
    assert answer.status_code == 200
    points = {point["fulfilment"]: point for point in answer.json()["points"]}
    assert list(points) == [f"{tenth / 10:.2f}" for tenth in range(11)]
    assert points["0.70"]["total"] == "37209041.10"
    assert points["1.00"]["total"] == "0.00"
    assert answer.json()["fulfilment"] == "0.70"


@pytest.mark.parametrize(("language", "word"), [("kk", "Негізгі сома"), ("ru", "Основная сумма"), ("en", "Principal")])
async def test_what_if_is_a_chart_in_the_callers_language(api: Api, language: str, word: str) -> None:
    answer = await api.get(
        f"/v1/agreements/{api.world.agreement_id}/what-if?on=2026-06-30&year=2025",
        headers={"Accept": "image/svg+xml", "Accept-Language": language},
    )
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["content-language"] == language
    picture = ElementTree.fromstring(answer.text)
    texts = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert word in texts
    assert "37.21" in texts


async def test_what_if_of_a_year_without_obligations_is_refused(api: Api) -> None:
    answer = await api.get(f"/v1/agreements/{api.world.agreement_id}/what-if?on=2026-06-30&year=2031")
    assert answer.json()["type"] == "/problems/year-not-reported"


def test_a_chart_of_small_amounts_counts_tenge_and_not_millions() -> None:
    points = [
        WhatIf(level, *(amount * (1 - level) for amount in map(Decimal, ("3000.00", "720.00", "3720.00", "3720.00"))))
        for level in LEVELS
    ]
    picture = ElementTree.fromstring(
        chart(points, on=date(2026, 6, 30), year=2025, current=Decimal("0.70"), language=Language.ENGLISH)
    )
    texts = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {"₸", "4000", "3720", "1116", "0"} <= set(texts)
    assert "million ₸" not in texts
