"""The funding account through HTTP: opened, given money, read as of a day and entry by entry."""

from decimal import Decimal

from tests.grants.desk import must, refused
from tests.grants.funding import PAID
from tests.grants.served import APPLICANT, AUDITOR, OFFICER, STRANGER, Served

ALLOCATION = {"amount": "5.00", "allocated_on": "2025-01-08", "bank_reference": "R-1", "act": "order 7 of 08.01.2025"}


async def account_id(served: Served) -> str:
    return str(must(await served.get("/accounts", AUDITOR))["items"][0]["id"])


async def test_an_institute_has_one_account_for_the_measure(served: Served) -> None:
    body = {"bank": "Bank", "iban": "KZ86125KZT5004100100"}
    problem = refused(await served.post("/accounts", OFFICER, body), "account-already-open")
    assert await account_id(served) in problem["detail"]
    opened = must(await served.post("/accounts", STRANGER, body))
    assert (opened["institute"], opened["standing"]["free"]) == ("export", "0.00")


async def test_an_allocation_recorded_again_names_the_first(served: Served) -> None:
    path = f"/accounts/{await account_id(served)}/allocations"
    assert must(await served.post(path, OFFICER, ALLOCATION))["standing"]["free"] == "1005.00"
    problem = refused(await served.post(path, OFFICER, ALLOCATION), "payment-already-recorded")
    assert "of 2025-01-08" in problem["detail"]
    for typed in ("r-1", "R \u2013 1", "R-\u00a01"):
        again = await served.post(path, OFFICER, ALLOCATION | {"bank_reference": typed})
        assert "The bank reference R-1 belongs" in refused(again, "payment-already-recorded")["detail"]
    hidden = await served.post(path, OFFICER, ALLOCATION | {"bank_reference": "R-\u200b1"})
    assert hidden.json()["errors"][0]["pointer"] == "/bank_reference"
    later = ALLOCATION | {"bank_reference": "R-2", "allocated_on": "2025-01-09"}
    refused(await served.post(path, OFFICER, later), "payment-in-future")


async def test_the_balance_is_answered_as_of_a_day(served: Served) -> None:
    agreement = await served.funding.signed()
    await served.funding.disbursed((await served.funding.tranches(agreement))[0].id)
    path = f"/accounts/{await account_id(served)}/balance"
    served.on(PAID)
    before = must(await served.get(path, OFFICER, as_of="2025-02-02"))["standing"]
    after = must(await served.get(path, OFFICER))["standing"]
    assert (before["committed"], before["disbursed"]) == ("100.00", "0.00")
    assert (after["committed"], after["disbursed"], after["at_bank"]) == ("0.00", "100.00", "900.00")
    own = must(await served.get(path, OFFICER, agreement_id=str(agreement.id)))["standing"]
    assert (own["disbursed"], own["allocated"]) == ("100.00", "0.00")


async def test_what_nobody_could_confirm_is_shown_as_an_assumption(served: Served) -> None:
    view = must(await served.get(f"/accounts/{await account_id(served)}", OFFICER))
    returned = next(each for each in view["assumptions"] if each["subject"] == "return")
    assert (returned["mark"], returned["verified"]) == ("assumed", False)
    assert "Art. 42(5)" in returned["source"]


async def test_the_entries_come_in_pages_each_with_what_it_rests_on(served: Served) -> None:
    await served.funding.signed()
    path = f"/accounts/{await account_id(served)}/entries"
    first = must(await served.get(path, OFFICER, limit=1))
    rest = must(await served.get(path, OFFICER, limit=1, cursor=first["next_cursor"]))
    entries = [first["items"][0], rest["items"][0]]
    assert [(each["number"], each["kind"], each["rests_on"]["type"]) for each in entries] == [
        (2, "commitment", "grants.agreement-offered.v1"), (1, "allocation", "grants.funds-allocated.v1"),
    ]  # fmt: skip
    assert entries[0]["lines"] == [
        {"side": "free", "fiscal_year": 2025, "amount": "-100.00"},
        {"side": "committed", "fiscal_year": 2025, "amount": "100.00"},
    ]
    assert rest["next_cursor"] is None
    assert len(must(await served.get(path, OFFICER, kind="allocation"))["items"]) == 1
    assert must(await served.get(path, OFFICER, **{"from": "2025-01-07"}))["items"] == []


async def test_an_account_is_not_for_applicants(served: Served) -> None:
    refused(await served.get("/accounts", APPLICANT), "role-not-allowed")


async def test_a_year_is_closed_by_hand_only_when_it_is_over(served: Served) -> None:
    path = f"/accounts/{await account_id(served)}/year-closing"
    refused(await served.post(path, OFFICER), "year-not-over")
    served.on(PAID.replace(year=2026))
    refused(await served.post(path, OFFICER, etag='"1"'), "version-stale")
    view = must(await served.post(path, OFFICER))
    assert (view["open_year"], Decimal(view["standing"]["free"])) == (2026, Decimal(1000))
