"""Offering an agreement and letting an offer lapse: load, decide, publish. The account is locked last."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.account.ledger import EntryKind
from grants.account.posting import Cause, Movement, account_of, enter, lock_account, standing_of
from grants.agreements.model import Agreement, AgreementStatus
from grants.agreements.numbers import next_number
from grants.agreements.terms import Terms, require_advance, require_consistent, require_number, require_years_known
from grants.applications.model import Application
from grants.applications.refusals import ApplicationNotFound
from grants.calls.model import Call
from grants.terms import Term, due
from grants.visibility import Sight
from shared.calendar.local_days import local_day
from shared.calls import CallNotFound
from shared.contracts.event import Event
from shared.database.loading import load
from shared.events.publishing import publish
from shared.identity import new_id
from shared.reference.calendars import working_calendar
from shared.reference.lookup import parameter
from shared.worker.due import next_due

TRANCHES_MOST, ADVANCE_MOST = "grants.tranches-max", "grants.advance-share-max"


async def offer_agreement(
    session: AsyncSession, sight: Sight, application_id: UUID, terms: Terms, *, at: datetime, by: str
) -> Agreement:
    """Offer an agreement on an approved application, and set its money aside."""
    application = await sight.load(session, Application, application_id, ApplicationNotFound)
    agreement_id, today = new_id(), local_day(at)
    lapsed = application.award_lapsed_on is not None
    application.contract(agreement_id)
    amount = _awarded(application)
    if lapsed:
        call = await load(session, Call, application.call_id, CallNotFound)
        call.award(amount)
        await publish(session, call)
    require_consistent(terms, amount, from_day=today)
    await _require_allowed(session, terms, amount, today)
    require_years_known(terms.reporting_years, (await working_calendar(session)).last_day)
    expires = await due(session, Term.SIGNATURE, at)
    account_id = (await account_of(session, application.institute)).id
    number = await next_number(session, application.institute, today.year)
    agreement = Agreement(
        id=agreement_id, institute=application.institute, number=number, application_id=application.id,
        account_id=account_id, recipient_id=application.recipient_id, recipient_name=application.applicant_name,
        region=application.region, amount=amount, status=AgreementStatus.OFFERED, rule_set="", obligations=[],
        planned=[], reporting_years=[], budget=application.content["budget"],
        offered_at=at, offered_by=by, expires_on=expires.on, calendar=expires.calendar,
    )  # fmt: skip
    agreement.set_terms(terms)
    event = agreement.offer(at)
    await publish(session, agreement, event)
    account = await lock_account(session, account_id)
    account.require_free(amount, await standing_of(session, account_id))
    await enter(session, account, _whole(EntryKind.COMMITMENT, agreement, event, at))
    return agreement


async def lapse_offers(session: AsyncSession, at: datetime) -> bool:
    """Let one offer go whose last day is over; says whether there was one.

    Its money is free again in the account, and its award in the budget of the call.
    """
    offered = col(Agreement.status) == AgreementStatus.OFFERED
    over = col(Agreement.expires_on) < local_day(at)
    agreement = await next_due(session, Agreement, offered, over, by=col(Agreement.expires_on))
    if agreement is None:
        return False
    application = await load(session, Application, agreement.application_id, ApplicationNotFound)
    application.let_award_lapse(local_day(at))
    call = await load(session, Call, application.call_id, CallNotFound)
    call.take_back(_awarded(application))
    await publish(session, application)
    await publish(session, call)
    event = agreement.lapse(at)
    await publish(session, agreement, event)
    account = await lock_account(session, agreement.account_id)
    await enter(session, account, _whole(EntryKind.RELEASE, agreement, event, at))
    return True


async def _require_allowed(session: AsyncSession, terms: Terms, amount: Decimal, day: date) -> None:
    """Raise unless the tranches are as the dated parameters allow: their number, and the share paid in advance."""
    most, share = await parameter(session, TRANCHES_MOST, day), await parameter(session, ADVANCE_MOST, day)
    require_number(terms.tranches, most.limit, most.source)
    require_advance(terms.tranches, amount, share.limit, share.source)


def _awarded(application: Application) -> Decimal:
    amount = application.approved_amount
    assert amount is not None  # noqa: S101 - the table holds it of an approved application
    return amount


def _whole(kind: EntryKind, agreement: Agreement, event: Event, at: datetime) -> Movement:
    cause = Cause.published(event, agreement)
    return Movement(kind, agreement.amount, local_day(at), cause, agreement_id=agreement.id)
