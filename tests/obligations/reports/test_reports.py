"""A recipient reports its years; the last word counts, and every word stays on record."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.access.roles import Role
from tests.obligations.world import OTHER_BIN, World, export

EVIDENCE = {
    "type": "customs-declaration",
    "name": "Declaration 55",
    "sha256": "a" * 64,
    "size": 1024,
    "register_reference": "ESF-1",
}


async def test_a_report_is_evaluated_at_once_and_told_with_its_revision(world: World) -> None:
    signed = await world.signed()
    obligation = await world.obligation(signed)
    answer = await world.report(obligation["obligation_id"], "700.5", body={"evidence": [EVIDENCE], "note": "audited"})
    assert answer.status_code == 201
    assert answer.json()["revisions"][0]["evidence"] == [EVIDENCE]
    breached = await world.obligation(signed)
    assert (breached["status"], breached["fulfilment"], breached["achieved"]) == ("breached", "0.7005", "700.5")
    (recorded,) = await world.events("report-recorded")
    assert (recorded["revision"], recorded["reporting_year"]) == (1, 2025)


async def test_a_corrected_report_lifts_the_breach_and_what_was_said_before_stays(world: World) -> None:
    signed = await world.signed()
    obligation = await world.obligation(signed)
    report = (await world.report(obligation["obligation_id"], "700")).json()
    before = world.clock.at
    world.clock.at += timedelta(days=3)
    await world.correct(report["report_id"], "1000")
    assert (await world.obligation(signed))["status"] == "fulfilled"
    now = (await world.get(f"/v1/reports/{report['report_id']}")).json()
    then = (await world.get(f"/v1/reports/{report['report_id']}", params={"known_at": before.isoformat()})).json()
    assert (now["achieved"], then["achieved"]) == ("1000", "700")
    assert [one["kind"] for one in now["revisions"]] == ["recorded", "corrected"]


KNOWN = ["/base-rates", "/base-rates/coverage", "/indicators", "/parameters", "/obligations/{}/reports"]


@pytest.mark.parametrize("path", KNOWN)
async def test_what_will_be_known_at_a_moment_to_come_is_not_answered(world: World, path: str) -> None:
    obligation = await world.obligation(await world.signed())
    query = {"known_at": (world.clock.at + timedelta(seconds=1)).isoformat()}
    query |= {"on": "2026-01-01"} if path == "/parameters" else {}
    refused = await world.get(f"/v1{path.format(obligation['obligation_id'])}", params=query)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (422, "moment-not-reached")


async def test_a_correction_that_leaves_a_breach_publishes_it_anew_with_its_level(world: World) -> None:
    signed = await world.signed()
    obligation = await world.obligation(signed)
    report = (await world.report(obligation["obligation_id"], "700")).json()
    for achieved in ("800", "800"):
        await world.correct(report["report_id"], achieved)
    told = [one["fulfilment"] for one in await world.events("obligation-breached")]
    assert told == ["0.700000", "0.800000"]


async def test_a_withdrawn_report_leaves_the_year_unreported_and_can_be_sent_anew(world: World) -> None:
    signed = await world.signed()
    obligation = await world.obligation(signed)
    first = (await world.report(obligation["obligation_id"], "1000")).json()
    world.clock.at = datetime(2026, 3, 2, tzinfo=UTC)
    gone = await world.withdraw(first["report_id"], "wrong year")
    assert gone.json()["withdrawn"] is True
    assert (await world.obligation(signed))["breach_reason"] == "not-reported"
    second = (await world.report(obligation["obligation_id"], "1000")).json()
    assert second["report_id"] != first["report_id"]
    assert (await world.obligation(signed))["report_revision"] == 3
    again = await world.withdraw(first["report_id"], "x")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/report-withdrawn-already")


async def test_a_report_withdrawn_before_its_due_day_is_awaited_again_and_holds_nothing(world: World) -> None:
    signed = await world.signed()
    obligation = await world.obligation(signed)
    report = (await world.report(obligation["obligation_id"], "700")).json()
    assert (await world.obligation(signed))["status"] == "breached"
    await world.withdraw(report["report_id"], "wrong year")
    assert (await world.obligation(signed))["status"] == "active"
    told = [one["type"].split(".")[1] for one in await world.events("obligations.")]
    assert told[-3:] == ["obligation-breached", "report-withdrawn", "obligation-awaited"]
    standing = await world.get(f"/v1/agreements/{signed.agreement_id}/standing", role=Role.SERVICE)
    assert standing.json()["open_causes"] == []


async def test_a_year_that_is_not_over_cannot_be_reported(world: World) -> None:
    signed = await world.signed(export((2026,)))
    obligation = await world.obligation(signed, year=2026)
    answer = await world.report(obligation["obligation_id"], "1000")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/year-not-over")


async def test_only_the_recipient_reports_and_for_others_the_obligation_does_not_exist(world: World) -> None:
    signed = await world.signed()
    obligation = (await world.obligation(signed))["obligation_id"]
    stranger = await world.report(obligation, "1000", company=OTHER_BIN)
    assert (stranger.status_code, stranger.json()["type"]) == (404, "/problems/obligation-not-found")
    officer = await world.post(f"/v1/obligations/{obligation}/reports", {"achieved": "1000"})
    assert (officer.status_code, officer.json()["type"]) == (403, "/problems/role-not-allowed")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"achieved": 700},
        {"achieved": 0.7},
        {"achieved": "-1"},
        {"achieved": "1e3"},
        {"achieved": "NaN"},
        {"achieved": "١٢٣"},
        {"achieved": "1_000"},
        {"achieved": "1.1234567"},
        {"achieved": "1" * 16},
        {"achieved": "700", "status": "fulfilled"},
        {"achieved": "700", "note": "a\u0000b"},
        {"achieved": "700", "evidence": [{**EVIDENCE, "sha256": "A" * 64}]},
        {"achieved": "700", "evidence": [{**EVIDENCE, "size": 0}]},
        {"achieved": "700", "evidence": [{**EVIDENCE, "size": "1"}]},
        {"achieved": "700", "evidence": [{**EVIDENCE, "type": "Отчёт"}]},
        {"achieved": "700", "evidence": [EVIDENCE] * 51},
        {"achieved": "700", "evidence": [{**EVIDENCE, "url": "http://inside/"}]},
    ],
)
async def test_what_is_no_report_leaves_no_trace(world: World, body: dict[str, object]) -> None:
    signed = await world.signed()
    before = await world.obligation(signed)
    path = f"/v1/obligations/{before['obligation_id']}/reports"
    answer = await world.post(path, body, role=Role.APPLICANT)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]
    assert await world.obligation(signed) == before


async def test_a_correction_and_a_withdrawal_rest_on_the_report_as_it_was_read(world: World) -> None:
    signed = await world.signed()
    obligation = (await world.obligation(signed))["obligation_id"]
    first = await world.report(obligation, "700")
    path = f"/v1/reports/{first.json()['report_id']}"
    assert first.headers["etag"] == (await world.get(path)).headers["etag"] == '"1"'
    body = {"achieved": "800"}
    assert (await world.post(f"{path}/corrections", body, role=Role.APPLICANT)).status_code == 428
    done = await world.post(f"{path}/corrections", body, role=Role.APPLICANT, if_match=1)
    assert (done.status_code, done.headers["etag"]) == (201, '"2"')
    for verb, said in (("corrections", body), ("withdrawal", {"reason": "x"})):
        stale = await world.post(f"{path}/{verb}", said, role=Role.APPLICANT, if_match=1)
        assert (stale.status_code, stale.headers["etag"]) == (412, '"2"')


async def test_reports_and_their_revisions_come_in_pages(world: World) -> None:
    signed = await world.signed()
    obligation = (await world.obligation(signed))["obligation_id"]
    first = (await world.report(obligation, "700")).json()["report_id"]
    await world.correct(first, "800")
    await world.withdraw(first, "another year")
    second = (await world.report(obligation, "900")).json()["report_id"]
    path = f"/v1/obligations/{obligation}/reports"
    page = (await world.get(path, params={"limit": 1})).json()
    rest = (await world.get(path, params={"limit": 1, "cursor": page["next_cursor"]})).json()
    assert [(one["report_id"], len(one["revisions"])) for one in page["items"] + rest["items"]] == [
        (first, 3),
        (second, 1),
    ]
    revisions = (await world.get(f"/v1/reports/{first}/revisions", params={"limit": 2})).json()
    assert [one["kind"] for one in revisions["items"]] == ["withdrawn", "corrected"]
    assert revisions["next_cursor"] is not None
