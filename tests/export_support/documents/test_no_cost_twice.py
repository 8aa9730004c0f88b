"""No cost twice: across applicants and institutes, whatever the spelling, in whole or in parts, at one moment too."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.access.callers import Role
from tests.export_support.desk import OFFICER, PLAN, Desk, Person, an_applicant, must, refused
from tests.export_support.drafting import drafted, line_in, signed, unique


async def test_a_document_is_asked_for_once_whatever_the_spelling(desk: Desk) -> None:
    document = unique(supplier="ТОО «СЕВЕР-ТРАНС»")
    first = must(await signed(desk, an_applicant(), document=document))
    again = document | {"supplier": "too cebep – tpahc", "number": f"№ {document['number'].replace('-', ' — ')}"}
    problem = refused(await signed(desk, an_applicant(), document=again), "document-held")
    assert first["number"] in problem["detail"]


async def test_another_institute_is_told_only_that_somebody_holds_it(desk: Desk) -> None:
    document = unique()
    first = must(await signed(desk, an_applicant(), document=document))
    officer = Person("officer-of-another", (Role.OFFICER,), "regional")
    planned = must(await desk.post("/calls", officer, PLAN))
    etag = {"etag": '"1"'}
    must(await desk.post(f"/calls/{planned['id']}/opening", officer, **etag))
    answer = await signed(desk, an_applicant(), call_id=planned["id"], document=document)
    problem = refused(answer, "document-held-elsewhere")
    assert first["number"] not in answer.text
    assert "another holds the rest" in problem["detail"]


async def test_the_lines_of_a_document_are_asked_for_separately_up_to_its_total(desk: Desk) -> None:
    document = unique(total="10000.00")
    must(await signed(desk, an_applicant(), document=document, amount="6000.00"))
    must(await signed(desk, an_applicant(), document=document, amount="4000.00"))
    refused(await signed(desk, an_applicant(), document=document, amount="0.01"), "document-held")


async def test_the_lines_of_one_request_ask_for_no_more_than_the_document(desk: Desk) -> None:
    applicant, document = an_applicant(), unique(total="10000.00")
    path = await drafted(desk, applicant)
    for amount in ("6000.00", "4000.01"):
        await line_in(desk, path, applicant, document=document, amount=amount)
    grounds = must(await desk.get(f"{path}/check", applicant))["items"][0]["grounds"]
    assert [ground["code"] for ground in grounds] == ["document-spent"]
    refused(await desk.post(f"{path}/submission", applicant), "document-exceeded")


async def test_a_document_is_not_stated_in_two_ways(desk: Desk) -> None:
    document = unique(total="10000.00")
    must(await signed(desk, an_applicant(), document=document, amount="100.00"))
    other = document | {"total": "20000.00"}
    refused(await signed(desk, an_applicant(), document=other, amount="100.00"), "document-stated-otherwise")


async def test_the_checker_of_a_draft_knows_what_others_have_taken(desk: Desk) -> None:
    applicant, document = an_applicant(), unique()
    path = await drafted(desk, applicant)
    await line_in(desk, path, applicant, document=document)
    assert must(await desk.get(f"{path}/check", applicant))["items"][0]["answer"] == "eligible"
    must(await signed(desk, an_applicant(), document=document))
    found = must(await desk.get(f"{path}/check", applicant))["items"][0]
    assert (found["answer"], found["grounds"][0]["code"]) == ("not-eligible", "document-spent")


async def test_a_reviewer_sees_what_looks_like_the_requests_documents(desk: Desk) -> None:
    first = must(await signed(desk, an_applicant(), document=unique(supplier="Silk Road LLP", number="INV-70OI5")))
    second = must(await signed(desk, an_applicant(), document=unique(supplier="ТОО Silk Road", number="INV-70015")))
    for request, other in ((first, "INV-70015"), (second, "INV-70OI5")):
        near = must(await desk.get(f"/requests/{request['id']}/near-documents", OFFICER))["items"]
        assert [each["number"] for each in near] == [other]


async def test_a_withdrawal_frees_its_documents(desk: Desk) -> None:
    first, document = an_applicant(), unique()
    path = f"/requests/{must(await signed(desk, first, document=document))['id']}"
    refused(await signed(desk, an_applicant(), document=document), "document-held")
    must(await desk.post(f"{path}/withdrawal", first, {"reason": "Asked for at home."}))
    must(await signed(desk, an_applicant(), document=document))
    refused(await desk.post(f"{path}/withdrawal", first, {"reason": "Again."}), "request-not-withdrawable")


async def test_of_two_requests_at_once_one_wins_and_the_other_is_told_which(desk: Desk) -> None:
    for _ in range(5):
        document, applicants = unique(), (an_applicant(), an_applicant())
        paths = []
        for applicant in applicants:
            path = await drafted(desk, applicant)
            await line_in(desk, path, applicant, document=document)
            paths.append(path)
        both = zip(paths, applicants, strict=True)
        answers = await asyncio.gather(*(desk.post(f"{path}/submission", who) for path, who in both))
        winner, loser = sorted(answers, key=lambda answer: answer.status_code)
        assert must(winner)["number"] in refused(loser, "document-held")["detail"]


async def test_the_database_itself_keeps_what_was_taken_of_a_document(desk: Desk) -> None:
    request = must(await signed(desk, an_applicant()))
    use = f"(select document_key from cost_document_use where request_id = '{request['id']}')"
    attempts = {
        f"update cost_document set taken = taken - 1 where key = {use}": "is said to be taken",
        f"update cost_document set taken = total + 1 where key = {use}": "taken_within_total",
        f"update cost_document set total = total + 1 where key = {use}": "as it was first stated",
        f"update cost_document_use set amount = 1 where request_id = '{request['id']}'": "only ever freed",
        f"delete from cost_document_use where request_id = '{request['id']}'": "only ever freed",
        f"update cost_line set amount = 1 where request_id = '{request['id']}'": "lines of a signed request stay",
    }
    for statement, words in attempts.items():
        async with desk.app.state.database.sessions() as session:
            with pytest.raises(IntegrityError, match=words):
                await (await session.connection()).execute(text(statement))
                await session.commit()
