"""A modest state, made by calls that succeed: each operation of both services is called with success at least once."""

from tests.hostile import seeding_claims, seeding_grants, seeding_monitoring
from tests.hostile.cast import APPROVER, OFFICER, READERS, SERVICE, Seeded
from tirek_local.stories.people import Person
from tirek_local.stories.rest import Api
from tirek_local.stories.stage import Stage

PARAMETERS = {"grants": "mci", "obligations": "obligations.term.report"}


def seed(stage: Stage) -> Seeded:
    """Play everything, in the order of time; then let every role that may read, read everything."""
    seeded = Seeded()
    for chapter in (
        seeding_grants.accounts_and_calls,
        seeding_grants.applications_of_every_kind,
        seeding_grants.agreements_and_payments,
        seeding_monitoring.rates_and_rule_sets,
        seeding_monitoring.reports_and_excuses,
        seeding_claims.the_claim_and_its_demand,
        seeding_claims.repayments_and_refunds,
        seeding_claims.what_ends,
    ):
        chapter(stage, seeded)
    _read_all(stage, seeded)
    return seeded


def _read_all(stage: Stage, seeded: Seeded) -> None:
    for who in READERS:
        for path in _grants_paths(seeded, who):
            stage.grants.get(who, path)
        for path in _obligations_paths(seeded):
            stage.obligations.get(who, path)
        stage.obligations.get(who, f"/v1/claims/{seeded.claim}/quote", as_of="2026-08-10")
        stage.obligations.get(who, f"/v1/agreements/{seeded.agreement}/what-if", year=2025)
    recipient = stage.grants.get(OFFICER, f"/v1/agreements/{seeded.agreement}")["recipient_id"]
    stage.obligations.get(OFFICER, f"/v1/recipients/{recipient}/standing")
    change = stage.grants.items(OFFICER, "/v1/changes")[0]["id"]
    stage.grants.get(OFFICER, f"/v1/changes/{change}")
    stage.grants.get(SERVICE, f"/v1/agreements/{seeded.agreement}/positions")
    stage.obligations.get(SERVICE, f"/v1/agreements/{seeded.agreement}/standing", seen=f"{seeded.agreement}:1")
    for api in (stage.grants, stage.obligations):
        _reference(api)
        api.get(SERVICE, "/health/live")
        api.get(SERVICE, "/health/ready")
        api.get(SERVICE, "/problems/fields-invalid")


def _reference(api: Api) -> None:
    """Read a parameter and a list, look a key up; two confirm a row and an import, and withdraw a row."""
    api.get(OFFICER, f"/v1/parameters/{PARAMETERS[api.name]}", on="2026-01-12")
    path = "/v1/lists/holidays"
    row = api.get(OFFICER, f"{path}/entries", on="2026-01-01")["items"][0]
    api.post(OFFICER, f"{path}/lookups", {"key": "2026-01-01", "on": "2026-01-01"})
    for who in (OFFICER, APPROVER):
        for path in (f"/v1/reference-rows/{row['id']}", f"/v1/list-imports/{row['import_id']}"):
            api.post(who, f"{path}/confirmation", resting_on=path)
    for path in ("/v1/lists", "/v1/reference-rows", "/v1/list-imports"):
        api.get(OFFICER, path)
    api.get(OFFICER, "/v1/parameters", on="2026-01-12")
    file = "day,effective_from,effective_to,kind,name,source\n2026-09-14,2026-09-14,2026-09-14,day-off,made up,a test\n"
    taken = api.post(OFFICER, "/v1/list-imports", {"list_name": "holiday-overrides", "csv": file})
    slip = f"/v1/reference-rows/{api.items(OFFICER, '/v1/reference-rows', import_id=taken['import_id'])[0]['id']}"
    api.post(OFFICER, f"{slip}/withdrawal-proposal", {"reason": "A slip."}, resting_on=slip)
    api.post(APPROVER, f"{slip}/withdrawal-rejection", resting_on=slip)
    api.post(OFFICER, f"{slip}/withdrawal-proposal", {"reason": "A slip."}, resting_on=slip)
    api.post(APPROVER, f"{slip}/withdrawal-approval", resting_on=slip)


def _grants_paths(seeded: Seeded, who: Person) -> list[str]:
    application, agreement, account = (
        f"/v1/applications/{seeded.application}", f"/v1/agreements/{seeded.agreement}", f"/v1/accounts/{seeded.account}"
    )  # fmt: skip
    paths = ["/v1/calls", f"/v1/calls/{seeded.call}", "/v1/applications", application, f"{application}/eligibility"]
    paths += [f"{application}/{part}" for part in ("conclusions", "criteria", "motions", "history")]
    paths += ["/v1/agreements", agreement, f"{agreement}/history", "/v1/tranches", f"/v1/tranches/{seeded.tranches[0]}"]
    paths += ["/v1/changes", "/v1/reports", f"/v1/reports/{seeded.project_report}"]
    if who.bin is None:
        paths += ["/v1/accounts", account, f"{account}/balance", f"{account}/entries", f"{account}/payment-conflicts"]
        paths += [f"{account}/payment-conflicts/{seeded.payment_conflict}", f"/v1/conclusions/{seeded.conclusion}"]
    return paths


def _obligations_paths(seeded: Seeded) -> list[str]:
    claim, obligation = f"/v1/claims/{seeded.claim}", f"/v1/obligations/{seeded.obligations[0]}"
    agreement = f"/v1/agreements/{seeded.agreement}"
    paths = ["/v1/agreements", agreement, f"{agreement}/facts", "/v1/obligations", obligation]
    paths += [
        f"{obligation}/history",
        f"{obligation}/reports",
        f"{obligation}/excuses",
        f"{obligation}/cancellations",
        f"/v1/reports/{seeded.report}",
        f"/v1/reports/{seeded.report}/revisions",
        f"/v1/excuses/{seeded.excuse}",
    ]
    paths += ["/v1/claims", claim, f"{claim}/versions", f"{claim}/versions/1", f"{claim}/versions/1/sheet"]
    paths += [f"{claim}/{part}" for part in ("demands", "repayments", "refunds", "suspensions")]
    paths += ["/v1/base-rates", "/v1/base-rates/coverage"]
    paths += [f"/v1/base-rates/{seeded.rate}", "/v1/rule-sets", f"/v1/rule-sets/{seeded.rule_set}", "/v1/indicators"]
    return paths
