"""The standing of an agreement, for the service that pays; and of a recipient, for the institutes."""

import re
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AfterValidator, BaseModel

from obligations.claims.refusals import RecalculationPending
from obligations.standing.queries import AgreementStanding, OpenBreach, open_breaches_of_recipient, standing_of
from obligations.visibility import Seen
from shared.access.callers import Role, RoleNotAllowed, allowed
from shared.contracts.support import Measure
from shared.events.positions import Position
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading

router = Router(prefix="/v1", tags=["standing"])

BREACH = "breach"

_seen = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([1-9][0-9]{0,17})\Z", re.ASCII)


def _position(text: str) -> str:
    if _seen.match(text) is None:
        raise ValueError("wanted: the id of an aggregate, a colon and the sequence of its last event")
    return text


SeenPosition = Annotated[str, AfterValidator(_position)]


class PositionView(BaseModel):
    """An aggregate, and the sequence of its last event."""

    aggregate_id: UUID
    sequence: int


class CauseView(BaseModel):
    """A cause for which no further tranche is paid."""

    cause_id: UUID
    cause: str
    since: datetime

    @classmethod
    def of(cls, breach: OpenBreach) -> Self:
        """The view of an open breach."""
        return cls(cause_id=breach.obligation_id, cause=BREACH, since=breach.since)


class StandingView(BaseModel):
    """Whether money may go out under an agreement: only where it is settled and nothing is open, due or unsent.

    `behind` are the aggregates whose events have not been dealt with yet; `unsent` counts what this service has said
    about the agreement and the broker has not acknowledged, `recalculations` the changed rates by which its claims have
    not been calculated yet: a settled one may open again.
    """

    agreement_id: UUID
    settled: bool
    behind: list[PositionView]
    open_causes: list[CauseView]
    due_not_evaluated: int
    unsent: int
    recalculations: int
    answered_at: datetime

    @classmethod
    def of(cls, agreement_id: UUID, standing: AgreementStanding, at: datetime) -> Self:
        """The view of a standing."""
        return cls(
            agreement_id=agreement_id,
            settled=standing.settled,
            behind=[PositionView(aggregate_id=one.aggregate_id, sequence=one.sequence) for one in standing.behind],
            open_causes=[CauseView.of(breach) for breach in standing.open_breaches],
            due_not_evaluated=standing.due_not_evaluated,
            unsent=standing.unsent,
            recalculations=standing.recalculations,
            answered_at=at,
        )


@router.get(
    "/agreements/{agreement_id}/standing",
    dependencies=[Depends(allowed(Role.SERVICE))],
    responses=refusals(RoleNotAllowed),
)
async def read_standing(
    agreement_id: UUID,
    session: Reading,
    now: Now,
    seen: Annotated[
        list[SeenPosition],
        Query(max_length=500, description="The last event of each aggregate under the agreement: id, colon, sequence."),
    ] = [],  # noqa: B006 - FastAPI copies it
) -> StandingView:
    """Say whether money may go out under an agreement, given how far the asking service's events go.

    An agreement of which nothing has arrived yet is behind, never unknown.
    """
    positions = [Position(UUID(text.split(":")[0]), int(text.split(":")[1])) for text in seen]
    return StandingView.of(agreement_id, await standing_of(session, agreement_id, positions, now), now)


class OpenBreachView(BaseModel):
    """An open breach of a recipient; of another institute's agreements only the measure and the year are told."""

    measure: Measure
    reporting_year: int
    since: datetime
    own: bool
    agreement_id: UUID | None
    obligation_id: UUID | None

    @classmethod
    def of(cls, breach: OpenBreach, institute: str) -> Self:
        """The view of a breach for an institute."""
        own = breach.institute == institute
        return cls(
            measure=breach.measure,
            reporting_year=breach.reporting_year,
            since=breach.since,
            own=own,
            agreement_id=breach.agreement_id if own else None,
            obligation_id=breach.obligation_id if own else None,
        )


class RecipientStanding(BaseModel):
    """Whether anything is open of a recipient, under agreements of any institute."""

    recipient_id: UUID
    clear: bool
    open_breaches: list[OpenBreachView]
    answered_at: datetime


@router.get(
    "/recipients/{recipient_id}/standing",
    dependencies=[Depends(allowed(Role.OFFICER, Role.APPROVER, Role.AUDITOR))],
    responses=refusals(RoleNotAllowed, RecalculationPending),
)
async def read_recipient_standing(recipient_id: UUID, session: Reading, sight: Seen, now: Now) -> RecipientStanding:
    """Say what is open of a recipient, also with the other institute.

    Of that one's agreements nothing is told but measure, year and since when: administrative data is not disclosed
    further (Law 86-VII, Art. 6(3)).
    """
    breaches = await open_breaches_of_recipient(session, recipient_id)
    return RecipientStanding(
        recipient_id=recipient_id,
        clear=not breaches,
        open_breaches=[OpenBreachView.of(breach, sight.institute or "") for breach in breaches],
        answered_at=now,
    )
