"""Why a line is not eligible or cannot be judged: each ground with its words, its remedy and where it is written.

Only what is written of every line stands here; the grounds of one category stand beside its checks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ASSUMED = "order 314-НҚ of 01.08.2022, text not at hand: assumed"
ABROAD = "Law 86-VII, Art. 38(1)(1)"


class Answer(StrEnum):
    """What the checker says of a line."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not-eligible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason with a stable code. `says` and `remedy` are message ids, format strings over the finding's data."""

    code: str
    answer: Answer
    says: str
    remedy: str
    item: str = ASSUMED


GROUNDS: dict[str, Ground] = {}
"""Every ground by its code."""


def no(code: str, says: str, remedy: str, item: str = ASSUMED) -> Ground:
    """A ground for which a line is not eligible."""
    return _known(Ground(code, Answer.NOT_ELIGIBLE, says, remedy, item))


def unknown(code: str, says: str, remedy: str, item: str = ASSUMED) -> Ground:
    """A ground for which a line cannot be judged yet."""
    return _known(Ground(code, Answer.UNKNOWN, says, remedy, item))


def _known(ground: Ground) -> Ground:
    if ground.code in GROUNDS:
        raise ValueError(f"The ground {ground.code} stands twice.")
    GROUNDS[ground.code] = ground
    return ground


@dataclass(frozen=True, slots=True)
class Finding:
    """One ground that holds for a line. `pointer` leads to the field; `act` what a table cites for it."""

    ground: Ground
    pointer: str
    data: Mapping[str, object] = field(default_factory=dict)
    act: str | None = None

    @property
    def item(self) -> str:
        """Where it is written: the act of the row that it rests on, else the ground's item."""
        return self.act or self.ground.item


def answer_of(findings: list[Finding]) -> Answer:
    """Eligible without any finding; a ground against it outweighs one for which it cannot be judged."""
    answers = {finding.ground.answer for finding in findings}
    for answer in (Answer.NOT_ELIGIBLE, Answer.UNKNOWN):
        if answer in answers:
            return answer
    return Answer.ELIGIBLE
