"""The question before a payment fails closed; a breach after the answer leaves the payment standing and holds."""

import asyncio
import itertools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from shared.access.roles import Role
from tests.journeys.agreed import Agreed, Institute, account_of, agreed
from tests.journeys.invariants import nothing_is_left_undone, url_of
from tirek_local.stories.acts import agreements, monitoring
from tirek_local.stories.people import Person
from tirek_local.stories.stage import Stage
from tirek_local.supervisor.process import Process
from tirek_local.supervisor.system import answers

pytestmark = pytest.mark.timeout(300)

GRANTS = Person("service:grants", Role.SERVICE)
BINS = itertools.cycle(("180340000035", "190440000040", "150540000057", "160640000062", "180840000083"))


@pytest.fixture(scope="module")
def account_id(stage: Stage) -> str:
    stage.on("2022-11-07")
    return account_of(stage, Institute(), "900000000.00")


@pytest.fixture
def agreement(stage: Stage, account_id: str) -> Iterator[Agreed]:
    """Signed today; two tranches of 10 million, this reporting year and the next; the first tranche is paid."""
    today = stage.today
    days = [("10000000.00", today.isoformat())] * 3
    made = agreed(stage, account_id, next(BINS), days, [today.year, today.year + 1], amount="30000000.00")
    made.pay(stage, 1, f"OUT-{uuid.uuid4().hex[:8]}")
    yield made
    nothing_is_left_undone(stage)


@contextmanager
def without(stage: Stage, name: str) -> Iterator[None]:
    """While the block runs, that process does not."""
    process = process_of(stage, name)
    process.stop()
    try:
        yield
    finally:
        process.start()
        if name.endswith("-main"):
            stage.until(f"{name} answers", lambda: answers(process.port))


def process_of(stage: Stage, name: str) -> Process:
    """A process of the system."""
    return next(process for process in stage.system.processes if process.name == name)


def settled(stage: Stage, agreement: Agreed) -> None:
    """Wait until obligations has dealt with everything that grants has said of the agreement."""
    path = f"/v1/agreements/{agreement.agreement_id}"

    def standing() -> bool:
        seen = [
            f"{each['aggregate_id']}:{each['sequence']}"
            for each in stage.grants.get(GRANTS, f"{path}/positions")["positions"]
        ]
        found = stage.obligations.get(GRANTS, f"{path}/standing", seen=seen)
        return bool(found["settled"]) and not found["unsent"]

    stage.until("obligations has settled what grants has said", standing)


def attempt(stage: Stage, agreement: Agreed, tranche_id: str, key: str) -> httpx.Response:
    """Record the bank's payment of today, once."""
    body = {"disbursed_on": stage.today.isoformat(), "bank_reference": f"OUT-{tranche_id[:13]}"}
    path, officer = f"/v1/tranches/{tranche_id}", agreement.institute.officer
    headers = {"Idempotency-Key": key, "If-Match": stage.grants.send(officer, "GET", path).headers["ETag"]}
    return stage.grants.send(officer, "POST", f"{path}/disbursement", body=body, headers=headers)


def refused_because(stage: Stage, agreement: Agreed, tranche_id: str, key: str, reason: str) -> None:
    """The payment is refused with `Retry-After`, for this reason, and nothing has been entered."""
    answer = attempt(stage, agreement, tranche_id, key)
    said: dict[str, Any] = answer.json()
    assert (answer.status_code, said["type"]) == (409, "/problems/disbursement-not-cleared"), said
    assert int(answer.headers["retry-after"]) > 0
    assert reason in said["detail"]
    assert status_of(stage, agreement, tranche_id) == "approved"


def status_of(stage: Stage, agreement: Agreed, tranche_id: str) -> str:
    """Where a tranche stands."""
    return str(stage.grants.get(agreement.institute.officer, f"/v1/tranches/{tranche_id}")["status"])


def paid_in_the_end(stage: Stage, agreement: Agreed, tranche_id: str, key: str) -> None:
    """The same request, sent again with the same key, goes through."""
    stage.until("the payment is cleared", lambda: attempt(stage, agreement, tranche_id, key).is_success)
    assert status_of(stage, agreement, tranche_id) == "disbursed"


def next_february(stage: Stage, day: int) -> None:
    """Let this year be over: reports about it are due in the middle of February."""
    stage.on(f"{stage.today.year + 1}-02-{day:02d}")


def test_while_obligations_is_down_nothing_is_paid(stage: Stage, agreement: Agreed) -> None:
    tranche, key = agreement.ready_to_pay(stage, 2), str(uuid.uuid4())
    with without(stage, "obligations-main"):
        refused_because(stage, agreement, tranche, key, "unreachable")
    paid_in_the_end(stage, agreement, tranche, key)


def test_while_obligations_is_behind_nothing_is_paid(stage: Stage, agreement: Agreed) -> None:
    with without(stage, "obligations-worker"):
        tranche, key = agreement.ready_to_pay(stage, 2), str(uuid.uuid4())
        refused_because(stage, agreement, tranche, key, "behind")
    paid_in_the_end(stage, agreement, tranche, key)


def test_while_a_cause_is_still_unsent_nothing_is_paid(stage: Stage, agreement: Agreed) -> None:
    tranche, key = agreement.ready_to_pay(stage, 2), str(uuid.uuid4())
    year = stage.today.year
    next_february(stage, 3)
    settled(stage, agreement)
    with without(stage, "obligations-worker"):
        monitoring.report(stage, agreement.applicant, agreement.obligations[year], "100000000")
        refused_because(stage, agreement, tranche, key, "unsent")
        refused_because(stage, agreement, tranche, key, "open causes: breach")
        assert not agreements.dossier(stage, agreement.institute.officer, agreement.agreement_id)["on_hold"]
    held(stage, agreement)
    assert attempt(stage, agreement, tranche, key).json()["type"] == "/problems/agreement-on-hold"


def test_while_a_due_day_has_passed_and_nobody_has_evaluated_it_nothing_is_paid(
    stage: Stage, agreement: Agreed
) -> None:
    tranche, key = agreement.ready_to_pay(stage, 2), str(uuid.uuid4())
    settled(stage, agreement)
    with without(stage, "obligations-worker"):
        next_february(stage, 28)
        refused_because(stage, agreement, tranche, key, "due and not evaluated: 1")
    held(stage, agreement)


async def test_a_breach_between_the_answer_and_the_commit_leaves_the_payment_and_holds_from_then_on(
    stage: Stage, agreement: Agreed
) -> None:
    tranche, key, year = agreement.ready_to_pay(stage, 2), str(uuid.uuid4()), stage.today.year
    next_february(stage, 3)
    settled(stage, agreement)
    ours = await asyncpg.connect(url_of(stage, "grants"))
    try:
        async with ours.transaction():  # whoever wants the agreement waits, the payment first, then the hold
            await ours.fetch("select 1 from agreement where id = $1 for update", agreement.agreement_id)
            paying = asyncio.create_task(asyncio.to_thread(attempt, stage, agreement, tranche, key))
            await waiting(ours, "tirek-grants")
            obligation = agreement.obligations[year]
            await asyncio.to_thread(monitoring.report, stage, agreement.applicant, obligation, "100000000")
            await waiting(ours, "grants-worker")
        assert (await paying).status_code == 200
    finally:
        await ours.close()
    await asyncio.to_thread(_standing_and_held, stage, agreement, tranche)


def _standing_and_held(stage: Stage, agreement: Agreed, tranche: str) -> None:
    held(stage, agreement)
    officer = agreement.institute.officer
    shown = agreements.dossier(stage, officer, agreement.agreement_id)
    assert status_of(stage, agreement, tranche) == "disbursed"
    paid = next(
        each["occurred_at"]
        for each in shown["history"]
        if each["type"] == "support.tranche-disbursed.v1" and each["aggregate_id"] == tranche
    )
    (cause,) = shown["holds"]
    assert cause["is_open"]
    assert paid < cause["since"] <= cause["held_at"]
    third = agreement.tranche_ids[2]
    agreements.request(stage, agreement.applicant, third, f"invoice 3 of {agreement.agreement_id}")
    agreements.propose(stage, officer, third)
    content = {"content": stage.grants.get(agreement.institute.approver, f"/v1/tranches/{third}")["content"]}
    path = f"/v1/tranches/{third}"
    approver = agreement.institute.approver
    stage.grants.refused(approver, f"{path}/approval", content, problem="agreement-on-hold", resting_on=path)


def held(stage: Stage, agreement: Agreed) -> None:
    """Wait until grants holds the agreement."""
    officer = agreement.institute.officer
    on_hold: Callable[[], object] = lambda: agreements.dossier(stage, officer, agreement.agreement_id)["on_hold"]  # noqa: E731
    stage.seen("the hold", on_hold, wanted=True)


async def waiting(ours: asyncpg.Connection, application: str) -> None:
    """Wait until a connection of that application waits for a lock."""
    question = "select count(*) from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'"
    async with asyncio.timeout(10):
        while not await ours.fetchval(question, application):
            await asyncio.sleep(0.02)
