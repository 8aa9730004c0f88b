"""Scores: every criterion of the day once, within its scale, with a reason; then their mean in percent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shared.refusals import Conflict, RuleBroken

HUNDREDTH = Decimal("0.01")


class CriterionUnknown(RuleBroken):
    """The score is for a criterion that does not stand in the rules of the day."""

    title = "The criterion is not known"
    detail = "{criterion} is not among the criteria of the day of submission: {known}."
    remedy = "Score exactly the criteria that are listed."


class CriterionNotScored(RuleBroken):
    """A criterion has no score."""

    title = "A criterion was not scored"
    detail = "These criteria have no score: {missing}."
    remedy = "Score every criterion, with a reason."
    field = "/scores"


class CriterionScoredTwice(RuleBroken):
    """A criterion has two scores."""

    title = "A criterion was scored twice"
    detail = "{criterion} has two scores."
    remedy = "Score each criterion once."


class ScoreOutOfScale(RuleBroken):
    """The score is higher than the criterion's highest."""

    title = "The score is outside the scale"
    detail = "{criterion} is scored from 0 to {highest}; {score} was given."
    remedy = "Keep to the scale."


class CriteriaNotKnown(RuleBroken):
    """No criteria are known for the day."""

    title = "No criteria are known"
    detail = "No examination criteria are known for {day}."
    remedy = "Import the criteria of the rules in force on that day."


class TooFewConclusions(Conflict):
    """Fewer experts have concluded than the rules want."""

    title = "Too few experts have concluded"
    detail = "{given} conclusions are there; at least {wanted} are wanted."
    remedy = "Ask more experts, or wait for their conclusions."


class ConclusionsOutstanding(Conflict):
    """An expert who was asked has not concluded."""

    title = "Conclusions are outstanding"
    detail = "{count} experts who were asked have not concluded yet."
    remedy = "Wait for them, or discharge them."


@dataclass(frozen=True, slots=True)
class Criterion:
    """What experts score: from 0 to `highest`; `row` is the row of the dated list."""

    key: str
    name: str
    highest: int
    row: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Score:
    """An expert's score for one criterion, with its reason."""

    criterion: str
    score: int
    reason: str


def weigh(scores: Sequence[Score], criteria: Sequence[Criterion]) -> tuple[list[dict[str, Any]], Decimal]:
    """The scores as they are stored, and their sum in percent of the highest possible, half up to two decimals."""
    known = {criterion.key: criterion for criterion in criteria}
    seen: set[str] = set()
    for place, score in enumerate(scores):
        _require_scale(score, known, seen, f"/scores/{place}")
        seen.add(score.criterion)
    if missing := [key for key in known if key not in seen]:
        raise CriterionNotScored(missing=", ".join(missing))
    stored = [_stored(score, known[score.criterion]) for score in scores]
    highest = sum(criterion.highest for criterion in criteria)
    return stored, _percent(Decimal(sum(score.score for score in scores)) * 100 / highest)


def _require_scale(score: Score, known: Mapping[str, Criterion], seen: set[str], place: str) -> None:
    if score.criterion not in known:
        raise CriterionUnknown(criterion=score.criterion, known=", ".join(known), field=f"{place}/criterion")
    if score.criterion in seen:
        raise CriterionScoredTwice(criterion=score.criterion, field=f"{place}/criterion")
    if score.score > known[score.criterion].highest:
        highest = known[score.criterion].highest
        raise ScoreOutOfScale(criterion=score.criterion, highest=highest, score=score.score, field=f"{place}/score")


def _stored(score: Score, criterion: Criterion) -> dict[str, Any]:
    return {
        "criterion": score.criterion,
        "score": score.score,
        "highest": criterion.highest,
        "reason": score.reason,
        "row": criterion.row,
    }


def mean(percents: Sequence[Decimal], *, outstanding: int, least: int) -> Decimal:
    """The mean of the experts' percents, half up to two decimals; raises while conclusions are missing."""
    if outstanding:
        raise ConclusionsOutstanding(count=outstanding)
    if len(percents) < max(least, 1):
        raise TooFewConclusions(given=len(percents), wanted=max(least, 1))
    return _percent(sum(percents, Decimal(0)) / len(percents))


def _percent(value: Decimal) -> Decimal:
    return value.quantize(HUNDREDTH, ROUND_HALF_UP)
