"""Routes and views of the examination."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from grants.applications import refusals as no
from grants.applications.model import Application
from grants.applications.queries import read_application
from grants.examination import commands, model, queries, rules
from grants.examination.model import Conclusion, ExpertStanding, Recommendation
from grants.examination.rules import Criterion, Score
from grants.visibility import CurrentSight, Sight
from shared.access.callers import Role, allowed
from shared.calendar.local_days import local_day
from shared.calendar.working_days import CalendarUnknown
from shared.http.etag import IfMatch, require_version, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.reference.refusals import ParameterUnknown
from shared.values.dates import Moment
from shared.values.documents import Slug
from shared.values.text import LongText, Reference, ShortText

router = Router(prefix="/v1", tags=["examination"])

officer = Depends(allowed(Role.OFFICER))
expert = Depends(allowed(Role.EXPERT))
reader = Depends(allowed(Role.APPLICANT, Role.OFFICER, Role.EXPERT, Role.APPROVER, Role.AUDITOR))

STATUS = (no.ApplicationNotFound, no.ApplicationStatusWrong)


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewExpert(_Asked):
    """Who is asked: the subject of the expert's access token."""

    expert: Reference


class NewDeclaration(_Asked):
    """Whether there is a conflict of interest, which bars the expert; then its reason."""

    conflict: StrictBool
    reason: ShortText | None = None


class NewScore(_Asked):
    """The score for one criterion, from 0 to its highest, with its reason."""

    criterion: Slug
    score: Annotated[int, Field(strict=True, ge=0, le=100)]
    reason: ShortText


class NewConclusion(_Asked):
    """The expert's conclusion: every criterion once."""

    scores: Annotated[list[NewScore], Field(min_length=1, max_length=50)]
    recommendation: Recommendation
    summary: LongText


class NewDischarge(_Asked):
    """Why the expert is released."""

    reason: ShortText


class ScoreView(BaseModel):
    """A score with its reason, and the row of the criterion that it rests on."""

    criterion: str
    score: int
    highest: int
    reason: str
    row: UUID


class ConclusionView(BaseModel):
    """An expert's part in the examination. The expert is not named to the applicant."""

    id: UUID
    application_id: UUID
    revision: int
    expert: str | None
    standing: ExpertStanding
    asked_at: Moment
    declared_at: Moment | None
    reason: str | None = Field(description="The reason of the conflict or of the discharge.")
    scores: list[ScoreView]
    percent: str | None = Field(description="The sum of the scores in percent of the highest possible.")
    recommendation: Recommendation | None
    summary: str | None
    concluded_at: Moment | None

    @classmethod
    def of(cls, conclusion: Conclusion, *, named: bool) -> "ConclusionView":
        """The view of a conclusion."""
        members = {name: getattr(conclusion, name) for name in cls.model_fields}
        members["expert"] = conclusion.expert if named else None
        members["percent"] = None if conclusion.percent is None else f"{conclusion.percent:.2f}"
        return cls.model_validate(members)


class CriterionView(BaseModel):
    """What experts score, with the row of the dated list and its source."""

    key: str
    name: str
    highest: int
    row: UUID
    source: str
    verified: bool

    @classmethod
    def of(cls, criterion: Criterion) -> "CriterionView":
        """The view of a criterion."""
        return cls.model_validate({name: getattr(criterion, name) for name in cls.model_fields})


class ExaminationView(BaseModel):
    """The closed examination: the mean of the experts' percents."""

    application_id: UUID
    status: str
    score: str


@router.post(
    "/applications/{application_id}/experts",
    status_code=201,
    dependencies=[officer],
    responses=refusals(*STATUS, no.ExpertAskedAlready, no.ExpertIsApplicant, model.ExpertIsOfficer),
)
async def ask_expert(
    application_id: UUID,
    body: NewExpert,
    transaction: Transaction,
    sight: CurrentSight,
    now: Now,
    response: Response,
) -> ConclusionView:
    """Ask an expert, who sees the application from now on."""
    conclusion = await commands.ask_expert(transaction, sight, application_id, body.expert, at=now)
    return _answer(response, sight, conclusion)


@router.post(
    "/applications/{application_id}/conflict-declaration",
    dependencies=[expert],
    responses=refusals(
        *STATUS,
        model.ConflictReasonMissing,
        model.ConflictDeclaredAlready,
        model.ConclusionSubmittedAlready,
        model.ExpertBarred,
    ),
)
async def declare_conflict(
    application_id: UUID,
    body: NewDeclaration,
    transaction: Transaction,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> ConclusionView:
    """Declare whether there is a conflict of interest: an expert who has one is barred."""
    conclusion = await commands.declare_conflict(
        transaction, sight, application_id, conflict=body.conflict, reason=body.reason, version=version, at=now
    )
    return _answer(response, sight, conclusion)


@router.post(
    "/applications/{application_id}/conclusion",
    dependencies=[expert],
    responses=refusals(
        *STATUS,
        model.ConflictNotDeclared,
        model.ConclusionSubmittedAlready,
        model.ExpertBarred,
        rules.CriteriaNotKnown,
        rules.CriterionUnknown,
        rules.CriterionNotScored,
        rules.CriterionScoredTwice,
        rules.ScoreOutOfScale,
    ),
)
async def conclude(
    application_id: UUID,
    body: NewConclusion,
    transaction: Transaction,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> ConclusionView:
    """Give the conclusion, once: a score with its reason for every criterion of the day of submission."""
    scores = [Score(each.criterion, each.score, each.reason) for each in body.scores]
    conclusion = await commands.conclude(
        transaction, sight, application_id, scores, body.recommendation, body.summary, version=version, at=now
    )
    return _answer(response, sight, conclusion)


@router.post(
    "/conclusions/{conclusion_id}/discharge",
    dependencies=[officer],
    responses=refusals(
        *STATUS, model.ConclusionNotFound, model.ConclusionSubmittedAlready, model.ExpertBarred, no.ExpertNotAsked
    ),
)
async def discharge_expert(
    conclusion_id: UUID,
    body: NewDischarge,
    transaction: Transaction,
    sight: CurrentSight,
    version: IfMatch,
    response: Response,
) -> ConclusionView:
    """Release an expert who does not conclude."""
    conclusion = await commands.discharge_expert(transaction, sight, conclusion_id, body.reason, version=version)
    return _answer(response, sight, conclusion)


@router.post(
    "/applications/{application_id}/examination",
    dependencies=[officer],
    responses=refusals(
        *STATUS, rules.TooFewConclusions, rules.ConclusionsOutstanding, ParameterUnknown, CalendarUnknown
    ),
)
async def close_examination(
    application_id: UUID, transaction: Transaction, sight: CurrentSight, now: Now, expected: IfMatch, response: Response
) -> ExaminationView:
    """Close the examination when every expert has concluded, and enough of them."""
    seen = await sight.load(transaction, Application, application_id, no.ApplicationNotFound)
    require_version(expected, seen.revision)
    application = await commands.close_examination(transaction, sight, application_id, at=now)
    tag(response, application.revision)
    return ExaminationView(
        application_id=application.id, status=application.status.value, score=f"{application.score:.2f}"
    )


@router.get(
    "/applications/{application_id}/conclusions", dependencies=[reader], responses=refusals(no.ApplicationNotFound)
)
async def read_conclusions(
    application_id: UUID,
    session: Reading,
    sight: CurrentSight,
    page: WantedPage,
    standing: ExpertStanding | None = None,
) -> Page[ConclusionView]:
    """The conclusions: an expert sees the others' only after giving the own, the applicant from the hearing on."""
    rows = await queries.conclusion_page(session, sight, page, application_id, standing)
    return page.page(rows, lambda each: (each.asked_at, each.id), lambda each: _shown(sight, each))


@router.get("/conclusions/{conclusion_id}", dependencies=[reader], responses=refusals(model.ConclusionNotFound))
async def read_conclusion(
    conclusion_id: UUID, session: Reading, sight: CurrentSight, response: Response
) -> ConclusionView:
    """One expert's part; its ETag is what the expert's own steps and a discharge rest on."""
    return _answer(response, sight, await queries.read_conclusion(session, sight, conclusion_id))


@router.get(
    "/applications/{application_id}/criteria",
    dependencies=[reader],
    responses=refusals(no.ApplicationNotFound, rules.CriteriaNotKnown),
)
async def read_criteria(
    application_id: UUID, session: Reading, sight: CurrentSight, page: WantedPage, now: Now
) -> Page[CriterionView]:
    """What experts score: the criteria of the day of submission (today, before it)."""
    application = await read_application(session, sight, application_id)
    day = application.submitted_on or local_day(now)
    rows = await queries.criteria_page(session, page, day, application.submitted_at)
    return page.page(rows, lambda criterion: (criterion.key,), CriterionView.of)


def _answer(response: Response, sight: Sight, conclusion: Conclusion) -> ConclusionView:
    tag(response, conclusion.revision)
    return _shown(sight, conclusion)


def _shown(sight: Sight, conclusion: Conclusion) -> ConclusionView:
    return ConclusionView.of(conclusion, named=sight.institute is not None or conclusion.expert == sight.subject)
