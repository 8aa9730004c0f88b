"""Addenda, termination and the recipient's requests: proposed by one, approved by another, then in effect."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from grants.agreements.model import AgreementStatus
from shared.access.roles import Role
from tests.grants.builders import a_content
from tests.grants.desk import Person, must, refused
from tests.grants.funding import PAID
from tests.grants.served import ANOTHER, APPLICANT, APPROVER, AUDITOR, OFFICER, STRANGER, Served, served

__all__ = ["served"]

BOTH = Person("officer-1", (Role.OFFICER, Role.APPROVER))
PARTS = (Decimal("60.00"), Decimal("40.00"))
LATER, EARLIER = "2025-05-05", "2025-01-20"


async def a_schedule(served: Served, **days: str) -> tuple[str, dict[str, Any]]:
    """A signed agreement, and a request to plan its tranches (first, second) for other days."""
    agreement = await served.funding.signed(PARTS)
    found = dict(zip(("first", "second"), await served.funding.tranches(agreement), strict=True))
    tranches = [{"tranche_id": str(found[name].id), "planned_on": day} for name, day in days.items()]
    body = {"change": {"kind": "schedule", "tranches": tranches}, "reason": "The supplier is late."}
    return f"/agreements/{agreement.id}", body


async def test_a_requested_schedule_is_proposed_approved_and_in_effect(served: Served) -> None:
    agreement, body = await a_schedule(served, second=LATER)
    made = await served.post(f"{agreement}/change-requests", APPLICANT, body)
    path = f"/changes/{must(made)['id']}"
    assert (made.status_code, made.headers["location"]) == (201, f"/v1{path}")
    refused(await served.post(f"{agreement}/change-requests", APPLICANT, body), "change-open-already")
    refused(await served.post(f"{path}/approval", APPROVER), "change-not-proposed")
    assert must(await served.post(f"{path}/proposal", OFFICER))["proposed_by"] == "officer-1"
    refused(await served.post(f"{path}/approval", BOTH), "second-person-wanted")
    assert (await served.post(f"{path}/approval", APPROVER, etag='"1"')).status_code == 412
    whole = must(await served.get(agreement, AUDITOR))
    assert ("approve-change", "approver") in [(each["what"], each["who"]) for each in whole["due_next"]]
    approved = must(await served.post(f"{path}/approval", APPROVER))
    assert (approved["status"], approved["approved_by"]) == ("approved", "approver-1")
    whole = must(await served.get(agreement, APPLICANT))
    assert [each["planned_on"] for each in whole["tranches"]] == ["2025-02-01", LATER]
    assert [each["planned_on"] for each in whole["terms"]["planned"]] == ["2025-02-01", LATER]
    assert [each["status"] for each in whole["changes"]] == ["approved"]


@pytest.mark.parametrize(
    ("days", "problem"),
    [
        ({"second": EARLIER}, "tranches-out-of-order"),
        ({"first": "2025-01-01"}, "planned-in-the-past"),
        ({"first": "2025-02-01"}, "nothing-amended"),
    ],
)
async def test_a_schedule_that_cannot_be_is_refused_when_it_is_asked_for(
    served: Served, days: dict[str, str], problem: str
) -> None:
    agreement, body = await a_schedule(served, **days)
    refused(await served.post(f"{agreement}/change-requests", APPLICANT, body), problem)


async def test_a_tranche_that_was_requested_meanwhile_stays_as_it_is_planned(served: Served) -> None:
    agreement, body = await a_schedule(served, second=LATER)
    path = f"/changes/{must(await served.post(f'{agreement}/change-requests', APPLICANT, body))['id']}"
    must(await served.post(f"{path}/proposal", OFFICER))
    tranche = body["change"]["tranches"][0]["tranche_id"]
    await served.funding.requested(tranche)
    refused(await served.post(f"{path}/approval", APPROVER), "tranche-not-planned")
    assert must(await served.get(path, OFFICER))["status"] == "proposed"
    assert must(await served.post(f"{path}/withdrawal", APPLICANT))["status"] == "withdrawn"


async def test_other_budget_lines_bear_exactly_the_grant(served: Served) -> None:
    agreement = await served.funding.signed()
    first, second = a_content()["budget"]
    lines = [first | {"from_grant": "100.00"}, second | {"item": "certification"}]
    path = f"/agreements/{agreement.id}/change-requests"

    def asked(lines: list[dict[str, Any]]) -> dict[str, Any]:
        return {"change": {"kind": "budget", "lines": lines}, "reason": "Another supplier."}

    refused(await served.post(path, APPLICANT, asked([first])), "budget-lines-off-grant")
    refused(await served.post(path, APPLICANT, asked([first | {"item": "villas"}])), "item-not-eligible")
    refused(await served.post(path, APPLICANT, asked([lines[0] | {"amount": "100.00"}])), "share-too-high")
    change = must(await served.post(path, APPLICANT, asked(lines)))
    must(await served.post(f"/changes/{change['id']}/proposal", OFFICER))
    must(await served.post(f"/changes/{change['id']}/approval", APPROVER))
    assert must(await served.get(f"/agreements/{agreement.id}", APPLICANT))["budget"] == lines


async def test_a_termination_takes_two_people_and_leaves_no_change_open(served: Served) -> None:
    agreement, body = await a_schedule(served, second=LATER)
    request = must(await served.post(f"{agreement}/change-requests", APPLICANT, body))
    ending = must(await served.post(f"{agreement}/termination", OFFICER, {"reason": "by consent"}))
    assert must(await served.get(agreement, OFFICER))["status"] == AgreementStatus.SIGNED
    refused(await served.post(f"/changes/{ending['id']}/withdrawal", APPLICANT), "withdrawal-by-another")
    refused(await served.post(f"/changes/{ending['id']}/approval", BOTH), "second-person-wanted")
    must(await served.post(f"/changes/{ending['id']}/approval", APPROVER))
    whole = must(await served.get(agreement, OFFICER))
    assert (whole["status"], whole["reason"], whole["due_next"]) == ("terminated", "by consent", [])
    assert [each["status"] for each in whole["changes"]] == ["approved", "refused"]
    refused(await served.post(f"/changes/{request['id']}/refusal", OFFICER, {"reason": "x"}), "change-closed")
    refused(await served.post(f"{agreement}/termination", OFFICER, {"reason": "x"}), "agreement-not-signed")


async def test_a_change_is_the_companys_own_and_is_decided_in_its_institute(served: Served) -> None:
    agreement, body = await a_schedule(served, second=LATER)
    refused(await served.post(f"{agreement}/change-requests", ANOTHER, body), "agreement-not-found")
    refused(await served.post(f"{agreement}/termination", STRANGER, {"reason": "x"}), "agreement-not-found")
    path = f"/changes/{must(await served.post(f'{agreement}/change-requests', APPLICANT, body))['id']}"
    for who in (STRANGER, ANOTHER):
        refused(await served.get(path, who), "change-not-found")
        assert must(await served.get("/changes", who))["items"] == []
    for verb, given in (("proposal", None), ("approval", None), ("refusal", {"reason": "x"})):
        refused(await served.post(f"{path}/{verb}", STRANGER, given), "change-not-found")
    refused(await served.post(f"{path}/withdrawal", ANOTHER), "change-not-found")
    must(await served.post(f"{path}/refusal", APPROVER, {"reason": "The plan stands."}))


async def test_what_rests_on_the_schedule_of_before_is_stale_though_no_event_tells_of_the_new_one(
    served: Served,
) -> None:
    agreement, body = await a_schedule(served, second=LATER)
    read = (await served.get(agreement, APPLICANT)).headers["etag"]
    path = f"/changes/{must(await served.post(f'{agreement}/change-requests', APPLICANT, body))['id']}"
    must(await served.post(f"{path}/proposal", OFFICER))
    must(await served.post(f"{path}/approval", APPROVER))
    body["change"]["tranches"][0]["planned_on"] = "2025-06-06"
    refused(await served.post(f"{agreement}/change-requests", APPLICANT, body, etag=read), "version-stale")
    must(await served.post(f"{agreement}/change-requests", APPLICANT, body))


async def test_a_tranche_planned_anew_after_a_reversal_stands_in_no_other_tranches_way(served: Served) -> None:
    agreement, body = await a_schedule(served, second=LATER)
    first = must(await served.get(agreement, OFFICER))["tranches"][0]["id"]
    await served.funding.disbursed(first)
    returned = {"reversed_on": "2025-02-04", "bank_reference": "R-1", "reason": "the account is closed"}
    served.on(PAID + timedelta(days=2))
    must(await served.post(f"/tranches/{first}/reversal", OFFICER, returned))
    must(await served.post(f"/tranches/{first}/replacement", OFFICER, {"planned_on": "2025-02-10"}))
    must(await served.post(f"{agreement}/change-requests", APPLICANT, body))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update agreement_change set approved_by = proposed_by, status = 'approved', closed_at = now()", "by_another"),
        ("update agreement_change set approved_by = 'x', status = 'approved', closed_at = now(), proposed_by = 'x'",
         "who proposed"),
        ("update agreement_change set wanted = wanted || '{\"x\": 1}'", "never changed"),
        ("delete from agreement_change", "stays as it is"),
    ],
)  # fmt: skip
async def test_the_database_itself_wants_two_people(served: Served, statement: str, said: str) -> None:
    agreement = await served.funding.signed()
    must(await served.post(f"/agreements/{agreement.id}/termination", OFFICER, {"reason": "by consent"}))
    with pytest.raises(IntegrityError, match=said):
        await served.funding.sql(statement)
