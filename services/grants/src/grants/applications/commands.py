"""What is done to an application: load, decide, publish, note in its history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.applications.content import Applicant, Content
from grants.applications.model import Application
from grants.applications.queries import eligibility_of, limits_on
from grants.applications.records import add_remarks, answer_remarks, next_number, note, remarks_of
from grants.applications.refusals import ApplicantNotCaller, ApplicationNotFound, RemarkUnknown
from grants.applications.rules import Remark, require_remarks, require_submittable
from grants.applications.status import ApplicationStatus
from grants.calls.model import Call
from grants.calls.queries import read_call
from grants.eligibility.conditions import Eligibility
from grants.terms import Term, due
from grants.visibility import Sight
from shared.access.callers import Role
from shared.calendar.local_days import local_day
from shared.calls import CallNotFound
from shared.database.loading import load
from shared.events.publishing import publish
from shared.reference.importing import share_reference
from shared.worker.due import next_due


async def draft_application(
    session: AsyncSession, sight: Sight, call_id: UUID, applicant: Applicant, content: Content, *, at: datetime
) -> Application:
    """Begin an application of the caller's company to an open call."""
    call = await read_call(session, sight, call_id)
    call.require_open()
    recipient = sight.only(Role.APPLICANT).recipient_id
    if recipient is None or applicant.number != sight.caller.bin:
        raise ApplicantNotCaller
    application = Application(
        institute=call.institute,
        call_id=call.id,
        number=await next_number(session, at),
        applicant_name=applicant.name,
        applicant_number=applicant.number,
        recipient_id=recipient,
        created_by=sight.subject,
        created_at=at,
        content={},
    )
    application.write(content)
    await publish(session, application)
    await note(session, application, "drafted")
    return application


async def write_content(session: AsyncSession, sight: Sight, application_id: UUID, content: Content) -> Application:
    """Put new content in place of the old, in a draft or a returned application."""
    application = await _own(session, sight, application_id)
    application.write(content)
    await publish(session, application)
    return application


async def submit_application(session: AsyncSession, sight: Sight, application_id: UUID, *, at: datetime) -> Application:
    """Hand the draft in, within the window of its call."""
    application = await _own(session, sight, application_id)
    event = application.submit(at, await due(session, Term.COMPLETENESS_CHECK, at))
    (await load(session, Call, application.call_id, CallNotFound)).require_intake(at)
    await share_reference(session)
    content = Content.model_validate(application.content)
    require_submittable(content, await limits_on(session, local_day(at)))
    await publish(session, application, event)
    await note(session, application, "submitted", details=found(await eligibility_of(session, application, at=at)))
    return application


async def return_application(
    session: AsyncSession, sight: Sight, application_id: UUID, remarks: Sequence[Remark], *, at: datetime
) -> Application:
    """Send the application back with one list of remarks, each about a field."""
    application = await _officers(session, sight, application_id)
    event = application.return_for_correction(len(remarks), at, await due(session, Term.CORRECTION, at))
    earlier = [row["pointer"] for row in await remarks_of(session, application.id)]
    before = application.first_content if earlier else None
    require_remarks(remarks, application.content, before, earlier)
    await publish(session, application, event)
    await add_remarks(session, application, remarks, by=sight.subject, at=at)
    await note(session, application, "returned", details={"remarks": len(remarks)})
    return application


async def correct_application(
    session: AsyncSession, sight: Sight, application_id: UUID, answers: Mapping[int, str], *, at: datetime
) -> Application:
    """Send the corrected application in again, with answers to the remarks."""
    application = await _own(session, sight, application_id)
    event = application.correct(at, await due(session, Term.COMPLETENESS_CHECK, at))
    content = Content.model_validate(application.content)
    day = application.submitted_on or local_day(at)
    require_submittable(content, await limits_on(session, day, application.submitted_at))
    if unknown := await answer_remarks(session, application.id, answers):
        raise RemarkUnknown(number=unknown[0])
    await publish(session, application, event)
    await note(session, application, "corrected", details=found(await eligibility_of(session, application, at=at)))
    return application


async def complete_application(
    session: AsyncSession, sight: Sight, application_id: UUID, *, at: datetime
) -> Application:
    """Find the application complete: it goes to examination."""
    application = await _officers(session, sight, application_id)
    await publish(session, application, application.complete(at, await due(session, Term.EXAMINATION, at)))
    await note(session, application, "found-complete")
    return application


async def state_at_hearing(
    session: AsyncSession, sight: Sight, application_id: UUID, statement: str, *, at: datetime
) -> Application:
    """Take down what the applicant says before the answer is no."""
    application = await _own(session, sight, application_id)
    application.hear(statement, at)
    await publish(session, application)
    await note(session, application, "heard")
    return application


async def withdraw_application(
    session: AsyncSession, sight: Sight, application_id: UUID, reason: str, *, at: datetime
) -> Application:
    """Take the application back."""
    application = await _own(session, sight, application_id)
    await publish(session, application, application.withdraw(reason, at))
    await note(session, application, "withdrawn", reason=reason)
    return application


async def annul_one_overdue(session: AsyncSession, at: datetime) -> bool:
    """The scheduled job: annul one returned application whose term for correction has passed."""
    returned = col(Application.status) == ApplicationStatus.RETURNED
    over = col(Application.due_on) < local_day(at)
    application = await next_due(session, Application, returned, over, by=col(Application.due_on))
    if application is None:
        return False
    details = {"due_on": str(application.due_on), "calendar": application.due_calendar, "term": application.due_term}
    await publish(session, application, application.annul(at))
    await note(session, application, "annulled", reason=application.ended_because, details=details)
    return True


def found(eligibility: Eligibility) -> dict[str, Any]:
    """What the checker said, with the rows that it rests on, for the history."""
    return {
        "conditions_on": eligibility.conditions_on.isoformat(),
        "evidence_on": eligibility.evidence_on.isoformat(),
        "eligibility": {
            finding.code: {
                "answer": finding.answer.value,
                "rows": [entry.row for entry in finding.evidence],
            }
            for finding in eligibility.findings
        },
    }


async def _own(session: AsyncSession, sight: Sight, application_id: UUID) -> Application:
    return await sight.only(Role.APPLICANT).load(session, Application, application_id, ApplicationNotFound)


async def _officers(session: AsyncSession, sight: Sight, application_id: UUID) -> Application:
    return await sight.only(Role.OFFICER).load(session, Application, application_id, ApplicationNotFound)
