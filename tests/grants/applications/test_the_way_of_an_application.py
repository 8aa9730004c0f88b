"""The way of an application through HTTP, from a draft to the commission's answer."""

from datetime import UTC, datetime, timedelta

from tests.grants.builders import a_content
from tests.grants.desk import EXPERTS, MEMBERS, OFFICER, Desk, a_refusal, must, refused


async def test_an_application_is_returned_once_corrected_examined_and_approved(desk: Desk) -> None:
    id_ = await desk.returned(field="/budget/0/description")
    returned = await desk.application(id_, desk.applicant)
    assert returned["next"]["due_on"] == "2024-11-20"
    assert returned["next"]["calendar"].startswith("kz-")
    corrected = a_content()
    corrected["budget"][0]["description"] = "Two machining centres of five axes"
    must(await desk.put(f"/applications/{id_}/content", desk.applicant, {"content": corrected}))
    answers = {"answers": [{"number": 1, "answer": "Named the machines."}]}
    must(await desk.post(f"/applications/{id_}/correction", desk.applicant, answers))
    must(await desk.post(f"/applications/{id_}/completeness", OFFICER))
    for expert, score in zip(EXPERTS, (7, 8), strict=True):
        must(await desk.post(f"/applications/{id_}/experts", OFFICER, {"expert": expert.subject}))
        await desk.concluded(id_, expert, score)
    assert must(await desk.post(f"/applications/{id_}/examination", OFFICER))["score"] == "75.00"
    decision = must(await desk.voted(id_, {"outcome": "approve", "amount": "95000000.00"}))
    assert (decision["status"], decision["approved_amount"]) == ("approved", "95000000.00")
    whole = await desk.application(id_)
    assert [entry["what"] for entry in whole["history"]] == [
        "drafted", "submitted", "returned", "corrected", "found-complete", "expert-asked", "no-conflict-declared",
        "expert-concluded", "expert-asked", "no-conflict-declared", "expert-concluded", "examined", "motion-to-approve",
        "voted", "voted", "voted", "decided-to-approve",
    ]  # fmt: skip
    assert whole["next"] == {
        "what": "agreement", "by": "officer", "due_on": "2024-11-25", "calendar": returned["next"]["calendar"],
        "overdue": False,
    }  # fmt: skip
    assert whole["remarks"][0]["answer"] == "Named the machines."


async def test_a_first_no_opens_the_hearing_and_the_second_after_it_refuses(desk: Desk) -> None:
    id_ = await desk.in_hearing()
    heard = await desk.application(id_, desk.applicant)
    assert (heard["status"], heard["hearing_until"]) == ("hearing", "2024-11-14")
    refused(await desk.post(f"/applications/{id_}/motion", OFFICER, {"motion": a_refusal()}), "hearing-not-over")
    statement = {"statement": "The bank's letter was in the plan."}
    must(await desk.post(f"/applications/{id_}/hearing-statement", desk.applicant, statement))
    desk.on(datetime(2024, 11, 14, 18, 59, 59, tzinfo=UTC))
    refused(await desk.post(f"/applications/{id_}/motion", OFFICER, {"motion": a_refusal()}), "hearing-not-over")
    desk.on(datetime(2024, 11, 14, 19, 0, tzinfo=UTC))
    decision = must(await desk.voted(id_, a_refusal()))
    assert (decision["status"], decision["ground"]) == ("refused", "compliance-with-the-rules")
    refused_application = await desk.application(id_, desk.applicant)
    assert refused_application["ground_reason"] == a_refusal()["reason"]
    assert refused_application["next"] is None
    assert decision["complaint_until"] == refused_application["complaint_until"] == "2025-02-17"


async def test_after_the_hearing_the_decision_has_its_term_and_a_late_one_is_shown_as_late(desk: Desk) -> None:
    id_ = await desk.in_hearing()

    async def due_by(day: str) -> list[str]:
        found = must(await desk.get("/applications", OFFICER, call_id=desk.call_id, due_until=day))
        return [each["id"] for each in found["items"]]

    heard = (await desk.application(id_))["next"]
    assert (heard["what"], heard["due_on"], heard["overdue"]) == ("hearing", "2024-11-14", False)
    assert (await due_by("2024-11-13"), await due_by("2024-11-14")) == ([], [id_])
    desk.on(datetime(2024, 11, 14, 19, 0, tzinfo=UTC))
    decision = (await desk.application(id_))["next"]
    assert (decision["what"], decision["by"]) == ("decision", "commission")
    assert (decision["due_on"], decision["calendar"], decision["overdue"]) == ("2024-11-21", heard["calendar"], False)
    assert (await due_by("2024-11-20"), await due_by("2024-11-21")) == ([], [id_])
    desk.on(datetime(2024, 11, 21, 19, 0, tzinfo=UTC))
    assert (await desk.application(id_))["next"]["overdue"]
    assert must(await desk.voted(id_, a_refusal()))["status"] == "refused"


async def test_an_approved_application_waits_for_its_offer_until_a_day_that_may_pass(desk: Desk) -> None:
    id_ = await desk.approved()
    desk.on(datetime(2024, 11, 25, 18, 59, 59, tzinfo=UTC))
    assert not (await desk.application(id_))["next"]["overdue"]
    desk.on(datetime(2024, 11, 25, 19, 0, tzinfo=UTC))
    late = await desk.application(id_)
    assert (late["status"], late["next"]["what"], late["next"]["overdue"]) == ("approved", "agreement", True)


async def test_a_commission_that_is_convinced_by_the_hearing_approves(desk: Desk) -> None:
    id_ = await desk.in_hearing()
    decision = must(await desk.voted(id_, {"outcome": "approve", "amount": "50000000.00"}))
    assert decision["status"] == "approved"


async def test_an_application_that_is_not_corrected_in_time_is_annulled_by_the_scheduled_job(desk: Desk) -> None:
    id_ = await desk.returned()
    last_instant = datetime(2024, 11, 20, 18, 59, 59, 999999, tzinfo=UTC)
    await desk.annul_overdue(last_instant)
    assert (await desk.application(id_))["status"] == "returned"
    assert await desk.annul_overdue(last_instant + timedelta(microseconds=1)) >= 1
    annulled = await desk.application(id_, desk.applicant)
    assert (annulled["status"], annulled["ended_because"]) == ("annulled", "not corrected in time")
    assert annulled["history"][-1]["by"] == "grants/jobs"
    assert annulled["history"][-1]["details"]["due_on"] == "2024-11-20"


async def test_a_correction_is_taken_until_the_end_of_its_last_day(desk: Desk) -> None:
    id_ = await desk.returned()
    corrected = {"content": a_content(title="Pumps, second line")}
    must(await desk.put(f"/applications/{id_}/content", desk.applicant, corrected))
    desk.on(datetime(2024, 11, 20, 19, 0, tzinfo=UTC))
    refused(await desk.post(f"/applications/{id_}/correction", desk.applicant, {}), "correction-too-late")
    desk.on(datetime(2024, 11, 20, 18, 59, 59, tzinfo=UTC))
    must(await desk.post(f"/applications/{id_}/correction", desk.applicant, {}))


async def test_a_correction_that_changes_nothing_is_no_correction(desk: Desk) -> None:
    id_ = await desk.returned()
    refused(await desk.post(f"/applications/{id_}/correction", desk.applicant, {}), "nothing-corrected")


async def test_a_second_list_of_remarks_may_not_bring_up_what_could_be_seen_before(desk: Desk) -> None:
    id_ = await desk.returned(field="/title")
    corrected = {"content": a_content(title="Pumps, second line", region="710000000")}
    must(await desk.put(f"/applications/{id_}/content", desk.applicant, corrected))
    must(await desk.post(f"/applications/{id_}/correction", desk.applicant, {}))
    late = {"remarks": [{"field": "/budget/0/amount", "remark": "Too much."}]}
    refused(await desk.post(f"/applications/{id_}/return", OFFICER, late), "remark-too-late", "/remarks/0/field")
    fresh = {"remarks": [{"field": "/region", "remark": "Why there?"}, {"field": "/title", "remark": "Still vague."}]}
    must(await desk.post(f"/applications/{id_}/return", OFFICER, fresh))


async def test_an_agro_industrial_applicant_is_not_accepted_as_outside_this_law(desk: Desk) -> None:
    content = a_content()
    content["declarations"]["agro_industrial"] = True
    id_ = await desk.drafted(declarations=content["declarations"])
    outside = await desk.post(f"/applications/{id_}/submission", desk.applicant)
    problem = refused(outside, "outside-this-law", "/content/declarations/agro_industrial")
    assert "Art. 25(2)" in problem["detail"]
    assert (await desk.application(id_, desk.applicant))["status"] == "draft"


async def test_a_company_has_one_application_to_a_call_at_a_time(desk: Desk) -> None:
    id_ = await desk.drafted()
    again = {"call_id": desk.call_id, "applicant": {"name": "Sample", "number": desk.applicant.bin}}
    refused(await desk.post("/applications", desk.applicant, again), "application-open-already")
    must(await desk.post(f"/applications/{id_}/withdrawal", desk.applicant, {"reason": "Begun anew."}))
    must(await desk.post("/applications", desk.applicant, again))


async def test_an_application_is_submitted_within_the_window_of_its_call_by_local_days(desk: Desk) -> None:
    await desk.open_call(opens_on="2024-11-12", closes_on="2024-11-12")
    id_ = await desk.drafted()
    submission = f"/applications/{id_}/submission"
    desk.on(datetime(2024, 11, 11, 18, 59, 59, tzinfo=UTC))
    refused(await desk.post(submission, desk.applicant), "outside-the-window")
    desk.on(datetime(2024, 11, 12, 19, 0, tzinfo=UTC))
    refused(await desk.post(submission, desk.applicant), "outside-the-window")
    desk.on(datetime(2024, 11, 12, 18, 59, 59, tzinfo=UTC))
    assert must(await desk.post(submission, desk.applicant))["submitted_on"] == "2024-11-12"


async def test_two_officers_at_once_do_not_both_decide(desk: Desk) -> None:
    id_ = await desk.submitted()
    seen = await desk.etag(f"/applications/{id_}")
    must(await desk.post(f"/applications/{id_}/completeness", OFFICER, etag=seen))
    refused(await desk.post(f"/applications/{id_}/completeness", OFFICER, etag=seen), "version-stale")


async def test_the_history_tells_the_applicant_what_was_decided_but_not_who_voted_how(desk: Desk) -> None:
    id_ = await desk.approved()
    votes = [e for e in (await desk.application(id_, desk.applicant))["history"] if e["what"] == "voted"]
    assert [(vote["by"], vote["details"]) for vote in votes] == [(None, {})] * 3
    seen_by_officer = [e["by"] for e in (await desk.application(id_))["history"] if e["what"] == "voted"]
    assert seen_by_officer == [member.subject for member in MEMBERS]
