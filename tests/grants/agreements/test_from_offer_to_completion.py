"""An agreement through HTTP: from the offer to its completion, who sees what, and what fails closed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from grants.holds.known import on_obligation_evaluated, on_obligation_opened
from grants.holds.reactions import on_obligation_breached, on_obligation_closed
from grants.reports.commands import ask_for_closing_report
from shared.contracts.obligations import BreachReason, ObligationBreached, ObligationFulfilled, ObligationOpened
from shared.contracts.support import Direction, Measure
from shared.identity import new_id
from tests.grants.desk import Person, must, refused
from tests.grants.facts import document
from tests.grants.funding import PAID, REPORTED
from tests.grants.served import ANOTHER, APPLICANT, APPROVER, AUDITOR, OFFICER, SERVICE, STRANGER, Served

OBLIGATION = new_id()


def an_offer(application_id: UUID, *amounts: str, **facts: Any) -> dict[str, Any]:
    obligation = {
        "indicator": "export-revenue", "direction": "export-oriented-output", "mode": "level", "target": "1000",
        "unit": "thousand USD", "weight": "1",
    }  # fmt: skip
    planned = [{"amount": amount, "planned_on": f"2025-0{2 + n}-03"} for n, amount in enumerate(amounts)]
    return {
        "application_id": str(application_id), "obligations": [obligation], "tranches": planned,
        "reporting_years": [2025], "rule_set": "default", **facts,
    }  # fmt: skip


async def offered(served: Served, *amounts: str) -> dict[str, Any]:
    application_id = await served.funding.approved_application(sum(map(Decimal, amounts), Decimal(0)))
    found: dict[str, Any] = must(await served.post("/agreements", OFFICER, an_offer(application_id, *amounts)))
    return found


async def signed(served: Served, *amounts: str) -> dict[str, Any]:
    agreement = await offered(served, *amounts)
    must(await served.post(f"/agreements/{agreement['id']}/signature", APPLICANT))
    return dict(must(await served.get(f"/agreements/{agreement['id']}", OFFICER)))


async def approved(served: Served, tranche_id: str) -> None:
    documents = {"documents": [document().model_dump()]}
    must(await served.post(f"/tranches/{tranche_id}/request", APPLICANT, documents))
    must(await served.post(f"/tranches/{tranche_id}/proposal", OFFICER))
    content = {"content": must(await served.get(f"/tranches/{tranche_id}", APPROVER))["content"]}
    must(await served.post(f"/tranches/{tranche_id}/approval", APPROVER, content))


def breach(agreement: dict[str, Any]) -> ObligationBreached:
    return ObligationBreached(
        occurred_at=PAID, obligation_id=OBLIGATION, agreement_id=agreement["id"], measure=Measure.INDUSTRIAL_GRANT,
        recipient_id=agreement["recipient_id"], reporting_year=2025, fulfilment=Decimal("0.70"),
        reason=BreachReason.SHORTFALL, provisional=False,
    )  # fmt: skip


async def test_an_agreement_goes_its_whole_way(served: Served) -> None:
    agreement = await signed(served, "60.00", "40.00")
    first, second = (tranche["id"] for tranche in agreement["tranches"])
    assert [due["what"] for due in agreement["due_next"]] == ["request-tranche", "request-tranche", "report-on-plan"]
    served.on(PAID)
    await approved(served, first)
    paid = must(await served.pay(first))
    assert (paid["status"], paid["disbursed_on"], served.asked) == ("disbursed", "2025-02-03", 1)

    await served.funding.tell(on_obligation_breached, breach(agreement), OBLIGATION)
    refused(await served.pay(second, "P-2"), "tranche-not-approved")
    with pytest.raises(AssertionError, match="agreement-on-hold"):
        await approved(served, second)
    assert [each["id"] for each in must(await served.get("/agreements", OFFICER, held="true"))["items"]] == [
        agreement["id"]
    ]
    fulfilled = ObligationFulfilled(
        **breach(agreement).model_dump(include={"obligation_id", "agreement_id", "measure", "recipient_id"}),
        occurred_at=PAID + timedelta(days=1), reporting_year=2025, fulfilment=Decimal(1),
    )  # fmt: skip
    await served.funding.tell(on_obligation_closed, fulfilled, OBLIGATION)
    opened = ObligationOpened(
        **fulfilled.model_dump(exclude={"fulfilment"}), occurred_at=PAID, indicator="export-revenue",
        direction=Direction.EXPORT, due_on=PAID.date(),
    )  # fmt: skip
    await served.funding.tell(on_obligation_opened, opened, OBLIGATION)
    await served.funding.tell(on_obligation_evaluated, fulfilled, OBLIGATION)

    path = f"/agreements/{agreement['id']}"
    problem = refused(await served.post(f"{path}/completion", OFFICER), "agreement-unsettled")
    assert "1 tranches, 0 causes" in problem["detail"]
    must(await served.post(f"/tranches/{second}/cancellation", OFFICER, {"reason": "not needed"}))
    problem = refused(await served.post(f"{path}/completion", OFFICER), "agreement-unsettled")
    assert "2 reports" in problem["detail"]
    served.on(REPORTED)
    await reported(served, agreement)
    assert must(await served.post(f"{path}/completion", OFFICER))["status"] == "completed"

    whole = must(await served.get(path, AUDITOR))
    assert (whole["on_hold"], whole["due_next"]) == (False, [])
    assert whole["money"] == {"committed": "0.00", "disbursed": "60.00", "returned": "0.00"}
    assert [cause["is_open"] for cause in whole["holds"]] == [False]
    assert whole["obligations_known"][0]["status"] == "fulfilled"
    told = [(each["type"].split(".")[1], each["actor"]) for each in reversed(whole["history"])]
    assert told == [
        ("agreement-offered", "officer-1"), ("agreement-signed", "applicant-1"), ("tranche-requested", "applicant-1"),
        ("tranche-approved", "approver-1"), ("tranche-disbursed", "officer-1"), ("agreement-held", None),
        ("tranche-requested", "applicant-1"), ("agreement-released", None), ("tranche-cancelled", "officer-1"),
        ("agreement-completed", "officer-1"),
    ]  # fmt: skip


async def reported(served: Served, agreement: dict[str, Any]) -> None:
    """The plan report is returned once and accepted, the closing report is asked for by a job and accepted."""
    assert [(each["kind"], each["status"]) for each in agreement["reports"]] == [("plan", "awaited")]
    plan = f"/reports/{agreement['reports'][0]['id']}"
    spent = {"summary": "The line is built.", "spent": [{"item": "equipment", "amount": "60.00"}]}
    must(await served.post(f"{plan}/submission", APPLICANT, {"content": spent}))
    remarks = {"remarks": [{"field": "/spent/0/amount", "remark": "Say it without tax."}]}
    must(await served.post(f"{plan}/return", OFFICER, remarks))
    spent["spent"] = [{"item": "equipment", "amount": "53.57"}]
    answers = [{"number": 1, "answer": "Without tax now."}]
    must(await served.post(f"{plan}/submission", APPLICANT, {"content": spent, "answers": answers}))
    assert must(await served.post(f"{plan}/acceptance", OFFICER))["status"] == "accepted"
    async with served.funding.work(REPORTED, "grants/jobs") as session:
        assert await ask_for_closing_report(session, REPORTED)
    (closing,) = must(await served.get("/reports", APPLICANT, kind="closing"))["items"]
    must(await served.post(f"/reports/{closing['id']}/submission", APPLICANT, {"content": {"summary": "Done."}}))
    must(await served.post(f"/reports/{closing['id']}/acceptance", OFFICER))


async def test_the_history_comes_in_pages(served: Served) -> None:
    agreement = await signed(served, "10.00")
    path = f"/agreements/{agreement['id']}/history"
    first = must(await served.get(path, APPLICANT, limit=1))
    second = must(await served.get(path, APPLICANT, limit=1, cursor=first["next_cursor"]))
    types = [page["items"][0]["type"] for page in (first, second)]
    assert types == ["support.agreement-signed.v1", "grants.agreement-offered.v1"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("says", "named"),
    [
        ({"settled": False}, "behind"),
        ({"open_causes": [{"cause_id": str(OBLIGATION), "cause": "breach"}]}, "open causes"),
        ({"due_not_evaluated": 1}, "due and not evaluated"),
        ({"unsent": 1}, "unsent"),
        ({"unsent": None}, "unreadable"),
    ],
)
async def test_a_payment_that_is_not_cleared_is_refused_with_a_time_to_come_back(
    served: Served, says: dict[str, Any], named: str
) -> None:
    tranche = (await signed(served, "10.00"))["tranches"][0]["id"]
    served.on(PAID)
    await approved(served, tranche)
    served.says = says
    response = await served.pay(tranche, key="one and the same")
    assert named in refused(response, "disbursement-not-cleared")["detail"]
    assert (response.status_code, response.headers["retry-after"]) == (409, "5")
    served.says = {}
    assert must(await served.pay(tranche, key="one and the same"))["status"] == "disbursed"


async def test_a_payment_made_is_answered_again_even_when_obligations_is_silent(served: Served) -> None:
    tranche = (await signed(served, "10.00"))["tranches"][0]["id"]
    served.on(PAID)
    await approved(served, tranche)
    first = await served.pay(tranche, key="one and the same")
    served.says = {"unsent": 3}
    again = await served.pay(tranche, key="one and the same")
    assert (again.status_code, again.content) == (200, first.content)
    assert refused(await served.pay(tranche), "payment-already-recorded")["status"] == 409


async def test_a_breach_that_reaches_us_between_answer_and_payment_stops_it(served: Served) -> None:
    agreement = await signed(served, "10.00")
    tranche = agreement["tranches"][0]["id"]
    served.on(PAID)
    await approved(served, tranche)
    answers = served.reply

    async def breached_meanwhile(line: str) -> bytes:
        answer = await answers(line)
        await served.funding.tell(on_obligation_breached, breach(agreement), OBLIGATION)
        return answer

    from tests.grants.clearance import loopback

    async with loopback.obligations(breached_meanwhile) as (line, _):
        served.app.state.obligations = line
        refused(await served.pay(tranche), "agreement-on-hold")
    assert (await served.funding.standing()).disbursed == 0


async def test_a_breach_after_the_answer_leaves_the_payment_and_holds_from_then_on(served: Served) -> None:
    agreement = await signed(served, "10.00", "20.00")
    first, second = (tranche["id"] for tranche in agreement["tranches"])
    served.on(PAID)
    await approved(served, first)
    await approved(served, second)
    must(await served.pay(first))
    happened_before = breach(agreement).model_copy(update={"occurred_at": PAID - timedelta(seconds=1)})
    await served.funding.tell(on_obligation_breached, happened_before, OBLIGATION, PAID + timedelta(seconds=1))
    refused(await served.pay(second, "P-2"), "agreement-on-hold")
    whole = must(await served.get(f"/agreements/{agreement['id']}", OFFICER))
    assert [tranche["status"] for tranche in whole["tranches"]] == ["disbursed", "approved"]
    cause = whole["holds"][0]
    assert cause["since"] < cause["held_at"]


READS = ("", "/history")


@pytest.mark.parametrize("who", [STRANGER, ANOTHER], ids=["another institute", "another company"])
async def test_what_is_not_ones_own_does_not_exist(served: Served, who: Person) -> None:
    agreement = await signed(served, "10.00")
    tranche = agreement["tranches"][0]["id"]
    for read in READS:
        refused(await served.get(f"/agreements/{agreement['id']}{read}", who), "agreement-not-found")
    refused(await served.get(f"/tranches/{tranche}", who), "tranche-not-found")
    for path in ("/agreements", "/tranches"):
        assert must(await served.get(path, who))["items"] == []


async def test_a_stranger_cannot_act_on_what_it_cannot_see(served: Served) -> None:
    agreement = await offered(served, "10.00")
    refused(await served.post(f"/agreements/{agreement['id']}/signature", ANOTHER), "agreement-not-found")
    signing = must(await served.post(f"/agreements/{agreement['id']}/signature", APPLICANT))
    tranche = signing["terms"]["planned"][0]["tranche_id"]
    documents = {"documents": [document().model_dump()]}
    refused(await served.post(f"/tranches/{tranche}/request", ANOTHER, documents), "tranche-not-found")
    for verb, body in (("proposal", None), ("cancellation", {"reason": "x"})):
        refused(await served.post(f"/tranches/{tranche}/{verb}", STRANGER, body), "tranche-not-found")
    for verb in ("completion", "termination"):
        body = {"reason": "x"} if verb == "termination" else None
        refused(await served.post(f"/agreements/{agreement['id']}/{verb}", STRANGER, body), "agreement-not-found")
    account = must(await served.get("/accounts", OFFICER))["items"][0]["id"]
    refused(await served.get(f"/accounts/{account}", STRANGER), "account-not-found")


async def test_another_service_asks_how_far_our_events_have_come(served: Served) -> None:
    agreement = await signed(served, "10.00")
    path = f"/agreements/{agreement['id']}/positions"
    found = must(await served.get(path, SERVICE))
    assert found["positions"] == [{"aggregate_id": agreement["id"], "sequence": 2}]
    refused(await served.get(path, OFFICER), "role-not-allowed")
    refused(await served.get(f"/agreements/{new_id()}/positions", SERVICE), "agreement-not-found")


async def test_a_decision_that_rests_on_another_version_is_refused(served: Served) -> None:
    agreement = await signed(served, "10.00")
    body = {"reason": "by consent"}
    path = f"/agreements/{agreement['id']}/termination"
    assert (await served.post(path, OFFICER, body, etag='"1"')).status_code == 412
    assert (await served.client.post(f"/v1{path}", headers=served.headers(OFFICER), json=body)).status_code == 428


async def test_an_amount_is_never_taken_from_who_offers(served: Served) -> None:
    application_id = await served.funding.approved_application(Decimal("10.00"))
    body = an_offer(application_id, "10.00", amount="1000.00")
    response = await served.post("/agreements", OFFICER, body)
    assert refused(response, "fields-invalid")["errors"][0]["pointer"] == "/amount"
