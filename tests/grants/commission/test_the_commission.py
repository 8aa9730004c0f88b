"""The commission: quorum, votes, minutes; who may vote; what the database itself keeps."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import asyncpg
import pytest

from grants.commission.model import Choice
from grants.commission.refusals import QuorumMissing
from grants.commission.rules import count
from shared.access.callers import Role
from tests.grants.builders import declarations
from tests.grants.desk import EXPERTS, MEMBERS, OFFICER, Desk, Person, a_refusal, an_applicant, must, refused

COLLEAGUE = replace(OFFICER, subject="officer-2")
APPROVAL = {"outcome": "approve", "amount": "90000000.00"}


def carried(*choices: str, quorum: int = 3) -> bool:
    tally = count(Choice(choice) for choice in choices)
    return tally.carried(quorum=quorum, quorum_source="the rules", majority_percent=Decimal(50))


def test_more_than_half_of_those_present_carry_a_motion() -> None:
    assert carried("for", "for", "against")
    assert not carried("for", "against", "abstained")
    assert not carried("for", "for", "against", "against")
    assert carried("for", "for", "for", "against", "against")


def test_a_recused_member_counts_neither_for_the_quorum_nor_for_the_majority() -> None:
    with pytest.raises(QuorumMissing):
        carried("for", "for", "recused")
    assert carried("for", "for", "abstained", "recused")


async def test_without_a_quorum_nothing_is_decided(desk: Desk) -> None:
    id_ = await desk.before_commission()
    must(await desk.post(f"/applications/{id_}/motion", OFFICER, {"motion": APPROVAL}))
    for member in MEMBERS[:2]:
        must(await desk.post(f"/applications/{id_}/votes", member, {"choice": "for"}))
    decision = await desk.post(f"/applications/{id_}/decision", OFFICER, {"minutes": "Two came."})
    refused(decision, "quorum-missing")
    assert (await desk.application(id_))["status"] == "commission"


async def test_a_vote_goes_by_the_quorum_that_was_known_when_the_motion_was_put(desk: Desk) -> None:
    id_ = await desk.before_commission()
    motion = must(await desk.post(f"/applications/{id_}/motion", OFFICER, {"motion": APPROVAL}))
    quorum = motion["quorum"]
    assert (quorum["value"], quorum["verified"], quorum["source"].endswith("assumed")) == ("3", False, True)
    assert motion["majority"]["value"] == "50"
    decision = f"/applications/{id_}/decision"
    for member in MEMBERS[:2]:
        must(await desk.post(f"/applications/{id_}/votes", member, {"choice": "for"}))
    async with a_quorum_of_two(desk, quorum["source"]):
        refused(await desk.post(decision, OFFICER, {"minutes": "Two came."}), "quorum-missing")
        must(await desk.post(f"/applications/{id_}/motion/dropping", OFFICER, {"reason": "The rules changed."}))
        again = must(await desk.post(f"/applications/{id_}/motion", OFFICER, {"motion": APPROVAL}))
    assert (again["quorum"]["value"], again["quorum"]["verified"]) == ("2", False)
    for member in MEMBERS[:2]:
        must(await desk.post(f"/applications/{id_}/votes", member, {"choice": "for"}))
    refused(await desk.post(decision, COLLEAGUE, {"minutes": "Two came."}), "second-person-wanted")
    assert must(await desk.post(decision, OFFICER, {"minutes": "Two came."}))["status"] == "approved"


@asynccontextmanager
async def a_quorum_of_two(desk: Desk, source: str) -> AsyncIterator[None]:
    """A colleague brings in an unverified quorum of two, and then the former one again."""
    line = 'name,effective_from,value,unit,mark,source\ngrants.commission-quorum,2022-07-12,{},count,assumed,"{}"\n'
    must(await desk.post("/list-imports", COLLEAGUE, {"list_name": "parameters", "csv": line.format(2, source)}))
    yield
    must(await desk.post("/list-imports", COLLEAGUE, {"list_name": "parameters", "csv": line.format(3, source)}))


async def test_a_motion_that_is_not_carried_decides_nothing_and_another_may_be_put(desk: Desk) -> None:
    id_ = await desk.before_commission()
    decision = must(await desk.voted(id_, APPROVAL, ("for", "against", "abstained")))
    assert (decision["status"], decision["motion"]["status"]) == ("commission", "not-carried")
    assert must(await desk.voted(id_, APPROVAL))["status"] == "approved"


async def test_who_puts_examined_or_submitted_does_not_vote(desk: Desk) -> None:
    id_ = await desk.before_commission()
    must(await desk.post(f"/applications/{id_}/motion", OFFICER, {"motion": APPROVAL}))
    path = f"/applications/{id_}/votes"
    mover = replace(OFFICER, roles=(Role.APPROVER,))
    refused(await desk.post(path, mover, {"choice": "for"}), "mover-may-not-vote")
    examiner = replace(EXPERTS[0], roles=(Role.APPROVER,))
    refused(await desk.post(path, examiner, {"choice": "for"}), "examiner-may-not-vote")
    applicant = replace(desk.applicant, roles=(Role.APPROVER,), institute="industry")
    refused(await desk.post(path, applicant, {"choice": "for"}), "applicant-may-not-vote")
    colleague = Person("member-9", (Role.APPROVER,), "industry", desk.applicant.bin)
    refused(await desk.post(path, colleague, {"choice": "for"}), "applicant-may-not-vote")


async def test_a_vote_is_cast_once_and_with_a_reason_unless_it_is_for(desk: Desk) -> None:
    id_ = await desk.before_commission()
    path = f"/applications/{id_}/votes"
    refused(await desk.post(path, MEMBERS[0], {"choice": "for"}), "motion-not-found")
    must(await desk.post(f"/applications/{id_}/motion", OFFICER, {"motion": APPROVAL}))
    refused(await desk.post(path, MEMBERS[0], {"choice": "against"}), "vote-reason-missing", "/reason")
    must(await desk.post(path, MEMBERS[0], {"choice": "against", "reason": "Too dear."}))
    refused(await desk.post(path, MEMBERS[0], {"choice": "for"}), "vote-cast-already")
    refused(await desk.post(f"/applications/{id_}/motion", OFFICER, {"motion": APPROVAL}), "motion-open-already")


async def test_a_statement_after_the_motion_voids_the_votes(desk: Desk) -> None:
    id_ = await desk.in_hearing()
    must(await desk.post(f"/applications/{id_}/motion", OFFICER, {"motion": APPROVAL}))
    must(await desk.post(f"/applications/{id_}/votes", MEMBERS[0], {"choice": "for"}))
    statement = {"statement": "Here is the bank's letter."}
    must(await desk.post(f"/applications/{id_}/hearing-statement", desk.applicant, statement))
    refused(await desk.post(f"/applications/{id_}/votes", MEMBERS[1], {"choice": "for"}), "motion-outdated")
    decision = await desk.post(f"/applications/{id_}/decision", OFFICER, {"minutes": "Minutes."})
    refused(decision, "motion-outdated")
    must(await desk.post(f"/applications/{id_}/motion/dropping", OFFICER, {"reason": "A statement came."}))
    assert must(await desk.voted(id_, APPROVAL))["status"] == "approved"


async def test_a_vote_and_a_dropping_are_of_the_motion_that_was_read(desk: Desk) -> None:
    id_ = await desk.before_commission()
    path = f"/applications/{id_}"
    first = await desk.post(f"{path}/motion", OFFICER, {"motion": APPROVAL})
    read = first.headers["etag"]
    assert read == (await desk.get(path, MEMBERS[0])).headers["etag"]
    voted = await desk.post(f"{path}/votes", MEMBERS[0], {"choice": "for"}, etag=read)
    assert voted.headers["etag"] == read  # members do not stand in each other's way
    must(await desk.post(f"{path}/motion/dropping", OFFICER, {"reason": "Another amount."}, etag=read))
    must(await desk.post(f"{path}/motion", OFFICER, {"motion": {**APPROVAL, "amount": "1.00"}}))
    refused(await desk.post(f"{path}/votes", MEMBERS[1], {"choice": "for"}, etag=read), "version-stale")
    dropped = await desk.post(f"{path}/motion/dropping", OFFICER, {"reason": "Late."}, etag=read)
    refused(dropped, "version-stale")
    pages = must(await desk.get(f"{path}/motions", OFFICER, limit=1))
    rest = must(await desk.get(f"{path}/motions", OFFICER, limit=1, cursor=pages["next_cursor"]))
    assert [each["status"] for each in pages["items"] + rest["items"]] == ["dropped", "open"]


async def test_the_call_s_budget_bounds_what_is_approved(desk: Desk) -> None:
    await desk.open_call(budget="100000000.00")
    first = await desk.before_commission()
    must(await desk.voted(first, {"outcome": "approve", "amount": "60000000.00"}))
    second = replace(desk, applicant=an_applicant())
    id_ = await second.before_commission()
    refused(await second.voted(id_, {"outcome": "approve", "amount": "40000000.01"}), "budget-exhausted")
    assert (await second.application(id_))["status"] == "commission"
    decided = await desk.post(f"/applications/{id_}/motion/dropping", OFFICER, {"reason": "Too much."})
    must(decided)
    must(await second.voted(id_, {"outcome": "approve", "amount": "40000000.00"}))


async def test_a_refusal_names_one_of_the_four_grounds_and_why(desk: Desk) -> None:
    id_ = await desk.before_commission()
    path = f"/applications/{id_}/motion"
    unnamed = a_refusal(ground="low-score")
    for wrong in (unnamed, {"outcome": "refuse"}, {"outcome": "perhaps"}, {**APPROVAL, "ground": "x"}):
        assert (await desk.post(path, OFFICER, {"motion": wrong})).status_code == 422
    over = {"outcome": "approve", "amount": "100000000.01"}
    refused(await desk.post(path, OFFICER, {"motion": over}), "approved-amount-too-high")


async def test_an_applicant_who_does_not_accept_obligations_is_refused_on_the_second_ground(desk: Desk) -> None:
    unwilling = declarations(counter_obligations_accepted=False)
    id_ = await desk.before_commission(declarations=unwilling)
    refused(await desk.post(f"/applications/{id_}/motion", OFFICER, {"motion": APPROVAL}), "condition-not-met")
    ground = a_refusal(ground="counter-obligations", requirement=None)
    must(await desk.voted(id_, ground))
    desk.on(datetime(2024, 11, 18, 5, 0, tzinfo=UTC))
    decision = must(await desk.voted(id_, ground))
    assert (decision["status"], decision["ground"]) == ("refused", "counter-obligations")


async def test_the_applicant_reads_the_decision_and_not_who_voted_how(desk: Desk) -> None:
    id_ = await desk.approved()
    seen = must(await desk.get(f"/applications/{id_}/motions", desk.applicant))["items"]
    assert [(each["status"], each["votes"], each["tally"]["for"]) for each in seen] == [("carried", [], 3)]
    whole = must(await desk.get(f"/applications/{id_}/motions", OFFICER, status="carried"))["items"]
    assert [vote["member"] for vote in whole[0]["votes"]] == [member.subject for member in MEMBERS]


@pytest.mark.parametrize(
    "statement",
    [
        "update commission_vote set choice = 'for'",
        "delete from commission_vote",
        "update application_history set reason = 'another'",
        "delete from application_history",
        "update commission_motion set amount = 1",
        "delete from commission_motion",
        "update application set ground = 'low-score' where status = 'approved'",
        "update application set approved_amount = requested_amount + 1 where status = 'approved'",
        "update call set awarded = budget + 1",
        "update commission_vote set member = put_by",
    ],
)
async def test_direct_sql_does_not_rewrite_what_was_decided(desk: Desk, statement: str) -> None:
    await desk.approved()
    url = desk.app.state.settings.database_url.get_secret_value()
    connection = await asyncpg.connect(url)
    try:
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute(statement)
    finally:
        await connection.close()
