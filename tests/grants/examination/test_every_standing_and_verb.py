"""An expert's part and a commission's motion: every verb in every standing is a transition or a named refusal."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from grants.commission.model import Motion, MotionStatus, Outcome
from grants.commission.refusals import MotionClosed, MotionOutdated, MoverMayNotVote
from grants.examination.model import (
    Conclusion,
    ConclusionSubmittedAlready,
    ConflictDeclaredAlready,
    ConflictNotDeclared,
    ConflictReasonMissing,
    ExpertBarred,
    ExpertStanding,
    Recommendation,
)
from shared.refusals import Refusal

AT = datetime(2025, 2, 10, 5, tzinfo=UTC)
APPLICATION = UUID("00000000-0000-4000-8000-00000000000a")


def conclude(conclusion: Conclusion) -> None:
    conclusion.conclude([], Decimal("70.00"), Recommendation.APPROVE, "Sound.", AT)


def a_conclusion(standing: ExpertStanding) -> Conclusion:
    conclusion = Conclusion(
        institute="industry", application_id=APPLICATION, expert="expert-1", asked_by="officer-1", asked_at=AT
    )
    if standing in {ExpertStanding.FREE, ExpertStanding.CONCLUDED}:
        conclusion.declare(conflict=False, reason=None, at=AT)
    if standing is ExpertStanding.BARRED:
        conclusion.declare(conflict=True, reason="a cousin", at=AT)
    if standing is ExpertStanding.DISCHARGED:
        conclusion.discharge("ill")
    if standing is ExpertStanding.CONCLUDED:
        conclude(conclusion)
    assert conclusion.standing is standing
    return conclusion


PARTS: dict[str, Callable[[Conclusion], None]] = {
    "declare no conflict": lambda part: part.declare(conflict=False, reason=None, at=AT),
    "declare a conflict": lambda part: part.declare(conflict=True, reason="a cousin", at=AT),
    "declare without a reason": lambda part: part.declare(conflict=True, reason=None, at=AT),
    "conclude": conclude,
    "discharge": lambda part: part.discharge("ill"),
}
ASKED, FREE, BARRED, DISCHARGED, CONCLUDED = ExpertStanding
OVER: dict[ExpertStanding, ExpertStanding | type[Refusal]] = {
    BARRED: ExpertBarred,
    DISCHARGED: ExpertBarred,
    CONCLUDED: ConclusionSubmittedAlready,
}
PART_TABLE: dict[str, dict[ExpertStanding, ExpertStanding | type[Refusal]]] = {
    "declare no conflict": {ASKED: FREE, FREE: ConflictDeclaredAlready, **OVER},
    "declare a conflict": {ASKED: BARRED, FREE: BARRED, **OVER},
    "declare without a reason": {ASKED: ConflictReasonMissing, FREE: ConflictReasonMissing, **OVER},
    "conclude": {ASKED: ConflictNotDeclared, FREE: CONCLUDED, **OVER},
    "discharge": {ASKED: DISCHARGED, FREE: DISCHARGED, **OVER},
}


@pytest.mark.parametrize("verb", PARTS)
@pytest.mark.parametrize("standing", list(ExpertStanding))
def test_every_verb_of_an_expert(standing: ExpertStanding, verb: str) -> None:
    conclusion = a_conclusion(standing)
    before = conclusion.model_dump()
    wanted = PART_TABLE[verb][standing]
    if isinstance(wanted, ExpertStanding):
        PARTS[verb](conclusion)
        assert conclusion.standing is wanted
        assert conclusion.is_outstanding is (wanted is FREE)
    else:
        with pytest.raises(wanted):
            PARTS[verb](conclusion)
        assert conclusion.model_dump() == before


def close(motion: Motion, *, carried: bool) -> None:
    motion.close(carried=carried, tally={"for": 3}, minutes="Minutes.", by="officer-1", at=AT)


def a_motion(status: MotionStatus) -> Motion:
    motion = Motion(
        institute="industry",
        application_id=APPLICATION,
        application_revision=4,
        outcome=Outcome.APPROVE,
        amount=Decimal("90.00"),
        findings={},
        put_by="officer-1",
        put_at=AT,
    )
    if status in {MotionStatus.CARRIED, MotionStatus.NOT_CARRIED}:
        close(motion, carried=status is MotionStatus.CARRIED)
    if status is MotionStatus.DROPPED:
        motion.drop(reason="a mistake", by="officer-1", at=AT)
    assert motion.status is status
    return motion


MOTIONS: dict[str, Callable[[Motion], None]] = {
    "vote": lambda motion: motion.require_voter("member-1", 4),
    "vote as the mover": lambda motion: motion.require_voter("officer-1", 4),
    "vote on another revision": lambda motion: motion.require_voter("member-1", 5),
    "close carried": lambda motion: close(motion, carried=True),
    "close not carried": lambda motion: close(motion, carried=False),
    "drop": lambda motion: motion.drop(reason="a mistake", by="officer-1", at=AT),
}
MOTION_TABLE: dict[str, MotionStatus | type[Refusal]] = {
    "vote": MotionStatus.OPEN,
    "vote as the mover": MoverMayNotVote,
    "vote on another revision": MotionOutdated,
    "close carried": MotionStatus.CARRIED,
    "close not carried": MotionStatus.NOT_CARRIED,
    "drop": MotionStatus.DROPPED,
}
"""What becomes of an open motion; of one that is no longer open, every verb is refused."""


@pytest.mark.parametrize("verb", MOTIONS)
@pytest.mark.parametrize("status", list(MotionStatus))
def test_every_verb_on_a_motion(status: MotionStatus, verb: str) -> None:
    motion = a_motion(status)
    before = motion.model_dump()
    wanted = MOTION_TABLE[verb] if status is MotionStatus.OPEN else MotionClosed
    if isinstance(wanted, MotionStatus):
        MOTIONS[verb](motion)
        assert motion.status is wanted
    else:
        with pytest.raises(wanted):
            MOTIONS[verb](motion)
        assert motion.model_dump() == before
