"""Acts about an application: from a draft to the commission's answer."""

import hashlib
from collections.abc import Sequence
from typing import Any

from tirek_local.stories.people import Person
from tirek_local.stories.stage import Stage

Json = Any

NAME = "Sample producer 1 (made-up company)"


def document(kind: str, name: str) -> Json:
    """A document: its kind and name; content and hash are made up."""
    return {"kind": kind, "name": name, "sha256": hashlib.sha256(name.encode()).hexdigest(), "size": 48_213}


def content(*, grant: str, cost: str, own: str, documents: Sequence[Json]) -> Json:
    """What an application says: a line of pumps, `grant` of `cost` tenge from the state, `own` the rest."""
    return {
        "title": "A line for centrifugal pumps",
        "description": "Equipment and commissioning of a line for centrifugal pumps; made up for the demonstration.",
        "region": "191010000",
        "oked": "28131",
        "fea_cn": "8413702100",
        "requested_amount": grant,
        "project_cost": cost,
        "budget": [
            {"item": "equipment", "description": "Machining centres", "amount": grant, "from_grant": grant},
            {"item": "installation", "description": "Building and commissioning", "amount": own, "from_grant": "0.00"},
        ],
        "documents": list(documents),
        "declarations": {
            "counter_obligations_accepted": True,
            "agro_industrial": False,
            "small_or_medium": True,
            "active_since": "2016-01-15",
            "only_priority_goods": True,
            "excluded_by_rules": False,
            "affiliated_with_supplier": False,
            "qualified_staff": True,
            "debt": "0.00",
            "debt_deferred": False,
        },
    }


def draft(stage: Stage, applicant: Person, call_id: str, written: Json, name: str = NAME) -> Json:
    """Begin an application."""
    body = {"call_id": call_id, "applicant": {"name": name, "number": applicant.bin}, "content": written}
    return stage.grants.post(applicant, "/v1/applications", body)


def submit(stage: Stage, applicant: Person, application_id: str) -> Json:
    """Hand the draft in."""
    path = f"/v1/applications/{application_id}"
    return stage.grants.post(applicant, f"{path}/submission", resting_on=path)


def conditions(stage: Stage, who: Person, application_id: str) -> dict[str, Json]:
    """The four conditions of Art. 25(5), each with its answer, by their number."""
    found = stage.grants.get(who, f"/v1/applications/{application_id}/eligibility")["conditions"]
    return {each["condition"]: each for each in found}


def send_back(stage: Stage, officer: Person, application_id: str, remarks: Sequence[tuple[str, str]]) -> Json:
    """Return the application with one list of remarks: field and what is wrong with it."""
    path = f"/v1/applications/{application_id}"
    body = {"remarks": [{"field": field, "remark": remark} for field, remark in remarks]}
    return stage.grants.post(officer, f"{path}/return", body, resting_on=path)


def correct(stage: Stage, applicant: Person, application_id: str, written: Json, answers: Sequence[str]) -> Json:
    """Write the content anew and send it in with answers to the remarks."""
    path = f"/v1/applications/{application_id}"
    stage.grants.put(applicant, f"{path}/content", {"content": written}, resting_on=path)
    body = {"answers": [{"number": number, "answer": answer} for number, answer in enumerate(answers, start=1)]}
    return stage.grants.post(applicant, f"{path}/correction", body, resting_on=path)


def complete(stage: Stage, officer: Person, application_id: str) -> Json:
    """Find the application complete."""
    path = f"/v1/applications/{application_id}"
    return stage.grants.post(officer, f"{path}/completeness", resting_on=path)


def examine(
    stage: Stage, officer: Person, experts: Sequence[Person], application_id: str, scores: Sequence[int]
) -> Json:
    """Ask the experts; each declares no conflict and scores every criterion alike; close the examination."""
    path = f"/v1/applications/{application_id}"
    criteria = stage.grants.items(officer, f"{path}/criteria")
    asked = [stage.grants.post(officer, f"{path}/experts", {"expert": expert.subject})["id"] for expert in experts]
    for expert, score, id_ in zip(experts, scores, asked, strict=True):
        own = f"/v1/conclusions/{id_}"
        stage.grants.post(expert, f"{path}/conflict-declaration", {"conflict": False}, resting_on=own)
        conclusion = {
            "scores": [
                {"criterion": each["key"], "score": score, "reason": f"{each['name']}: as the business plan shows"}
                for each in criteria
            ],
            "recommendation": "approve",
            "summary": "The project is sound and well prepared.",
        }
        stage.grants.post(expert, f"{path}/conclusion", conclusion, resting_on=own)
    return stage.grants.post(officer, f"{path}/examination", resting_on=path)


def decide(stage: Stage, officer: Person, members: Sequence[Person], application_id: str, amount: str) -> Json:
    """Put the amount to the vote, let all members vote for it, and close the vote with its minutes."""
    path = f"/v1/applications/{application_id}"
    motion = {"motion": {"outcome": "approve", "amount": amount}}
    stage.grants.post(officer, f"{path}/motion", motion, resting_on=path)
    for member in members:
        stage.grants.post(member, f"{path}/votes", {"choice": "for"}, resting_on=path)
    minutes = {"minutes": "Minutes of the sitting of the commission (made up)."}
    return stage.grants.post(officer, f"{path}/decision", minutes, resting_on=path)
