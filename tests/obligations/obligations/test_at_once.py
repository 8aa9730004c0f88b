"""Two at once: one wins, the other is told why, and everything has one effect."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from shared.access.roles import Role
from tests.obligations.world import AFTER_DUE, World


async def test_two_reports_at_once_leave_one_that_stands(world: World) -> None:
    signed = await world.signed()
    obligation = (await world.obligation(signed))["obligation_id"]
    answers = await asyncio.gather(*(world.report(obligation, "1000", subject=f"applicant-{n}") for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len(await world.events("report-recorded")) == 1


async def test_two_officers_deciding_at_once_decide_once(world: World) -> None:
    signed = await world.signed()
    obligation = await world.obligation(signed)
    path = f"/v1/obligations/{obligation['obligation_id']}/excuses"
    excuse = (await world.post(path, {"reason": "flood"}, role=Role.APPLICANT)).json()["excuse_id"]

    async def decide(number: int) -> int:
        body = {"accepted": True, "reason": f"reason {number}"}
        answer = await world.post(
            f"/v1/excuses/{excuse}/decision", body, subject=f"officer-{number}", if_match=obligation["version"]
        )
        return answer.status_code

    assert sorted(await asyncio.gather(*(decide(number) for number in range(4)))) == [200, 412, 412, 412]
    assert len(await world.events("obligation-excused")) == 1


async def test_the_same_report_sent_twice_is_answered_twice_and_recorded_once(world: World) -> None:
    signed = await world.signed()
    obligation = (await world.obligation(signed))["obligation_id"]
    first = await world.report(obligation, "1000", key="one")
    second = await world.report(obligation, "1000", key="one")
    assert (second.status_code, second.content) == (201, first.content)
    other = await world.report(obligation, "900", key="one")
    assert other.status_code == 422
    assert len(await world.events("report-recorded")) == 1


async def test_two_workers_evaluate_each_obligation_once(world: World) -> None:
    for _ in range(5):
        await world.signed()
    world.clock.at = AFTER_DUE
    done = await asyncio.gather(world.jobs(), world.jobs(), world.jobs())
    assert sum(done) == 5
    assert len(await world.events("obligation-breached")) == 5


async def test_an_operator_imports_rates_and_evaluates_a_year_at_the_command_line(world: World, tmp_path: Path) -> None:
    await world.signed()
    clock, rates = tmp_path / "clock", tmp_path / "rates.csv"
    clock.write_text(AFTER_DUE.replace(month=11).isoformat())
    rates.write_text("effective_from,value,source\n2026-10-27,15.75,decision\n")
    environment = os.environ | {
        "DATABASE_URL": world.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False),
        "TIREK_ENVIRONMENT": "test",
        "TIREK_CLOCK_FILE": str(clock),
    }

    def tirek(*words: str) -> str:
        command = [str(Path(sys.executable).with_name("tirek")), *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    told = await asyncio.to_thread(tirek, "rates", "import", str(rates), "--known-until", "2026-12-03")
    assert "1 added" in told
    assert "1 obligations" in await asyncio.to_thread(tirek, "obligations", "evaluate", "2025")
    assert (await world.get("/v1/base-rates/coverage")).json() == {"known_until": "2026-12-03"}
    assert len(await world.events("obligation-breached")) == 1
