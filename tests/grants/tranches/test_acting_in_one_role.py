"""Somebody with several roles acts in those that an operation lets in, and in no other."""

from shared.access.callers import Role
from tests.grants.desk import Person
from tests.grants.facts import BIN
from tests.grants.funding import Funding
from tests.grants.served import Served, served

__all__ = ["served"]

OFFICER_ELSEWHERE = Person("officer-8", (Role.OFFICER, Role.APPLICANT), "export", BIN)


async def test_an_officer_of_the_other_institute_does_not_decide_about_the_own_companys_tranche(
    served: Served, funding: Funding
) -> None:
    agreement = await funding.signed()
    tranche = (await funding.tranches(agreement))[0]
    headers = served.headers(OFFICER_ELSEWHERE, **{"If-Match": f'"{tranche.revision}"'})
    assert (await served.get(f"/tranches/{tranche.id}", OFFICER_ELSEWHERE)).status_code == 200
    refused = await served.client.post(
        f"/v1/tranches/{tranche.id}/cancellation", headers=headers, json={"reason": "I would rather not."}
    )
    assert refused.status_code == 404
