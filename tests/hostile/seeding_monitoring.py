"""Chapters: base rates and rule sets; reports, corrections, excuses, a cancellation."""

from tests.hostile.cast import APPROVER, COMPANIES, OFFICER, SECOND_OFFICER, Seeded
from tirek_local.stories.acts import monitoring, recovery
from tirek_local.stories.stage import Stage

CSV = "effective_from,value,announced_on,source\n2026-01-19,17.00,2026-01-12,made up for the tests\n"
SET = {"effective_from": "2027-01-01", "content": {"tolerance": "0.95"}, "source": "Order 2"}


def rates_and_rule_sets(stage: Stage, seeded: Seeded) -> None:
    """Rates announced, corrected, imported, confirmed; rule sets approved, rejected, confirmed."""
    stage.on("2026-01-12")
    rates = "/v1/base-rates"
    announced = {"effective_from": "2026-01-13", "percent": "16.00", "source": "Press release"}
    seeded.rate = stage.obligations.post(OFFICER, rates, announced)["rate_id"]
    correction = {"percent": "16.50", "source": "Press release", "reason": "a slip"}
    path = f"{rates}/{seeded.rate}"
    stage.obligations.post(OFFICER, f"{path}/corrections", correction, resting_on=path)
    stage.obligations.post(OFFICER, f"{rates}/imports", {"csv": CSV})
    stage.obligations.post(OFFICER, f"{rates}/coverage", {"known_until": "2026-10-31", "source": "Press release"})
    recovery.confirm_rates(stage, (OFFICER, SECOND_OFFICER))
    ids = []
    for number in (1, 2, 3):
        proposed = stage.obligations.post(OFFICER, "/v1/rule-sets", {**SET, "name": f"trial-{number}"})
        ids.append((proposed["rule_set_id"], {"content_hash": proposed["content_hash"]}))
    for id_, seen in ids[:2]:
        path = f"/v1/rule-sets/{id_}"
        stage.obligations.post(SECOND_OFFICER, f"{path}/approval", seen, resting_on=path)
    for officer in (OFFICER, SECOND_OFFICER):
        path = f"/v1/rule-sets/{ids[1][0]}"
        stage.obligations.post(officer, f"{path}/confirmation", ids[1][1], resting_on=path)
    rejected, seen = ids[2]
    path = f"/v1/rule-sets/{rejected}"
    stage.obligations.post(SECOND_OFFICER, f"{path}/rejection", {**seen, "reason": "Too mild."}, resting_on=path)
    seeded.rule_set = ids[0][0]


def reports_and_excuses(stage: Stage, seeded: Seeded) -> None:
    """K = 0.70 after a report that was corrected and one that was withdrawn; an excuse; an obligation cancelled."""
    stage.on("2026-01-20")
    mine = monitoring.opened(stage, OFFICER, seeded.agreement, 2)
    productivity, export = (
        mine["labour-productivity", 2025]["obligation_id"],
        mine["export-revenue", 2025]["obligation_id"],
    )
    seeded.obligations = [productivity, export]
    others = monitoring.obligations(stage, OFFICER, seeded.other_agreement)
    seeded.other_obligations = [each["obligation_id"] for each in others.values()]
    company = COMPANIES[0]
    first = monitoring.report(stage, company, export, "300000000")
    monitoring.correct(stage, company, first["report_id"], "320000000")
    wrong = monitoring.report(stage, company, productivity, "12500")
    path = f"/v1/reports/{wrong['report_id']}"
    stage.obligations.post(company, f"{path}/withdrawal", {"reason": "Another year."}, resting_on=path)
    seeded.report = first["report_id"]
    _excuse_and_cancellation(stage, seeded)
    stage.on("2026-02-18")
    monitoring.report(stage, company, productivity, "11500")
    stage.obligations.post(OFFICER, "/v1/period-evaluations", {"reporting_year": 2025})


def _excuse_and_cancellation(stage: Stage, seeded: Seeded) -> None:
    excused, cancelled = seeded.other_obligations[:2]
    excuse = stage.obligations.post(
        COMPANIES[1], f"/v1/obligations/{excused}/excuses", {"reason": "A flood.", "evidence": []}
    )
    seeded.excuse = excuse["excuse_id"]
    decision = {"accepted": True, "reason": "The flood is proven."}
    path = f"/v1/excuses/{seeded.excuse}"
    stage.obligations.post(OFFICER, f"{path}/decision", decision, resting_on=path)
    path = f"/v1/obligations/{cancelled}"
    stage.obligations.post(OFFICER, f"{path}/cancellation-proposal", {"reason": "Agreed."}, resting_on=path)
    stage.obligations.post(APPROVER, f"{path}/cancellation-approval", resting_on=path)
    mine = stage.obligations.post(
        COMPANIES[0], f"/v1/obligations/{seeded.obligations[1]}/excuses", {"reason": "A fire."}
    )
    seeded.excuse = mine["excuse_id"]
    stage.obligations.get(COMPANIES[0], f"/v1/excuses/{seeded.excuse}")
