"""Chapter: what became known later, each fact a new version; and the earlier answer as known on its day."""

from tirek_local.stories.acts import monitoring, recovery
from tirek_local.stories.grant_to_repayment.cast import APPLICANT, OFFICER, SECOND_OFFICER, YEAR, Case
from tirek_local.stories.stage import Stage
from tirek_local.stories.telling import tenge

PART = "10000000.00"


def what_became_known_later(stage: Stage, case: Case) -> None:
    """A rate is corrected, a report is corrected, a part is repaid: three new versions, none changed or deleted."""
    tell = stage.teller
    tell.chapter("What became known later: each time a new version")
    before = recovery.version(stage, OFFICER, case.claim_id, _number(stage, case))
    stage.on("2026-07-06")
    recovery.correct_rate(stage, SECOND_OFFICER, "2026-06-08", "17.25", "made up: as if the act said 17.25, not 17.00")
    tell.does(SECOND_OFFICER, "corrects the rate of 2026-06-08 from 17.00 to 17.25 (made up for this story)")
    _next(stage, case, 1, {"fulfilment": "0.70", "principal": "30000000.00", "interest": "7298630.14"})
    stage.on("2026-07-13")
    monitoring.correct(stage, APPLICANT, case.report_id, "11750")
    tell.does(APPLICANT, "corrects the report: 11,750 instead of 11,500 per employee, so K rises to 0.75")
    _next(stage, case, 2, {"fulfilment": "0.75", "principal": "25000000.00", "interest": "6164897.27"})
    stage.on("2026-07-20")
    paid = recovery.repay(stage, OFFICER, case.claim_id, PART, "KKMF-2026-0720-01")
    stage.figures.all_equal("the part", paid, {"to_interest": "6247602.75", "to_principal": "3752397.25"})
    tell.does(OFFICER, f"records {tenge(PART)} tenge that came back: interest first, then principal")
    _next(stage, case, 3, {"principal": "25000000.00", "interest": "6247602.75", "outstanding": "21247602.75"})
    _list(stage, case)
    _as_known(stage, case, before)


def _number(stage: Stage, case: Case) -> int:
    claim = recovery.claim_of(stage, OFFICER, case.agreement_id, YEAR) or {}
    return int(claim["version"])


def _next(stage: Stage, case: Case, more: int, wanted: dict[str, object]) -> None:
    """Wait for the version so many after that of 30 June, and check its figures."""
    first = int(recovery.known_on(stage, OFFICER, case.claim_id, "2026-06-30")["number"])
    claim = recovery.claim_where(stage, OFFICER, case.agreement_id, YEAR, version=first + more)
    stage.figures.all_equal(f"version {claim['version']} of the claim", claim, wanted)


def _list(stage: Stage, case: Case) -> None:
    rows = [
        (
            str(each["number"]),
            each["known_from"][:10],
            each["trigger"].replace("-", " "),
            each["fulfilment"],
            tenge(each["principal"]),
            tenge(each["interest"]),
            tenge(each["outstanding"]),
        )
        for each in stage.obligations.items(OFFICER, f"/v1/claims/{case.claim_id}/versions")
    ]
    heads = ("no.", "known from", "because of", "K", "principal", "interest", "left to pay")
    title = "All versions of the claim, each as of the day from which it is known"
    stage.teller.table(title, heads, rows, right=(0, 3, 4, 5, 6))


def _as_known(stage: Stage, case: Case, before: dict[str, object]) -> None:
    then = recovery.known_on(stage, OFFICER, case.claim_id, "2026-06-30")
    stage.figures.equal("the version as known on 2026-06-30", then, before)
    asked = recovery.quote(stage, OFFICER, case.claim_id, "2026-06-30", known_on="2026-06-30")
    stage.figures.all_equal(
        "the quote as known on 2026-06-30", asked, {"principal": "30000000.00", "interest": "7209041.10"}
    )
    stage.teller.does(OFFICER, "asks what was known on 2026-06-30: still 30,000,000.00 + 7,209,041.10, to the tiyn")
