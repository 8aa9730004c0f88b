"""The story that `make demo` tells, with every figure it checks."""

import pytest

from tests.journeys.invariants import nothing_is_left_undone
from tirek_local.stories.grant_to_repayment import play
from tirek_local.stories.stage import Stage

pytestmark = pytest.mark.timeout(300)


def test_an_unfulfilled_obligation_brings_the_money_back_with_interest_and_the_agreement_closes(stage: Stage) -> None:
    play(stage)
    assert stage.figures.right > 70
    nothing_is_left_undone(stage)
