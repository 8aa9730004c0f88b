"""The demand through its routes: roles, ETags, and a funding service that must answer."""

from shared.access.roles import Role
from shared.events.positions import Position
from tests.obligations.claims.api import Api
from tests.obligations.demands.test_demand import ALL

ACCEPTED = {"accepted_unverified": list(ALL)}


async def proposed(api: Api) -> str:
    """The claim was notified, the hearing is over, a demand is proposed."""
    path = await api.claim_path()
    told = await api.post(f"{path}/notification", if_match=await api.etag())
    assert told.json()["hearing_until"] == "2026-07-03", told.text
    api.world.clock.on("2026-07-07")
    await api.world.settle()
    made = await api.post(f"{path}/demand-proposal", ACCEPTED, if_match=await api.etag())
    assert made.status_code == 201, made.text
    return path


async def approve(api: Api, path: str, subject: str = "approver-1"):  # type: ignore[no-untyped-def]
    return await api.post(
        f"{path}/demand-approval", ACCEPTED, Role.APPROVER, subject=subject, if_match=await api.etag()
    )


async def test_a_demand_is_approved_when_the_funding_service_has_nothing_new(api: Api) -> None:
    path = await proposed(api)
    api.funding_knows()
    answer = await approve(api, path)
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "approved"
    assert (await api.get(path)).json()["status"] == "demanded"


async def test_without_the_funding_services_answer_it_fails_closed(api: Api) -> None:
    path = await proposed(api)
    silent = await approve(api, path)
    assert (silent.status_code, silent.json()["type"]) == (409, "/problems/funding-service-silent")
    assert int(silent.headers["retry-after"]) > 0
    api.funding_knows()
    api.funding.status = 503
    assert (await approve(api, path)).json()["type"] == "/problems/funding-service-silent"
    assert (await api.get(path)).json()["status"] == "notified"


async def test_a_disbursement_still_on_its_way_refuses_the_approval(api: Api) -> None:
    path = await proposed(api)
    await api.world.disburse("2025-12-01", number=2, settle=False)
    api.funding_knows()
    late = await approve(api, path)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/facts-still-arriving")
    assert int(late.headers["retry-after"]) > 0
    await api.world.settle()
    changed = await approve(api, path)
    assert changed.json()["type"] == "/problems/proposal-void"
    assert Position(api.world.tranche(2), 1) in api.world.positions()


async def test_roles_etags_and_the_own_proposal(api: Api) -> None:
    path = await proposed(api)
    api.funding_knows()
    assert (await api.post(f"{path}/demand-approval", ACCEPTED, Role.OFFICER, if_match=1)).status_code == 403
    assert (await api.post(f"{path}/demand-approval", ACCEPTED, Role.APPROVER, if_match=1)).status_code == 412
    assert (await api.post(f"{path}/demand-approval", ACCEPTED, Role.APPROVER)).status_code == 428
    own = await approve(api, path, subject="officer-1")
    assert (own.status_code, own.json()["type"]) == (403, "/problems/second-person-wanted")
    export = await api.post(
        f"{path}/demand-approval", ACCEPTED, Role.APPROVER, institute="export", if_match=await api.etag()
    )
    assert export.status_code == 404


async def test_the_whole_way_to_settlement_over_http(api: Api) -> None:
    path = await proposed(api)
    api.funding_knows()
    await approve(api, path)
    due = (await api.get(f"{path}/quote?as_of=2026-07-07")).json()["outstanding"]["total"]
    money = {"amount": due, "received_on": "2026-07-07", "bank_reference": "IN-1"}
    first = await api.post(f"{path}/repayments", money, key="one")
    again = await api.post(f"{path}/repayments", money, key="one")
    assert first.status_code == 201, first.text
    assert again.content == first.content
    other = await api.post(f"{path}/repayments", money, key="two")
    assert other.json()["type"] == "/problems/payment-already-recorded"
    assert first.json()["id"] in other.json()["detail"]
    assert (await api.get(path)).json()["status"] == "settled"


async def test_an_approval_sent_again_is_answered_as_it_was_though_the_funding_service_is_silent(api: Api) -> None:
    path = await proposed(api)
    api.funding_knows()
    same = {"subject": "approver-1", "key": "the same", "if_match": await api.etag()}
    first = await api.post(f"{path}/demand-approval", ACCEPTED, Role.APPROVER, **same)
    api.funding.status = 503
    again = await api.post(f"{path}/demand-approval", ACCEPTED, Role.APPROVER, **same)
    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    assert first.json()["accepted_by_approver"] == sorted(ALL)
    other = await approve(api, path)
    assert other.json()["type"] == "/problems/funding-service-silent"
