"""Requests: drafted by their applicant, written line by line, checked, estimated, signed and numbered."""

from typing import Any

from shared.access.callers import Role
from tests.export_support.builders import a_document, a_line
from tests.export_support.desk import ELSEWHERE, OFFICER, Desk, Person, an_applicant, must, refused
from tests.export_support.drafting import a_content, drafted, line_in, signed, unique


async def test_a_draft_is_its_applicants_alone_and_a_signed_request_its_institutes_too(desk: Desk) -> None:
    applicant = an_applicant()
    path = await drafted(desk, applicant)
    await line_in(desk, path, applicant)
    for other in (an_applicant(), OFFICER, ELSEWHERE):
        refused(await desk.get(path, other), "request-not-found")
    assert must(await desk.get(path, applicant))["line_count"] == 1
    must(await desk.post(f"{path}/submission", applicant))
    assert must(await desk.get(path, OFFICER))["status"] == "submitted"
    for other in (an_applicant(), ELSEWHERE):
        refused(await desk.get(path, other), "request-not-found")


async def test_somebody_else_does_not_ask_for_a_company(desk: Desk) -> None:
    body = {"call_id": await desk.open_call(), "applicant": {"name": "Sample", "number": an_applicant().bin}}
    refused(await desk.post("/requests", an_applicant(), body), "applicant-not-caller")
    assert (await desk.post("/requests", OFFICER, body)).status_code == 403


async def test_numbers_follow_the_signatures_without_a_gap(desk: Desk) -> None:
    numbers = [must(await signed(desk, an_applicant()))["number"] for _ in range(3)]
    counted = [int(number.rpartition("-")[2]) for number in numbers]
    assert counted == list(range(counted[0], counted[0] + 3))
    assert all(number.startswith("ER-2025-") for number in numbers)


async def test_what_is_missing_is_named_before_anything_is_signed(desk: Desk) -> None:
    applicant = an_applicant()
    path = await drafted(desk, applicant, content={})
    problem = refused(await desk.post(f"{path}/submission", applicant), "request-incomplete")
    for word in ("applicant_type", "size", "taxes", "declarations", "history", "planned_use", "lines"):
        assert word in problem["detail"]
    declared = a_content()["declarations"] | {"not_reimbursed_elsewhere": False}
    must(await desk.put(f"{path}/content", applicant, {"content": a_content(declarations=declared)}))
    await line_in(desk, path, applicant)
    refused(await desk.post(f"{path}/submission", applicant), "costs-reimbursed-elsewhere")


async def test_a_signed_request_and_its_lines_stay_as_they_were_signed(desk: Desk) -> None:
    applicant = an_applicant()
    path = await drafted(desk, applicant)
    line = await line_in(desk, path, applicant)
    must(await desk.post(f"{path}/submission", applicant))
    refused(await desk.put(f"{path}/content", applicant, {"content": a_content()}), "request-signed")
    refused(await desk.post(f"{path}/lines", applicant, {"cost": a_line()}), "request-signed")
    refused(await desk.put(f"{path}/lines/{line}", applicant, {"cost": a_line()}), "request-signed")
    refused(await desk.send("DELETE", f"{path}/lines/{line}", applicant), "request-signed")
    refused(await desk.post(f"{path}/submission", applicant), "request-signed")


async def test_lines_are_added_written_anew_and_taken_out_on_the_version_of_the_request(desk: Desk) -> None:
    applicant = an_applicant()
    path = await drafted(desk, applicant)
    first, second = await line_in(desk, path, applicant), await line_in(desk, path, applicant)
    stale = await desk.etag(path, applicant)
    must(await desk.put(f"{path}/lines/{first}", applicant, {"cost": a_line("ict-rent", document=unique())}))
    again = await desk.put(f"{path}/lines/{first}", applicant, {"cost": a_line()}, etag=stale)
    refused(again, "version-stale")
    shown = must(await desk.get(f"{path}/lines", applicant, limit=1))
    assert shown["items"][0]["cost"]["category"] == "ict-rent"
    assert (await desk.send("DELETE", f"{path}/lines/{first}", applicant)).status_code == 204
    refused(await desk.get(f"{path}/lines/{first}", applicant), "line-not-found")
    assert [each["id"] for each in must(await desk.get(f"{path}/lines", applicant))["items"]] == [second]
    assert must(await desk.get(path, applicant))["line_count"] == 1


async def test_a_line_with_the_fields_of_another_category_is_refused(desk: Desk) -> None:
    applicant = an_applicant()
    path = await drafted(desk, applicant)
    for cost in (a_line() | {"platform": "Search"}, a_line() | {"category": "goods-gift"}, {"category": "ict-rent"}):
        refused(await desk.post(f"{path}/lines", applicant, {"cost": cost}), "fields-invalid")


async def checked(desk: Desk, path: str, who: Person, language: str = "en") -> list[dict[str, Any]]:
    return list(must(await desk.get(f"{path}/check", who, language=language))["items"])


async def test_the_checker_says_the_same_before_the_signature_and_after_it_in_three_languages(desk: Desk) -> None:
    applicant = an_applicant()
    path = await drafted(desk, applicant)
    await line_in(desk, path, applicant)
    await line_in(desk, path, applicant, country="RU")
    await line_in(desk, path, applicant, currency="GBP")
    before = await checked(desk, path, applicant)
    assert [each["answer"] for each in before] == ["eligible", "not-eligible", "unknown"]
    denied, unrated = before[1]["grounds"][0], before[2]["grounds"][0]
    assert (denied["code"], denied["pointer"]) == ("destination-denied", "/country")
    assert "Annex 28" in denied["item"]
    assert unrated["code"] == "exchange-rate-unknown"
    said = {
        (await checked(desk, path, applicant, language))[1]["grounds"][0]["says"] for language in ("kk", "ru", "en")
    }
    assert len(said) == 3
    must(await desk.post(f"{path}/submission", applicant))
    assert await checked(desk, path, OFFICER) == before


async def test_the_estimate_shows_each_factor_and_is_kept_at_the_signature(desk: Desk) -> None:
    applicant = an_applicant()
    path = await drafted(desk, applicant)
    await line_in(desk, path, applicant)
    found = must(await desk.get(f"{path}/estimate", applicant))
    assert (found["eligible"], found["reimbursed"], found["before_ceiling"]) == (1, "4172800.00", "4172800.00")
    assert found["rules"] == {"rounding": "down-to-the-tiyn", "sharing": "largest-remainder"}
    line = must(await desk.get(f"{path}/estimate/lines", applicant))["items"][0]
    assert (line["cost"], line["percent"], line["reimbursed"]) == ("5216000.00", "80", "4172800.00")
    factors = {factor["name"]: factor for factor in line["factors"]}
    assert factors["exchange-rate"]["value"] == "521.6 KZT / 1"
    assert (factors["level"]["value"], factors["rate"]["value"]) == ("high", "80")
    assert factors["rate"]["source"] is not None
    assert must(await desk.post(f"{path}/submission", applicant))["estimated"] == found["reimbursed"]
    after = must(await desk.get(f"{path}/estimate", OFFICER))
    assert after | {"revision": 0} == found | {"revision": 0}


async def test_the_ceiling_is_the_lesser_of_taxes_and_index_less_what_was_signed_before(desk: Desk) -> None:
    applicant = an_applicant()
    first = must(await signed(desk, applicant, content=a_content(taxes="5000000.00")))
    assert first["estimated"] == "4172800.00"
    path = await drafted(desk, applicant, content=a_content(taxes="5000000.00"))
    await line_in(desk, path, applicant)
    found = must(await desk.get(f"{path}/estimate", applicant))
    assert found["ceiling"] | {"mci": "", "mci_count": ""} == {
        "taxes": "5000000.00", "limit": "294900000.00", "already": "4172800.00", "left": "827200.00", "mci": "",
        "mci_count": "",
    }  # fmt: skip
    assert found["reimbursed"] == "827200.00"
    assert found["before_ceiling"] == "4172800.00"


async def test_a_corrected_exchange_rate_recalculates_a_draft(desk: Desk) -> None:
    applicant = an_applicant()
    path = await drafted(desk, applicant)
    await line_in(desk, path, applicant, currency="SEK", paid_on="2025-02-10")
    for rate, wanted in (("50", "400000.00"), ("60", "480000.00")):
        csv = f"currency,effective_from,effective_to,rate,units,source\nSEK,2025-02-10,2025-02-10,{rate},1,a test\n"
        must(await desk.post("/list-imports", OFFICER, {"list_name": "exchange-rates", "csv": csv}))
        assert must(await desk.get(f"{path}/estimate", applicant))["reimbursed"] == wanted


async def test_an_officer_who_also_applies_does_not_see_others_drafts(desk: Desk) -> None:
    applicant = an_applicant()
    path = await drafted(desk, applicant)
    both = Person("both", (Role.OFFICER, Role.APPLICANT), "export", an_applicant().bin)
    refused(await desk.get(path, both), "request-not-found")
    assert a_document()["total"] == "10000.00"
