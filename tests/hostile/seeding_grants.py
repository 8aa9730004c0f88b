"""Chapters: money and calls, applications in every status, agreements and their payments."""

from tests.hostile.cast import (
    APPROVER,
    COMMISSION,
    COMPANIES,
    EXPERTS,
    OFFICER,
    SECOND_OFFICER,
    Seeded,
)
from tirek_local.stories.acts import agreements, applications, funds
from tirek_local.stories.people import Person
from tirek_local.stories.rest import Json
from tirek_local.stories.stage import Stage

FUND_REFERENCE = "IN-2024-1"
DOCUMENTS = [applications.document("application-form", "form"), applications.document("business-plan", "plan")]
CONTENT = applications.content(grant="100000000.00", cost="200000000.00", own="100000000.00", documents=DOCUMENTS)
CALL = {"description": "For makers of pumps.", "budget": "500000000.00", "opens_on": "2024-11-01"}


def accounts_and_calls(stage: Stage, seeded: Seeded) -> None:
    """An account with money; a call that is open and one that is planned."""
    stage.on("2024-11-01")
    seeded.account = stage.grants.post(OFFICER, "/v1/accounts", {"bank": funds.BANK, "iban": funds.IBAN})["id"]
    allocation = {
        "amount": "900000000.00", "allocated_on": "2024-11-01", "bank_reference": FUND_REFERENCE, "act": "Order 1"
    }  # fmt: skip
    stage.grants.post(OFFICER, f"/v1/accounts/{seeded.account}/allocations", allocation)
    seeded.call = funds.open_call(stage, OFFICER, "Pumps", "800000000.00", "2024-11-01", "2025-12-31")["id"]
    planned = stage.grants.post(OFFICER, "/v1/calls", {**CALL, "title": "Valves", "closes_on": "2025-12-31"})
    path = f"/v1/calls/{planned['id']}"
    body = {**CALL, "title": "Valves and taps", "closes_on": "2025-11-30"}
    response = stage.grants.send(
        OFFICER,
        "PUT",
        path,
        body=body,
        headers={"If-Match": f'"{planned.get("version", 1)}"', "Idempotency-Key": "put"},
    )
    assert response.is_success, response.text


def applications_of_every_kind(stage: Stage, seeded: Seeded) -> None:
    """A draft, one submitted, one withdrawn, one in hearing, three approved, of which one went the longest way."""
    stage.on("2024-11-11")
    _drafted(stage, seeded, COMPANIES[6])
    applications.submit(stage, COMPANIES[5], _drafted(stage, seeded, COMPANIES[5]))
    withdrawn = _drafted(stage, seeded, COMPANIES[4])
    path = f"/v1/applications/{withdrawn}"
    stage.grants.post(COMPANIES[4], f"{path}/withdrawal", {"reason": "Begun anew."}, resting_on=path)
    seeded.application = _the_long_way(stage, seeded)
    seeded.approved = [seeded.application, *(_approved(stage, seeded, who) for who in COMPANIES[1:3])]
    _in_hearing(stage, seeded, COMPANIES[3])


def _drafted(stage: Stage, seeded: Seeded, who: Person) -> str:
    return str(applications.draft(stage, who, seeded.call, CONTENT)["id"])


def _the_long_way(stage: Stage, seeded: Seeded) -> str:
    applicant = COMPANIES[0]
    id_ = _drafted(stage, seeded, applicant)
    path = f"/v1/applications/{id_}"
    applications.submit(stage, applicant, id_)
    applications.send_back(stage, OFFICER, id_, [("/title", "Say it more clearly.")])
    applications.correct(stage, applicant, id_, CONTENT | {"title": "A second line for pumps"}, ["Said."])
    applications.complete(stage, OFFICER, id_)
    stage.grants.post(OFFICER, f"{path}/experts", {"expert": EXPERTS[2].subject})
    (asked,) = stage.grants.items(OFFICER, f"{path}/conclusions")
    seeded.conclusion = asked["id"]
    there = f"/v1/conclusions/{seeded.conclusion}"
    stage.grants.post(OFFICER, f"{there}/discharge", {"reason": "Away until spring."}, resting_on=there)
    applications.examine(stage, OFFICER, EXPERTS[:2], id_, [8, 7])
    motion = {"motion": {"outcome": "approve", "amount": "80000000.00"}}
    stage.grants.post(OFFICER, f"{path}/motion", motion, resting_on=path)
    stage.grants.post(OFFICER, f"{path}/motion/dropping", {"reason": "Another amount."}, resting_on=path)
    applications.decide(stage, OFFICER, COMMISSION, id_, "100000000.00")
    return id_


def _examined(stage: Stage, seeded: Seeded, who: Person) -> str:
    id_ = _drafted(stage, seeded, who)
    applications.submit(stage, who, id_)
    applications.complete(stage, OFFICER, id_)
    applications.examine(stage, OFFICER, EXPERTS[:2], id_, [8, 7])
    return id_


def _approved(stage: Stage, seeded: Seeded, who: Person) -> str:
    id_ = _examined(stage, seeded, who)
    applications.decide(stage, OFFICER, COMMISSION, id_, "100000000.00")
    return id_


def _in_hearing(stage: Stage, seeded: Seeded, who: Person) -> None:
    id_ = _examined(stage, seeded, who)
    path = f"/v1/applications/{id_}"
    motion = {
        "outcome": "refuse",
        "ground": "compliance-with-the-rules",
        "reason": "Not shown.",
        "requirement": "Item 12",
    }
    stage.grants.post(OFFICER, f"{path}/motion", {"motion": motion}, resting_on=path)
    for member in COMMISSION:
        stage.grants.post(member, f"{path}/votes", {"choice": "for"}, resting_on=path)
    stage.grants.post(OFFICER, f"{path}/decision", {"minutes": "Minutes."}, resting_on=path)
    stage.grants.post(who, f"{path}/hearing-statement", {"statement": "It was in the plan."}, resting_on=path)


def agreements_and_payments(stage: Stage, seeded: Seeded) -> None:
    """One agreement signed and paid, one amended, one offered; a payment that was reversed, replaced and cancelled."""
    stage.on("2024-12-04")
    parts = [("60000000.00", "2025-02-03"), ("40000000.00", "2025-03-03")]
    offers = [_offer(stage, application, parts) for application in seeded.approved]
    seeded.agreement, seeded.other_agreement = offers[0]["id"], offers[1]["id"]
    stage.on("2024-12-10")
    for company, agreement in zip(COMPANIES, (seeded.agreement, seeded.other_agreement), strict=False):
        agreements.sign(stage, company, agreement)
    _amend(stage, seeded)
    seeded.tranches = [part["tranche_id"] for part in offers[0]["terms"]["planned"]]
    first, second = seeded.tranches
    stage.on("2025-02-03")
    agreements.pay(stage, COMPANIES[0], OFFICER, APPROVER, first, "OUT-1")
    stage.on("2025-03-03")
    agreements.pay(stage, COMPANIES[0], OFFICER, APPROVER, second, "OUT-2")
    agreements.reverse(stage, OFFICER, second, "BACK-2")
    path = f"/v1/tranches/{second}"
    replaced = stage.grants.post(OFFICER, f"{path}/replacement", {"planned_on": "2025-04-01"}, resting_on=path)
    agreements.cancel(stage, SECOND_OFFICER, replaced["id"], "not needed any more")
    stage.on("2026-01-05")
    path = f"/v1/accounts/{seeded.account}"
    stage.grants.post(OFFICER, f"{path}/year-closing", resting_on=path)


def _offer(stage: Stage, application: str, parts: list[tuple[str, str]]) -> Json:
    goals = [agreements.productivity(), agreements.export_revenue()]
    return agreements.offer(stage, OFFICER, application, goals, parts, [2025])


def _amend(stage: Stage, seeded: Seeded) -> None:
    path = f"/v1/agreements/{seeded.other_agreement}"
    goals = [agreements.productivity(target="12000"), agreements.export_revenue()]
    body = {"obligations": goals, "rule_set": "default", "reason": "Addendum 1"}
    proposed = agreements.propose_change(stage, OFFICER, seeded.other_agreement, "addenda", body)
    agreements.approve_change(stage, APPROVER, proposed["id"])
    _ask_for_changes(stage, COMPANIES[1], path)


def _ask_for_changes(stage: Stage, company: Person, path: str) -> None:
    """One request is withdrawn, one refused, one approved."""
    tranche = stage.grants.get(company, path)["tranches"][1]["id"]
    for number, day in enumerate(("2025-03-04", "2025-03-05", "2025-03-06")):
        wanted = {"kind": "schedule", "tranches": [{"tranche_id": tranche, "planned_on": day}]}
        body = {"change": wanted, "reason": "The supplier is late."}
        change = stage.grants.post(company, f"{path}/change-requests", body, resting_on=path)["id"]
        if number == 0:
            stage.grants.post(company, f"/v1/changes/{change}/withdrawal", resting_on=f"/v1/changes/{change}")
            continue
        stage.grants.post(OFFICER, f"/v1/changes/{change}/proposal", resting_on=f"/v1/changes/{change}")
        if number == 1:
            reason = {"reason": "The next day is better."}
            stage.grants.post(OFFICER, f"/v1/changes/{change}/refusal", reason, resting_on=f"/v1/changes/{change}")
        else:
            agreements.approve_change(stage, APPROVER, change)
