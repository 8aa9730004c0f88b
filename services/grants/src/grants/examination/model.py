"""An expert's part in the examination: asked, conflict declared, concluded or discharged."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from grants.record import Record
from shared.database.columns import Instant, TextEnum
from shared.refusals import Conflict, Forbidden, NotFound, RuleBroken


class ConclusionNotFound(NotFound):
    """The expert was not asked, or the caller may not see it."""

    title = "There is no such conclusion"
    detail = "There is no conclusion {id}."
    remedy = "Look the conclusions of the application up."


class ExpertIsOfficer(Forbidden):
    """Nobody asks themselves."""

    title = "The expert is the officer who asks"
    detail = "An officer cannot ask themselves to examine the application."
    remedy = "Ask somebody else."


class ConflictNotDeclared(Conflict):
    """No expert concludes before saying whether there is a conflict of interest."""

    title = "The declaration on conflicts of interest is missing"
    detail = "Before the conclusion, an expert declares whether there is a conflict of interest."
    remedy = "Make the declaration first."


class ConflictDeclaredAlready(Conflict):
    """A declaration is made once; a conflict that arises later can still be declared."""

    title = "The declaration was made already"
    detail = "The declaration on conflicts of interest was made already."
    remedy = "Go on with the conclusion."


class ExpertBarred(Forbidden):
    """A conflict of interest bars the expert."""

    title = "The expert is barred"
    detail = "The expert has declared a conflict of interest, or was discharged."
    remedy = "Another expert examines the application."


class ConclusionSubmittedAlready(Conflict):
    """A conclusion is given once."""

    title = "The conclusion was given already"
    detail = "This expert has given a conclusion on the application."
    remedy = "The officer closes the examination when all have concluded."


class ConflictReasonMissing(RuleBroken):
    """A conflict is declared with its reason."""

    title = "The reason is missing"
    detail = "A conflict of interest is declared with its reason."
    remedy = "Say what the conflict is."
    field = "/reason"


class ExpertStanding(StrEnum):
    """How far an expert is."""

    ASKED = "asked"
    FREE = "free-of-conflicts"
    BARRED = "barred"
    DISCHARGED = "discharged"
    CONCLUDED = "concluded"


class Recommendation(StrEnum):
    """What the expert would decide."""

    APPROVE = "approve"
    REFUSE = "refuse"


class Conclusion(Record, table=True):
    """One expert's examination of one application; `scores` with reasons, `percent` of the highest possible."""

    __tablename__ = "expert_conclusion"
    __table_args__ = (
        UniqueConstraint("application_id", "expert"),
        CheckConstraint(
            f"standing in ({', '.join(repr(standing.value) for standing in ExpertStanding)})", name="standing_known"
        ),
        CheckConstraint("expert <> asked_by", name="asked_by_another"),
        CheckConstraint(
            "(standing = 'concluded') = (percent is not null and concluded_at is not null)", name="concluded_whole"
        ),
        CheckConstraint("standing <> 'barred' or coalesce(reason, '') <> ''", name="barred_with_reason"),
        CheckConstraint("percent >= 0 and percent <= 100", name="percent_range"),
    )

    application_id: UUID = Field(sa_type=Uuid, foreign_key="application.id")
    expert: str = Field(sa_type=Text, index=True)
    asked_by: str = Field(sa_type=Text)
    asked_at: datetime = Field(sa_type=Instant)
    standing: ExpertStanding = Field(default=ExpertStanding.ASKED, sa_type=TextEnum(ExpertStanding))
    declared_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str | None = Field(default=None, sa_type=Text)
    scores: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    percent: Decimal | None = Field(default=None, sa_type=Numeric(5, 2))
    recommendation: Recommendation | None = Field(default=None, sa_type=TextEnum(Recommendation))
    summary: str | None = Field(default=None, sa_type=Text)
    concluded_at: datetime | None = Field(default=None, sa_type=Instant)

    def declare(self, *, conflict: bool, reason: str | None, at: datetime) -> None:
        """Say whether there is a conflict of interest; one that comes up later may be declared until the conclusion."""
        self._require_open()
        if conflict and not reason:
            raise ConflictReasonMissing
        if not conflict and self.standing is ExpertStanding.FREE:
            raise ConflictDeclaredAlready
        self.standing = ExpertStanding.BARRED if conflict else ExpertStanding.FREE
        self.declared_at, self.reason = at, reason

    def conclude(
        self,
        scores: list[dict[str, Any]],
        percent: Decimal,
        recommendation: Recommendation,
        summary: str,
        at: datetime,
    ) -> None:
        """Give the conclusion: a score with its reason for each criterion."""
        self._require_open()
        if self.standing is not ExpertStanding.FREE:
            raise ConflictNotDeclared
        self.scores, self.percent, self.recommendation, self.summary = scores, percent, recommendation, summary
        self.standing, self.concluded_at = ExpertStanding.CONCLUDED, at

    def discharge(self, reason: str) -> None:
        """Release an expert who does not conclude."""
        self._require_open()
        self.standing, self.reason = ExpertStanding.DISCHARGED, reason

    @property
    def revision(self) -> int:
        """The version in the ETag: how many steps the expert's part has gone, which never goes back."""
        return {ExpertStanding.ASKED: 0, ExpertStanding.FREE: 1}.get(self.standing, 2)

    @property
    def is_outstanding(self) -> bool:
        """Whether a conclusion is still to come."""
        return self.standing in {ExpertStanding.ASKED, ExpertStanding.FREE}

    def _require_open(self) -> None:
        if self.standing is ExpertStanding.CONCLUDED:
            raise ConclusionSubmittedAlready
        if self.standing in {ExpertStanding.BARRED, ExpertStanding.DISCHARGED}:
            raise ExpertBarred
