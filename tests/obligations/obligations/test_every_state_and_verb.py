"""Each state of an obligation against each verb: a transition or a named refusal."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.access.roles import Role
from shared.contracts.support import AgreementSigned
from tests.obligations.world import AFTER_DUE, World, export

STATES = ("active", "reported", "fulfilled", "breached", "excused", "cancelled")

TABLE: dict[tuple[str, str], str] = {
    ("active", "report"): "fulfilled",
    ("active", "correct"): "report-not-found",
    ("active", "withdraw"): "report-not-found",
    ("active", "fall due"): "breached",
    ("active", "ask to be excused"): "active",
    ("active", "excuse"): "excused",
    ("active", "cancel"): "cancelled",
    ("reported", "report"): "report-stands",
    ("reported", "correct"): "reported",
    ("reported", "withdraw"): "active",
    ("reported", "fall due"): "reported",
    ("reported", "ask to be excused"): "reported",
    ("reported", "excuse"): "excused",
    ("reported", "cancel"): "cancelled",
    ("fulfilled", "report"): "report-stands",
    ("fulfilled", "correct"): "fulfilled",
    ("fulfilled", "withdraw"): "active",
    ("fulfilled", "fall due"): "fulfilled",
    ("fulfilled", "ask to be excused"): "nothing-to-excuse",
    ("fulfilled", "excuse"): "nothing-to-excuse",
    ("fulfilled", "cancel"): "cancelled",
    ("breached", "report"): "report-stands",
    ("breached", "correct"): "fulfilled",
    ("breached", "withdraw"): "active",
    ("breached", "fall due"): "breached",
    ("breached", "ask to be excused"): "breached",
    ("breached", "excuse"): "excused",
    ("breached", "cancel"): "cancelled",
    ("excused", "report"): "excused",
    ("excused", "correct"): "report-not-found",
    ("excused", "withdraw"): "report-not-found",
    ("excused", "fall due"): "excused",
    ("excused", "ask to be excused"): "nothing-to-excuse",
    ("excused", "excuse"): "excuse-decided",
    ("excused", "cancel"): "cancelled",
    ("cancelled", "report"): "obligation-void",
    ("cancelled", "correct"): "report-not-found",
    ("cancelled", "withdraw"): "report-not-found",
    ("cancelled", "fall due"): "cancelled",
    ("cancelled", "ask to be excused"): "obligation-void",
    ("cancelled", "excuse"): "obligation-void",
    ("cancelled", "cancel"): "obligation-void",
}
"""What becomes of the obligation, or why not. Reports state the target; `excuse` accepts a request made before."""

CLOSES = {"fulfilled": "obligation-fulfilled", "excused": "obligation-excused", "cancelled": "obligation-cancelled"}


class Case:
    """An obligation in a state, with a report where the state has one and an open request to be excused."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.signed: AgreementSigned
        self.id = ""
        self.report_id = "0199a0b0-0000-7000-8000-000000000000"
        self.excuse_id = ""

    async def now(self) -> dict[str, Any]:
        return await self.world.obligation(self.signed)

    async def bring_to(self, state: str, *, excuse: bool) -> None:
        self.signed = await self.world.signed(export(), rule_set="unknown" if state == "reported" else "default")
        self.id = (await self.now())["obligation_id"]
        if excuse:
            asked = await self.world.post(
                f"/v1/obligations/{self.id}/excuses", {"reason": "flood"}, role=Role.APPLICANT
            )
            self.excuse_id = asked.json()["excuse_id"]
        value = {"reported": "700", "fulfilled": "1000", "breached": "700"}.get(state)
        if value is not None:
            self.report_id = (await self.world.report(self.id, value)).json()["report_id"]
        if state == "excused":
            await self.settle_excuse(reason="flood proved")
        if state == "cancelled":
            await self.cancel()
        assert (await self.now())["status"] == state

    async def report(self) -> Any:
        return await self.world.report(self.id, "1000")

    async def correct(self) -> Any:
        return await self.world.correct(self.report_id, "1000")

    async def withdraw(self) -> Any:
        return await self.world.withdraw(self.report_id, "error")

    async def fall_due(self) -> Any:
        self.world.clock.at = AFTER_DUE
        await self.world.jobs()

    async def ask(self) -> Any:
        return await self.world.post(f"/v1/obligations/{self.id}/excuses", {"reason": "flood"}, role=Role.APPLICANT)

    async def settle_excuse(self, reason: str = "flood proved") -> Any:
        if not self.excuse_id:
            asked = await self.ask()
            if asked.status_code != 201:
                return asked
            self.excuse_id = asked.json()["excuse_id"]
        version = (await self.now())["version"]
        decision = {"accepted": True, "reason": reason}
        return await self.world.post(f"/v1/excuses/{self.excuse_id}/decision", decision, if_match=version)

    async def cancel(self) -> Any:
        path = f"/v1/obligations/{self.id}"
        version = (await self.now())["version"]
        body = {"reason": "opened in error"}
        proposed = await self.world.post(f"{path}/cancellation-proposal", body, if_match=version)
        if proposed.status_code != 201:
            return proposed
        return await self.world.post(f"{path}/cancellation-approval", role=Role.APPROVER, if_match=version)


VERBS: dict[str, Callable[[Case], Awaitable[Any]]] = {
    "report": Case.report,
    "correct": Case.correct,
    "withdraw": Case.withdraw,
    "fall due": Case.fall_due,
    "ask to be excused": Case.ask,
    "excuse": Case.settle_excuse,
    "cancel": Case.cancel,
}


def test_the_table_has_every_state_and_verb() -> None:
    assert set(TABLE) == {(state, verb) for state in STATES for verb in VERBS}


@pytest.mark.parametrize("state", STATES)
async def test_every_verb_does_what_the_table_says_of_an_obligation_that_is(world: World, state: str) -> None:
    start = world.clock.at
    for verb, act in VERBS.items():
        world.clock.at = start
        case = Case(world)
        await case.bring_to(state, excuse=verb == "excuse" and state in {"fulfilled", "breached", "reported", "active"})
        before, told = await case.now(), len(await world.events())
        answer = await act(case)
        after, wanted = await case.now(), TABLE[state, verb]
        if answer is not None and answer.status_code >= 400:
            assert answer.json()["type"] == f"/problems/{wanted}", (state, verb, answer.text)
            assert after == before, (state, verb)
            assert len(await world.events()) == told, (state, verb)
            continue
        assert after["status"] == wanted, (state, verb)
        if wanted != state and wanted in CLOSES:
            assert (await world.events())[-1]["type"] == f"obligations.{CLOSES[wanted]}.v1", (state, verb)
        assert after["version"] == len(after["history"])
