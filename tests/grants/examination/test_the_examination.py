"""The examination: experts are asked, declare conflicts of interest, and score with reasons."""

from decimal import Decimal

import pytest

from grants.examination.rules import (
    ConclusionsOutstanding,
    Criterion,
    CriterionNotScored,
    CriterionScoredTwice,
    CriterionUnknown,
    Score,
    ScoreOutOfScale,
    TooFewConclusions,
    mean,
    weigh,
)
from shared.access.callers import Role
from shared.refusals import Refusal
from tests.grants.desk import CRITERIA, EXPERTS, OFFICER, Desk, Person, a_conclusion, must, refused

SCALES = [
    Criterion(key, key, highest, f"row of {key}", "a source", False) for key, highest in (("scale", 10), ("reach", 5))
]


def scores(**given: int) -> list[Score]:
    return [Score(key, score, "Because.") for key, score in given.items()]


def test_scores_are_weighed_by_their_scales() -> None:
    stored, percent = weigh(scores(scale=7, reach=3), SCALES)
    assert percent == Decimal("66.67")
    assert stored[0] == {"criterion": "scale", "score": 7, "highest": 10, "reason": "Because.", "row": "row of scale"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (scores(scale=7), CriterionNotScored),
        (scores(scale=7, reach=3, colour=1), CriterionUnknown),
        ([*scores(scale=7, reach=3), *scores(scale=8)], CriterionScoredTwice),
        (scores(scale=11, reach=3), ScoreOutOfScale),
    ],
)
def test_each_criterion_is_scored_once_within_its_scale(given: list[Score], expected: type[Refusal]) -> None:
    with pytest.raises(expected):
        weigh(given, SCALES)


def test_the_mean_waits_for_all_and_for_enough_experts() -> None:
    assert mean([Decimal("70.00"), Decimal("75.25")], outstanding=0, least=2) == Decimal("72.63")
    with pytest.raises(ConclusionsOutstanding):
        mean([Decimal("70.00"), Decimal("75.00")], outstanding=1, least=2)
    with pytest.raises(TooFewConclusions):
        mean([Decimal("70.00")], outstanding=0, least=2)
    with pytest.raises(TooFewConclusions):
        mean([], outstanding=0, least=0)


async def test_no_expert_sees_anothers_score_before_giving_the_own(desk: Desk) -> None:
    id_ = await desk.in_examination()
    first, second = EXPERTS
    await desk.concluded(id_, first, 9)
    seen = must(await desk.get(f"/applications/{id_}/conclusions", second))["items"]
    assert [(each["expert"], each["scores"]) for each in seen] == [("expert-2", [])]
    await desk.concluded(id_, second, 5)
    seen = must(await desk.get(f"/applications/{id_}/conclusions", second))["items"]
    assert [(each["expert"], each["percent"]) for each in seen] == [(None, "90.00"), ("expert-2", "50.00")]


async def test_the_applicant_reads_the_conclusions_from_the_hearing_on_without_names(desk: Desk) -> None:
    id_ = await desk.before_commission()
    path = f"/applications/{id_}/conclusions"
    assert must(await desk.get(path, desk.applicant))["items"] == []
    must(await desk.voted(id_, {"outcome": "approve", "amount": "1.00"}))
    seen = must(await desk.get(path, desk.applicant))["items"]
    assert [(each["expert"], each["percent"]) for each in seen] == [(None, "70.00")] * 2
    assert {each["expert"] for each in must(await desk.get(path, OFFICER))["items"]} == {"expert-1", "expert-2"}


async def test_a_conflict_of_interest_bars_the_expert(desk: Desk) -> None:
    id_ = await desk.in_examination()
    first, second = EXPERTS
    path = f"/applications/{id_}/conflict-declaration"
    refused(await desk.post(path, first, {"conflict": True}), "conflict-reason-missing", "/reason")
    must(await desk.post(path, first, {"conflict": True, "reason": "My brother works there."}))
    barred = await desk.post(f"/applications/{id_}/conclusion", first, a_conclusion())
    refused(barred, "application-not-found")
    refused(await desk.get(f"/applications/{id_}", first), "application-not-found")
    await desk.concluded(id_, second)
    refused(await desk.post(f"/applications/{id_}/examination", OFFICER), "too-few-conclusions")
    again = await desk.post(f"/applications/{id_}/experts", OFFICER, {"expert": first.subject})
    refused(again, "expert-asked-already")
    third = Person("expert-3", (Role.EXPERT,))
    must(await desk.post(f"/applications/{id_}/experts", OFFICER, {"expert": third.subject}))
    refused(await desk.post(f"/applications/{id_}/examination", OFFICER), "conclusions-outstanding")
    await desk.concluded(id_, third)
    must(await desk.post(f"/applications/{id_}/examination", OFFICER))


async def test_a_conclusion_wants_the_declaration_first_and_is_given_once(desk: Desk) -> None:
    id_ = await desk.in_examination()
    expert = EXPERTS[0]
    path = f"/applications/{id_}/conclusion"
    refused(await desk.post(path, expert, a_conclusion()), "conflict-not-declared")
    await desk.concluded(id_, expert)
    refused(await desk.post(path, expert, a_conclusion()), "conclusion-submitted-already")
    declared = await desk.post(f"/applications/{id_}/conflict-declaration", expert, {"conflict": False})
    refused(declared, "conclusion-submitted-already")


async def test_an_expert_who_does_not_conclude_is_discharged(desk: Desk) -> None:
    id_ = await desk.in_examination()
    must(await desk.post(f"/applications/{id_}/experts", OFFICER, {"expert": "expert-3"}))
    for expert in EXPERTS:
        await desk.concluded(id_, expert)
    refused(await desk.post(f"/applications/{id_}/examination", OFFICER), "conclusions-outstanding")
    asked = must(await desk.get(f"/applications/{id_}/conclusions", OFFICER, standing="asked"))["items"]
    (late,) = (each["id"] for each in asked)
    must(await desk.post(f"/conclusions/{late}/discharge", OFFICER, {"reason": "Fell ill."}))
    must(await desk.post(f"/applications/{id_}/examination", OFFICER))


async def test_neither_the_officer_nor_the_applicant_is_the_expert(desk: Desk) -> None:
    id_ = await desk.in_examination()
    path = f"/applications/{id_}/experts"
    refused(await desk.post(path, OFFICER, {"expert": OFFICER.subject}), "expert-is-officer")
    refused(await desk.post(path, OFFICER, {"expert": desk.applicant.subject}), "expert-is-applicant")


async def test_the_criteria_are_the_five_of_the_law_marked_by_their_source(desk: Desk) -> None:
    id_ = await desk.submitted()
    path = f"/applications/{id_}/criteria"
    first = must(await desk.get(path, OFFICER, limit=3))
    rest = must(await desk.get(path, OFFICER, limit=3, cursor=first["next_cursor"]))
    criteria = first["items"] + rest["items"]
    assert sorted(CRITERIA) == [each["key"] for each in criteria]
    assert rest["next_cursor"] is None
    assert all("Art. 25(4)" in each["source"] and not each["verified"] for each in criteria)


async def test_an_expert_s_steps_and_a_discharge_rest_on_the_expert_s_own_part(desk: Desk) -> None:
    id_ = await desk.in_examination()
    expert, other = EXPERTS
    (own,) = must(await desk.get(f"/applications/{id_}/conclusions", expert))["items"]
    path = f"/conclusions/{own['id']}"
    seen = (await desk.get(path, OFFICER)).headers["etag"]
    assert seen == f'"{own["revision"]}"'
    refused(await desk.get(path, other), "conclusion-not-found")
    declared = await desk.post(f"/applications/{id_}/conflict-declaration", expert, {"conflict": False}, etag=seen)
    assert declared.headers["etag"] == (await desk.get(path, expert)).headers["etag"] != seen
    refused(await desk.post(f"/applications/{id_}/conclusion", expert, a_conclusion(), etag=seen), "version-stale")
    refused(await desk.post(f"{path}/discharge", OFFICER, {"reason": "Fell ill."}, etag=seen), "version-stale")
    must(await desk.post(f"/applications/{id_}/conclusion", expert, a_conclusion()))
    refused(await desk.get(path, other), "conclusion-not-found")
