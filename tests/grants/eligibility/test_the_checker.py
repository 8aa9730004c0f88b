"""The checker over HTTP: the application of 2024-11 and its twin of 2025-11, before and after submission."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.grants.desk import OFFICER, Desk, a_refusal, an_applicant, must, refused

NOVEMBER_2025 = datetime(2025, 11, 11, 5, 0, tzinfo=UTC)
IN_THE_REGISTER = "160140000014"
REMOVED_LATER = "170740000078"


async def conditions(desk: Desk, id_: str, language: str = "en") -> dict[str, Any]:
    path = f"/v1/applications/{id_}/eligibility"
    headers = desk.headers(desk.applicant, **{"Accept-Language": language})
    found = must(await desk.client.get(path, headers=headers))
    return {each["condition"]: each for each in found["conditions"]}


async def test_an_application_of_november_2024_shows_the_fourth_as_not_yet_in_force(desk: Desk) -> None:
    id_ = await desk.drafted()
    before = await conditions(desk, id_)
    assert {name: found["answer"] for name, found in before.items()} == {
        "priority-goods": "met",
        "counter-obligations": "met",
        "compliance-with-the-rules": "unknown",
        "register-of-producers": "not-yet-in-force",
    }
    fourth = before["register-of-producers"]
    assert "51-1" in fourth["article"]
    assert fourth["assumed"]
    assert "taken as published on 20.05.2025 (assumed)" in fourth["evidence"][0]["source"]
    must(await desk.post(f"/applications/{id_}/submission", desk.applicant))
    assert await conditions(desk, id_) == before


async def test_its_twin_of_november_2025_shows_the_fourth_by_the_register(desk: Desk) -> None:
    desk.on(NOVEMBER_2025)
    registered = replace(desk, applicant=an_applicant(IN_THE_REGISTER))
    found = await conditions(registered, await registered.drafted())
    assert {each["answer"] for each in found.values()} == {"met"}
    other = replace(desk, applicant=an_applicant())
    found = await conditions(other, await other.drafted())
    assert found["register-of-producers"]["answer"] == "not-met"
    assert found["compliance-with-the-rules"]["answer"] == "not-met"


async def test_conditions_stay_those_of_the_day_of_submission(desk: Desk) -> None:
    id_ = await desk.submitted()
    desk.on(NOVEMBER_2025)
    assert (await conditions(desk, id_))["register-of-producers"]["answer"] == "not-yet-in-force"


async def test_a_producer_removed_after_submission_no_longer_meets_the_fourth(desk: Desk) -> None:
    desk.on(NOVEMBER_2025)
    removed = replace(desk, applicant=an_applicant(REMOVED_LATER))
    id_ = await removed.before_commission()
    assert (await conditions(removed, id_))["register-of-producers"]["answer"] == "met"
    desk.on(datetime(2026, 4, 1, 5, 0, tzinfo=UTC))
    assert (await conditions(removed, id_))["register-of-producers"]["answer"] == "not-met"
    motion = {"motion": {"outcome": "approve", "amount": "1.00"}}
    refused(await desk.post(f"/applications/{id_}/motion", OFFICER, motion), "condition-not-met")


async def test_unknown_and_not_yet_in_force_are_no_grounds_of_refusal(desk: Desk) -> None:
    id_ = await desk.before_commission()
    for ground in ("priority-goods", "counter-obligations", "register-of-producers"):
        motion = {"motion": a_refusal(ground=ground)}
        refused(await desk.post(f"/applications/{id_}/motion", OFFICER, motion), "ground-not-established")
    motion = {"motion": a_refusal(requirement=None)}
    refused(await desk.post(f"/applications/{id_}/motion", OFFICER, motion), "requirement-missing")


async def test_the_reasons_come_in_the_callers_language(desk: Desk) -> None:
    id_ = await desk.drafted()
    assert (await conditions(desk, id_, "ru"))["counter-obligations"]["reason"] == (
        "Заявитель принимает встречные обязательства."
    )
    assert "басым тауарлар" in (await conditions(desk, id_, "kk"))["priority-goods"]["reason"]


async def test_the_register_shows_no_number_as_evidence(desk: Desk) -> None:
    desk.on(NOVEMBER_2025)
    registered = replace(desk, applicant=an_applicant("180340000035"))
    found = await conditions(registered, await registered.drafted())
    entry = found["register-of-producers"]["evidence"][-1]
    assert (entry["list"], entry["key"]) == ("producers", None)
