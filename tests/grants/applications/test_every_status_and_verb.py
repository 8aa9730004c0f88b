"""The application: every verb in every status is a transition or a named refusal."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from grants.applications.model import Application
from grants.applications.refusals import (
    ApplicationContractedAlready,
    ApplicationStatusWrong,
    ApprovedAmountTooHigh,
    CorrectionNotOverdue,
    CorrectionTooLate,
    ExpertAskedAlready,
    ExpertIsApplicant,
    ExpertNotAsked,
    HeardAlready,
    HearingNotHeld,
    HearingNotOver,
    HearingOver,
)
from grants.applications.status import ApplicationStatus as Status
from grants.eligibility.conditions import Condition
from shared.contracts.event import Event
from shared.refusals import Refusal
from tests.grants.builders import COMPLAINT_UNTIL, HEARD, MONDAY, a_content, an_application, content, due

AGREEMENT = UUID("00000000-0000-4000-8000-00000000000f")
NEXT = due(date(2024, 11, 25))
AFTER_THE_TERM = datetime(2024, 11, 20, 19, 0, tzinfo=UTC)


def correct(application: Application) -> Event:
    if application.status is Status.RETURNED:
        application.write(content(title="Another title"))
    return application.correct(MONDAY, NEXT)


VERBS: dict[str, Callable[[Application], Event | None]] = {
    "write": lambda a: a.write(content(title="Another title")),
    "submit": lambda a: a.submit(MONDAY, NEXT),
    "return": lambda a: a.return_for_correction(2, MONDAY, NEXT),
    "correct": correct,
    "complete": lambda a: a.complete(MONDAY, NEXT),
    "ask expert": lambda a: a.ask_expert("expert-2"),
    "examine": lambda a: a.examined(Decimal("71.00"), MONDAY, NEXT),
    "open hearing": lambda a: a.open_hearing(MONDAY, date(2024, 11, 14), NEXT),
    "hear": lambda a: a.hear("We can show it.", MONDAY),
    "approve": lambda a: a.approve(Decimal("1.00"), HEARD, NEXT),
    "refuse": lambda a: a.refuse(Condition.COMPLIANCE, "Item 12", HEARD, COMPLAINT_UNTIL),
    "withdraw": lambda a: a.withdraw("No need", MONDAY),
    "annul": lambda a: a.annul(AFTER_THE_TERM),
    "contract": lambda a: a.contract(AGREEMENT),
    "let award lapse": lambda a: a.let_award_lapse(MONDAY.date()),
}

WRONG = ApplicationStatusWrong
TABLE: dict[str, dict[Status, Status | type[Refusal]]] = {
    "write": {Status.DRAFT: Status.DRAFT, Status.RETURNED: Status.RETURNED},
    "submit": {Status.DRAFT: Status.SUBMITTED},
    "return": {Status.SUBMITTED: Status.RETURNED},
    "correct": {Status.RETURNED: Status.SUBMITTED},
    "complete": {Status.SUBMITTED: Status.EXAMINATION},
    "ask expert": {Status.EXAMINATION: Status.EXAMINATION},
    "examine": {Status.EXAMINATION: Status.COMMISSION},
    "open hearing": {Status.COMMISSION: Status.HEARING},
    "hear": {Status.HEARING: Status.HEARING},
    "approve": {Status.COMMISSION: Status.APPROVED, Status.HEARING: Status.APPROVED},
    "refuse": {Status.COMMISSION: HearingNotHeld, Status.HEARING: Status.REFUSED},
    "withdraw": {
        Status.DRAFT: Status.WITHDRAWN,
        Status.SUBMITTED: Status.WITHDRAWN,
        Status.RETURNED: Status.WITHDRAWN,
        Status.EXAMINATION: Status.WITHDRAWN,
        Status.COMMISSION: Status.WITHDRAWN,
        Status.HEARING: Status.WITHDRAWN,
    },
    "annul": {Status.RETURNED: Status.ANNULLED},
    "contract": {Status.APPROVED: Status.APPROVED},
    "let award lapse": {Status.APPROVED: Status.APPROVED},
}
"""What is not named is refused as `ApplicationStatusWrong`."""

EVENTS = {
    "submit": "grants.application-submitted.v1",
    "return": "grants.application-returned.v1",
    "correct": "grants.application-corrected.v1",
    "complete": "grants.application-completed.v1",
    "examine": "grants.application-examined.v1",
    "open hearing": "grants.hearing-opened.v1",
    "approve": "grants.application-approved.v1",
    "refuse": "grants.application-refused.v1",
    "withdraw": "grants.application-annulled.v1",
    "annul": "grants.application-annulled.v1",
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_in_each_status_is_a_transition_or_a_named_refusal(verb: str, status: Status) -> None:
    application = an_application(status)
    before = application.model_dump()
    expected = TABLE[verb].get(status, WRONG)
    if isinstance(expected, Status):
        event = VERBS[verb](application)
        assert application.status is expected
        assert application.revision > before["revision"]
        assert (event.type if event else None) == EVENTS.get(verb)
    else:
        with pytest.raises(expected):
            VERBS[verb](application)
        assert application.model_dump() == before


def test_the_table_names_every_verb() -> None:
    assert TABLE.keys() == VERBS.keys()


def test_a_stage_that_waits_for_somebody_has_a_last_day_and_a_closed_one_has_none() -> None:
    open_ = {
        Status.SUBMITTED, Status.RETURNED, Status.EXAMINATION, Status.COMMISSION, Status.HEARING, Status.APPROVED,
    }  # fmt: skip
    for status in Status:
        application = an_application(status)
        assert (application.due_on is not None) == (status in open_)
        assert (application.due_calendar is None) == (application.due_on is None)


def test_no_event_bears_the_number_or_the_name_of_the_applicant() -> None:
    application = an_application(applicant_number="850101300018", applicant_name="Айгүл")
    event = application.submit(MONDAY, NEXT)
    assert "850101300018" not in str(event.data())
    assert "Айгүл" not in str(event.data())


def test_a_correction_is_refused_after_its_last_day() -> None:
    application = an_application(Status.RETURNED)
    application.write(content(title="Another title"))
    with pytest.raises(CorrectionTooLate):
        application.correct(AFTER_THE_TERM, NEXT)


def test_a_returned_application_is_not_annulled_on_its_last_day() -> None:
    with pytest.raises(CorrectionNotOverdue):
        an_application(Status.RETURNED).annul(datetime(2024, 11, 20, 18, 59, 59, tzinfo=UTC))


def test_the_applicant_is_heard_once_and_within_the_term() -> None:
    with pytest.raises(HearingOver):
        an_application(Status.HEARING).hear("Too late.", HEARD)
    application = an_application(Status.HEARING)
    application.hear("In time.", MONDAY)
    with pytest.raises(HeardAlready):
        application.hear("Once more.", MONDAY)


def test_nobody_is_refused_before_the_hearing_is_over() -> None:
    with pytest.raises(HearingNotOver):
        an_application(Status.HEARING).refuse(
            Condition.COMPLIANCE, "Item 12", datetime(2024, 11, 14, 18, tzinfo=UTC), COMPLAINT_UNTIL
        )


def test_no_more_is_approved_than_was_asked_for() -> None:
    with pytest.raises(ApprovedAmountTooHigh):
        an_application(Status.COMMISSION).approve(Decimal("100000000.01"), MONDAY, NEXT)
    an_application(Status.COMMISSION).approve(Decimal(a_content()["requested_amount"]), MONDAY, NEXT)


def test_an_approved_application_bears_one_agreement_and_waits_for_it_no_longer() -> None:
    application = an_application(Status.APPROVED)
    application.contract(AGREEMENT)
    assert (application.due_on, application.due_calendar, application.due_term) == (None, None, None)
    with pytest.raises(ApplicationContractedAlready):
        application.contract(AGREEMENT)


def test_an_expert_is_asked_once_and_never_the_applicant() -> None:
    application = an_application(Status.EXAMINATION)
    application.ask_expert("expert-1")
    with pytest.raises(ExpertAskedAlready):
        application.ask_expert("expert-1")
    with pytest.raises(ExpertIsApplicant):
        application.ask_expert("applicant-1")
    application.release_expert("expert-1")
    with pytest.raises(ExpertNotAsked):
        application.release_expert("expert-1")
