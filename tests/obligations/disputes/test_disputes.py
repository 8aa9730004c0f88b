"""A complaint about a demand, and its decision."""

from datetime import date

import pytest
from sqlalchemy.exc import DBAPIError

from obligations.claims.refusals import ClaimNotDemanded, ClaimNotDisputed
from obligations.claims.status import ClaimStatus
from obligations.claims.terms import end_of_complaint
from obligations.disputes.commands import decide_dispute, raise_dispute
from obligations.disputes.model import Dispute
from obligations.disputes.refusals import ComplaintTooLate, ComplaintTurnedDown
from shared.two_people import SecondPersonWanted
from tests.obligations.claims.world import World
from tests.obligations.demands.test_demand import approve, heard, propose


async def demanded(world: World) -> None:
    await heard(world)
    await propose(world)
    await approve(world)


async def complain(world: World, until: date | None = None) -> Dispute:
    async with world.hand() as (session, hand):
        last = until or await end_of_complaint(session, hand.claim.served_on or date(2026, 1, 1))
        return await raise_dispute(session, hand, "the report was misread", last, by="company", at=world.clock.at)


async def decide(world: World, *, upheld: bool, by: str = "approver-2") -> Dispute:
    async with world.hand() as (session, hand):
        return await decide_dispute(session, hand, upheld=upheld, reason="as the file shows", by=by, at=world.clock.at)


async def test_a_complaint_that_is_turned_down_leaves_the_demand_standing(breached: World) -> None:
    await demanded(breached)
    await complain(breached)
    assert (await breached.claim()).status is ClaimStatus.DISPUTED
    await decide(breached, upheld=False)
    assert (await breached.claim()).status is ClaimStatus.DEMANDED


async def test_what_was_turned_down_is_not_complained_of_again_until_something_is_new(breached: World) -> None:
    await demanded(breached)
    await complain(breached)
    await decide(breached, upheld=False)
    with pytest.raises(ComplaintTurnedDown):
        await complain(breached)
    await breached.report("75")
    assert (await breached.claim()).status is ClaimStatus.DEMANDED
    await complain(breached)


async def test_a_complaint_that_is_upheld_sets_the_demand_aside(breached: World) -> None:
    await demanded(breached)
    await complain(breached)
    await decide(breached, upheld=True)
    claim = await breached.claim()
    assert claim.status is ClaimStatus.CALCULATED
    assert claim.served_on is None


async def test_a_claim_that_grew_while_disputed_is_heard_anew_after_the_decision(breached: World) -> None:
    await demanded(breached)
    await complain(breached)
    await breached.report("60")
    assert (await breached.claim()).status is ClaimStatus.DISPUTED
    await decide(breached, upheld=False)
    assert (await breached.claim()).status is ClaimStatus.CALCULATED


async def test_only_a_demand_is_complained_of_in_its_term_and_others_decide(breached: World) -> None:
    with pytest.raises(ClaimNotDemanded):
        await complain(breached)
    with pytest.raises(ClaimNotDisputed):
        await decide(breached, upheld=True)
    await demanded(breached)
    with pytest.raises(ComplaintTooLate):
        await complain(breached, until=date(2026, 7, 6))
    await complain(breached)
    with pytest.raises(SecondPersonWanted):
        await decide(breached, upheld=False, by="approver-1")


async def test_the_database_itself_wants_another_person_to_decide(breached: World) -> None:
    await demanded(breached)
    await complain(breached)
    decided = "update dispute set upheld = false, decision = 'no', decided_at = now(), decided_by = "
    for by in ("officer-1", "approver-1", "company"):
        with pytest.raises(DBAPIError, match=r"two_people|decided_by_another|does not decide"):
            await breached.execute(f"{decided} '{by}'")
    with pytest.raises(SecondPersonWanted):
        await decide(breached, upheld=False, by="company")
    await breached.execute(f"{decided} 'approver-2'")
