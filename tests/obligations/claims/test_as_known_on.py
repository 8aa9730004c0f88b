"""As known on a day: an answer given after the day is given for good, whatever is committed around midnight."""

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlmodel import col, select

from obligations.claims.commands import take_in_hand
from obligations.claims.identity import claim_id_of
from obligations.claims.model import Claim
from obligations.claims.queries import version_known_on
from obligations.claims.version import ClaimVersion
from obligations.obligations.model import Obligation
from obligations.repayments.commands import Incoming, record_repayment
from obligations.reports.commands import Stated, correct_report
from obligations.reports.queries import entries_of
from shared.http.transactions import look_again
from tests.obligations.claims.api import Api
from tests.obligations.claims.world import SIGHT, World

THE_DAY = date(2026, 7, 6)
LAST_SECOND = datetime(2026, 7, 6, 18, 59, 59, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2026, 7, 6, 19, 0, 1, tzinfo=UTC)
PAID = Incoming(Decimal("1000.00"), date(2026, 7, 6), "IN-1")


async def known_on_the_day(world: World) -> ClaimVersion:
    """What somebody is answered who asks after the day is over."""
    async with world.database.sessions() as session:
        await look_again(session)
        return await version_known_on(session, await world.claim(), THE_DAY, AFTER_MIDNIGHT)


async def test_what_was_begun_before_midnight_and_decided_after_it_leaves_yesterdays_answer(breached: World) -> None:
    breached.clock.at = LAST_SECOND
    async with breached.session() as session:
        breached.clock.at = AFTER_MIDNIGHT
        answer = await known_on_the_day(breached)
        hand = await take_in_hand(session, claim_id_of(breached.agreement_id, 2025), SIGHT.of(Claim))
        await record_repayment(session, hand, PAID, by="officer-1", at=LAST_SECOND)
    assert [version.known_from for version in (await breached.versions())[1:]] == [AFTER_MIDNIGHT]
    assert (await known_on_the_day(breached)).number == answer.number == 1


async def test_who_asks_after_midnight_waits_for_what_was_decided_before_it(breached: World) -> None:
    breached.clock.at = LAST_SECOND
    async with breached.hand() as (session, hand):
        await record_repayment(session, hand, PAID, by="officer-1", at=LAST_SECOND)
        breached.clock.at = AFTER_MIDNIGHT
        asked = asyncio.create_task(known_on_the_day(breached))
        await asyncio.sleep(0.3)
        assert not asked.done()
    answer = await asked
    assert (answer.number, answer.known_from) == (2, LAST_SECOND)
    assert (await known_on_the_day(breached)).number == 2


async def test_a_report_becomes_known_when_it_is_its_turn_not_when_it_was_sent(breached: World) -> None:
    breached.clock.at = LAST_SECOND
    async with breached.session() as session:
        breached.clock.at = AFTER_MIDNIGHT
        found = select(Obligation).where(col(Obligation.agreement_id) == breached.agreement_id)
        obligation = (await session.exec(found)).one()
        assert obligation.report_id is not None
        stated, revision = Stated(Decimal(80)), obligation.report_revision
        await correct_report(session, obligation.report_id, stated, sight=SIGHT, expected=revision, at=LAST_SECOND)
        entries = await entries_of(session, obligation.id)
    assert [entry.recorded_at for entry in entries][1:] == [AFTER_MIDNIGHT]


async def test_who_asks_for_a_report_as_known_waits_for_who_corrects_it(api: Api) -> None:
    world = api.world
    found = select(Obligation).where(col(Obligation.agreement_id) == world.agreement_id)
    world.clock.at = LAST_SECOND
    async with world.session() as session:
        obligation = (await session.exec(found)).one()
        assert obligation.report_id is not None
        stated, revision = Stated(Decimal(80)), obligation.report_revision
        await correct_report(session, obligation.report_id, stated, sight=SIGHT, expected=revision, at=LAST_SECOND)
        world.clock.at = AFTER_MIDNIGHT
        moment = {"known_at": "2026-07-06T18:59:59.5Z"}
        paths = (f"/v1/reports/{obligation.report_id}", f"/v1/obligations/{obligation.id}/reports")
        asked = [asyncio.create_task(api.get(path, params=moment)) for path in paths]
        await asyncio.sleep(0.3)
        assert not any(each.done() for each in asked)
    one, many = [(await each).json() for each in asked]
    assert one["achieved"] == many["items"][0]["achieved"] == "80"
