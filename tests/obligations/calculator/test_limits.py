"""However much one caller asks, the service goes on answering the others, and says what is too much."""

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from obligations.calculator.model import MOST, MOST_RATES, MOST_REPAYMENTS, MOST_SEGMENTS
from obligations.sheets.answer import MOST_PRINTED_LINES
from obligations.sheets.pdf_file import TYPESETTING
from shared.http.apart import AnswerTakesTooLong, Apart
from tests.obligations.calculator.questions import heavy
from tests.obligations.claims.api import Api

PATH = "/v1/repayment-calculations"
HEALTHY = 0.1
"""Seconds within which the health routes answer, whatever else is under way."""


async def answered_meanwhile(api: Api, asked: "asyncio.Task[httpx.Response]") -> list[float]:
    """How long each question after the service's health took while the other was answered."""
    took = []
    while not asked.done():
        began = time.perf_counter()
        assert (await api.get("/health/live")).status_code == 200
        took.append(time.perf_counter() - began)
        await asyncio.sleep(0.005)
    return took


@pytest.mark.parametrize("form", ["json", "csv", "pdf"])
async def test_the_service_says_that_it_lives_while_the_largest_question_is_answered(api: Api, form: str) -> None:
    question = heavy(MOST_PRINTED_LINES // 6, tranches=1) if form == "pdf" else heavy(MOST_SEGMENTS)
    asked = asyncio.create_task(api.post(f"{PATH}?format={form}", question))
    took = await answered_meanwhile(api, asked)
    assert asked.result().status_code == 200, asked.result().text[:300]
    assert len(took) > 3
    assert sorted(took)[len(took) // 2] < HEALTHY


async def test_more_segments_than_anybody_redoes_by_hand_are_refused_before_the_work_is_done(api: Api) -> None:
    everything = heavy(10**6, tranches=120, rates=1000, suspensions=120)
    began = time.perf_counter()
    answer = await api.post(PATH, everything)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/segments-too-many")
    assert answer.json()["errors"][0]["pointer"] == "/tranches"
    assert answer.json()["remedy"]
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize(
    "asked",
    [
        {"rules": {"compounding": "annual"}, "as_of": "2100-01-01"},
        {"tranches": [{"amount": "999999999999999.99", "on": "2025-02-03"}] * 2},
        {"repayments": [{"amount": "999999999999999.99", "on": "2025-02-03"}] * 3},
    ],
)
async def test_a_sum_of_more_digits_than_money_has_is_refused_by_name(api: Api, asked: dict[str, Any]) -> None:
    rates = [{"effective_from": "2024-12-02", "percent": "99.0000"}]
    question = {
        "fulfilment": "0",
        "tranches": [{"amount": "100000000.00", "on": "2025-02-03"}],
        "as_of": "2026-06-30",
        "rates": rates,
    }
    answer = await api.post(PATH, {**question, **asked})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/sum-too-large")


async def test_a_sheet_too_long_to_print_is_refused_and_is_there_as_csv(api: Api) -> None:
    long = heavy(MOST_PRINTED_LINES * 2)
    printed = await api.post(f"{PATH}?format=pdf", long)
    assert (printed.status_code, printed.json()["type"]) == (422, "/problems/sheet-too-long")
    assert (await api.post(f"{PATH}?format=csv", long)).status_code == 200


async def test_work_that_takes_too_long_is_given_up_and_its_process_killed() -> None:
    apart = Apart(at_once=1, seconds=0.2)
    with pytest.raises(AnswerTakesTooLong):
        await apart.run((*TYPESETTING[:1], "-c", "import time; time.sleep(60)"), b"")
    with pytest.raises(AnswerTakesTooLong):
        await asyncio.gather(*(apart.calculate(lambda: time.sleep(0.15)) for _ in range(3)))
    assert await Apart(at_once=1, most=1).calculate(lambda: 7) == 7
    apart.close()


async def test_more_than_may_wait_are_refused_at_once() -> None:
    apart = Apart(at_once=1, most=2)
    answers: list[Any] = await asyncio.gather(
        *(apart.calculate(lambda: time.sleep(0.05)) for _ in range(5)), return_exceptions=True
    )
    assert [type(answer) for answer in answers].count(AnswerTakesTooLong) == 3
    apart.close()


async def test_a_program_that_fails_is_told_by_its_last_words() -> None:
    with pytest.raises(RuntimeError, match="sheet"):
        await Apart().run(TYPESETTING, b"{}")


def test_the_limits_are_said_where_the_figure_is_explained() -> None:
    said = (Path(__file__).parents[3] / "docs" / "how-a-figure-is-made.md").read_text()
    assert f"| tranches, suspensions | {MOST} each |" in said
    assert f"| repayments, base rates of one's own | {MOST_REPAYMENTS:,} each |" in said
    assert MOST_RATES == MOST_REPAYMENTS
    assert f"| segments of the answer | {MOST_SEGMENTS:,}, else" in said
    assert f"| lines of a printed sheet | {MOST_PRINTED_LINES:,}, else" in said
