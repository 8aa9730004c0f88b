"""Acts about the institute's money: the account, its allocation, a call."""

from typing import Any

from tirek_local.stories.people import Person
from tirek_local.stories.stage import Stage

BANK, IBAN = "Sample Bank (made up)", "KZ86125KZT5004100100"

Json = Any


def open_account(stage: Stage, officer: Person, amount: str, *, reference: str) -> Json:
    """Open the institute's funding account and enter budget money (Law 86-VII, Art. 42(5))."""
    account = stage.grants.post(officer, "/v1/accounts", {"bank": BANK, "iban": IBAN})
    allocation = {
        "amount": amount,
        "allocated_on": stage.today.isoformat(),
        "bank_reference": reference,
        "act": "made-up order on the allocation of budget money",
    }
    return stage.grants.post(officer, f"/v1/accounts/{account['id']}/allocations", allocation)


def open_call(stage: Stage, officer: Person, title: str, budget: str, opens_on: str, closes_on: str) -> Json:
    """Plan a call and open it."""
    planned = {
        "title": title,
        "description": "A made-up call of the demonstration.",
        "budget": budget,
        "opens_on": opens_on,
        "closes_on": closes_on,
    }
    call = stage.grants.post(officer, "/v1/calls", planned)
    path = f"/v1/calls/{call['id']}"
    return stage.grants.post(officer, f"{path}/opening", resting_on=path)


def standing(stage: Stage, officer: Person, account_id: str) -> dict[str, str]:
    """What the account stands at: allocated, free, committed, disbursed, returned, in tenge."""
    found: dict[str, str] = stage.grants.get(officer, f"/v1/accounts/{account_id}")["standing"]
    return found
