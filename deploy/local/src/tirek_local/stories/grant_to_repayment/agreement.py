"""Chapter: the agreement with its counter-obligations, and the first payment."""

from tirek_local.stories.acts import agreements, funds, monitoring
from tirek_local.stories.grant_to_repayment.cast import (
    APPLICANT,
    APPROVER,
    FIRST_TRANCHE,
    GRANT,
    OFFICER,
    SECOND_TRANCHE,
    YEAR,
    Case,
)
from tirek_local.stories.stage import Stage
from tirek_local.stories.telling import tenge


def agreement_and_first_payment(stage: Stage, case: Case) -> None:
    """Two obligations for 2025, two tranches; the first is paid on 3 February 2025."""
    tell = stage.teller
    tell.chapter("The agreement and the first tranche")
    stage.on("2024-12-04")
    offered = agreements.offer(
        stage,
        OFFICER,
        case.application_id,
        [agreements.productivity(), agreements.export_revenue()],
        [(FIRST_TRANCHE, "2025-02-03"), (SECOND_TRANCHE, "2026-04-15")],
        [YEAR],
    )
    case.agreement_id = offered["id"]
    case.tranche_ids = tuple(part["tranche_id"] for part in offered["terms"]["planned"])
    tell.does(OFFICER, f"offers agreement {offered['number']}, to be signed by {offered['expires_on']}", "Art. 27(1)")
    stage.on("2024-12-10")
    agreements.sign(stage, APPLICANT, case.agreement_id)
    tell.does(APPLICANT, "signs; the rule set of a repayment is frozen from now on", "Art. 27(1)")
    _obligations(stage, case)
    _payment(stage, case)


def _obligations(stage: Stage, case: Case) -> None:
    opened = monitoring.opened(stage, OFFICER, case.agreement_id, 2)
    case.productivity_id = opened["labour-productivity", YEAR]["obligation_id"]
    case.export_id = opened["export-revenue", YEAR]["obligation_id"]
    rows = []
    for (indicator, year), each in sorted(opened.items(), reverse=True):
        stage.figures.equal(f"the due day of {indicator}", each["due_on"], "2026-02-16")
        goal = f"{tenge(each['baseline'])} → {tenge(each['target'])}" if each["baseline"] else tenge(each["target"])
        rows.append((indicator, each["mode"], goal, each["unit"], each["weight"], str(year), each["due_on"]))
    heads = ("indicator", "mode", "target", "unit", "weight", "year", "report due")
    stage.teller.table("The counter-obligations (Art. 27(3)), opened by the signature", heads, rows, right=(2, 4))


def _payment(stage: Stage, case: Case) -> None:
    tell, tranche = stage.teller, case.tranche_ids[0]
    stage.on("2025-01-27")
    agreements.request(stage, APPLICANT, tranche, "Invoice 1 of the supplier")
    tell.does(APPLICANT, f"asks for the first tranche, {tenge(FIRST_TRANCHE)} tenge")
    agreements.propose(stage, OFFICER, tranche)
    tell.does(OFFICER, "proposes the payment")
    stage.on("2025-01-30")
    agreements.approve(stage, APPROVER, tranche)
    tell.does(APPROVER, "approves it: a second person")
    stage.on("2025-02-03")
    paid = agreements.disburse(stage, OFFICER, tranche, "KKMF-2025-0203-01")
    stage.figures.all_equal("the first tranche", paid, {"status": "disbursed", "disbursed_on": "2025-02-03"})
    tell.does(OFFICER, "records the bank's payment KKMF-2025-0203-01; obligations was asked before: nothing is open")
    figures = funds.standing(stage, OFFICER, case.account_id)
    wanted = {"allocated": "500000000.00", "free": "350000000.00", "committed": SECOND_TRANCHE}
    stage.figures.all_equal("the account after the payment", figures, wanted | {"disbursed": FIRST_TRANCHE})
    stage.figures.equal("the parts of the agreement", tenge(GRANT), "150,000,000.00")
    tell.table(
        "The funding account, in tenge",
        ("allocated", "free", "committed", "disbursed"),
        [tuple(tenge(figures[name]) for name in ("allocated", "free", "committed", "disbursed"))],
        right=range(4),
    )
