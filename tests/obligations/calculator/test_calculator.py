"""The calculator: open to any caller, exact, keeps nothing."""

from typing import Any

from shared.access.roles import Role
from tests.obligations.claims.api import Api

PATH = "/v1/repayment-calculations"
QUESTION: dict[str, Any] = {
    "fulfilment": "0.70",
    "tranches": [{"amount": "100000000.00", "on": "2025-02-03"}],
    "as_of": "2026-06-30",
}


async def test_the_golden_example_by_the_registers_rates_for_any_caller(api: Api) -> None:
    for role in Role:
        answer = await api.send("POST", PATH, role, json=QUESTION, key="k")
        assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["principal"], found["interest"], found["total"]) == ("30000000.00", "7209041.10", "37209041.10")
    assert [segment["days"] for segment in found["segments"]] == [36, 216, 238, 22]
    assert found["paid"] == {"principal": "0.00", "interest": "0.00"}
    assert found["citations"] == [{"act": "Law 86-VII", "article": "27(4)"}]
    assert "rates/2025-03-11" in found["unverified"]


async def test_given_rates_hold_without_end_and_the_register_does_not(api: Api) -> None:
    rates = [{"effective_from": "2024-12-02", "percent": "15.25"}]
    far = {**QUESTION, "as_of": "2030-01-01"}
    assert (await api.post(PATH, {**far, "rates": rates})).status_code == 200
    assert (await api.post(PATH, far)).json()["type"] == "/problems/rate-unknown"


WRONG: list[dict[str, Any]] = [
    {"fulfilment": 0.7},
    {"fulfilment": "0.7000001"},
    {"fulfilment": "١"},
    {"fulfilment": None},
    {"as_of": "2026-02-30"},
    {"as_of": 20260630},
    {"tranches": []},
    {"tranches": [{"amount": 1, "on": "2025-02-03"}]},
    {"tranches": [{"amount": "1_000", "on": "2025-02-03"}]},
    {"tranches": [{"amount": "1.000", "on": "2025-02-03"}]},
    {"tranches": [{"amount": "-1.00", "on": "2025-02-03"}]},
    {"tranches": [{"amount": "1.00", "on": "2027-02-03"}]},
    {"tranches": [{"amount": "1.00", "on": "2025-02-03", "extra": 1}]},
    {"repayments": [{"amount": "0.00", "on": "2025-03-03"}]},
    {"repayments": [{"amount": "1.00", "on": "2024-03-03"}]},
    {"suspensions": [{"from": "2025-03-03", "to": "2025-03-02"}]},
    {"suspensions": [{"first": "2025-03-03", "last": "2025-03-04"}]},
    {"suspensions": [{"from": "2025-03-03", "last": "2025-03-04"}]},
    {"rules": {"segments": "outstanding", "rate_pick": "anniversary"}},
    {"rules": {"day_count": "actual/364"}},
    {"rules": {"rounding": {"unit": "0.1"}}},
    {"rules": {"accrual_from": "yesterday"}},
    {"rules": {"accrual_from": "0001-01-01"}},
    {"rules": {"accrual_from": "1989-12-31"}},
    {"rules": {"accrual_from": "9999-12-31"}},
    {"rates": [{"effective_from": "2024-12-02", "percent": "15.25"}] * 2},
    {"rates": []},
    {"unknown": 1},
]


async def test_what_is_wrong_is_refused_and_named(api: Api) -> None:
    for wrong in WRONG:
        answer = await api.post(PATH, {**QUESTION, **wrong})
        assert answer.status_code == 422, (wrong, answer.text)
        assert answer.json().get("errors") or answer.json()["detail"], wrong


async def test_the_answer_is_a_sheet_in_csv_and_pdf_too(api: Api) -> None:
    csv = await api.post(f"{PATH}?format=csv", QUESTION, headers={"Accept-Language": "ru"})
    assert csv.headers["content-type"].startswith("text/csv")
    assert "30000000.00" in csv.text
    pdf = await api.post(PATH, QUESTION, headers={"Accept": "application/pdf"})
    assert pdf.content.startswith(b"%PDF-")
