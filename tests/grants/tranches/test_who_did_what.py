"""The history names who did each thing, whatever keys the callers chose."""

from tests.grants.funding import PAID, Funding
from tests.grants.served import APPROVER, OFFICER, Served, served

__all__ = ["served"]


async def test_two_people_who_chose_the_same_key_are_told_apart(served: Served, funding: Funding) -> None:
    agreement = await funding.signed()
    tranche = (await funding.tranches(agreement))[0]
    await funding.proposed(tranche.id)
    content = (await served.get(f"/tranches/{tranche.id}", OFFICER)).json()["content"]
    seen = {"If-Match": await served.etag(f"/tranches/{tranche.id}")}
    path = f"/v1/tranches/{tranche.id}"
    same = served.headers(APPROVER) | seen | _request(1)
    approved = await served.client.post(f"{path}/approval", headers=same, json={"content": content})
    assert approved.status_code == 200, approved.text
    served.on(PAID)
    payment = {"disbursed_on": "2025-02-03", "bank_reference": "P-1"}
    same = served.headers(OFFICER) | {"If-Match": approved.headers["etag"]} | _request(2)
    paid = await served.client.post(f"{path}/disbursement", headers=same, json=payment)
    assert paid.status_code == 200, paid.text
    told = (await served.get(f"/agreements/{agreement.id}/history", OFFICER)).json()["items"]
    who = {each["type"].split(".")[1]: each["actor"] for each in told}
    assert (who["tranche-approved"], who["tranche-disbursed"]) == ("approver-1", "officer-1")


def _request(number: int) -> dict[str, str]:
    """The same key in a trace of its own, as every request has one."""
    return {"Idempotency-Key": "payment-of-today", "traceparent": f"00-{number:032x}-{number:016x}-01"}
