"""Acts about counter-obligations: reports, their corrections, and where obligations stand."""

import hashlib
from typing import Any

from tirek_local.stories.people import Person
from tirek_local.stories.stage import Stage

Json = Any


def obligations(stage: Stage, who: Person, agreement_id: str) -> dict[tuple[str, int], Json]:
    """The obligations of an agreement, by indicator and reporting year."""
    found = stage.obligations.items(who, "/v1/obligations", agreement_id=agreement_id)
    return {(each["indicator"], each["reporting_year"]): each for each in found}


def opened(stage: Stage, who: Person, agreement_id: str, count: int) -> dict[tuple[str, int], Json]:
    """Wait until so many obligations are open, and answer them."""
    return stage.until(
        f"{count} obligations of agreement {agreement_id} are opened",
        lambda: found if len(found := obligations(stage, who, agreement_id)) == count else None,
    )


def statement(achieved: str, name: str) -> Json:
    """What a report says, and the document that proves it."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return {
        "achieved": achieved,
        "evidence": [{"type": "statistical-form", "name": name, "sha256": digest, "size": 51_200}],
    }


def report(stage: Stage, applicant: Person, obligation_id: str, achieved: str, name: str = "form 1-P") -> Json:
    """Report a year."""
    return stage.obligations.post(applicant, f"/v1/obligations/{obligation_id}/reports", statement(achieved, name))


def correct(stage: Stage, applicant: Person, report_id: str, achieved: str, name: str = "form 1-P, corrected") -> Json:
    """Correct a report."""
    path = f"/v1/reports/{report_id}"
    return stage.obligations.post(applicant, f"{path}/corrections", statement(achieved, name), resting_on=path)


def status_of(stage: Stage, who: Person, obligation_id: str) -> Json:
    """One obligation with all that happened to it."""
    return stage.obligations.get(who, f"/v1/obligations/{obligation_id}")
