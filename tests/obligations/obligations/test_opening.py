"""Obligations open with the agreement and follow its addenda."""

from datetime import UTC, date, datetime
from decimal import Decimal

from tests.obligations.world import AFTER_DUE, DUE_2025, World, export, productivity


async def test_each_term_and_reporting_year_is_an_obligation_of_its_own(world: World) -> None:
    signed = await world.signed(productivity((2025, 2026)), export((2025,)))
    opened = await world.events("obligation-opened")
    assert sorted((one["indicator"], one["reporting_year"]) for one in opened) == [
        ("export-revenue", 2025),
        ("labour-productivity", 2025),
        ("labour-productivity", 2026),
    ]
    assert (await world.obligation(signed))["status"] == "active"


async def test_the_report_is_due_thirty_working_days_after_the_year_by_a_named_calendar(world: World) -> None:
    signed = await world.signed()
    obligation = await world.obligation(signed)
    assert date.fromisoformat(obligation["due_on"]) == DUE_2025
    assert obligation["grace_until"] == obligation["due_on"]
    assert obligation["calendar_version"].startswith("kz-")
    assert obligation["next"] == {"what": "the report of the year", "who": "recipient", "by": DUE_2025.isoformat()}


async def test_an_addendum_changes_a_target_and_the_report_is_evaluated_anew(world: World) -> None:
    term = export()
    signed = await world.signed(term)
    obligation = await world.obligation(signed)
    await world.report(obligation["obligation_id"], "700")
    await world.amended(signed, term.model_copy(update={"target": Decimal("700")}), on=date(2026, 1, 20))
    changed = await world.obligation(signed)
    assert (changed["status"], changed["fulfilment"], changed["target"]) == ("fulfilled", "1.00", "700")


async def test_an_addendum_voids_what_it_leaves_out_of_an_open_year_and_nothing_of_a_closed_one(world: World) -> None:
    closing, staying = export((2025, 2026)), productivity((2026,))
    signed = await world.signed(closing, staying)
    await world.amended(signed, staying, on=date(2026, 1, 20))
    assert (await world.obligation(signed, 0, 2025))["status"] == "active"
    voided = await world.obligation(signed, 0, 2026)
    assert (voided["status"], voided["cancelled_because"]) == ("cancelled", "addendum 1")
    assert (await world.obligation(signed, 1, 2026))["status"] == "active"
    agreement = (await world.get(f"/v1/agreements/{signed.agreement_id}")).json()
    assert agreement["reporting_years"] == [2025, 2026]


async def test_an_addendum_keeps_the_target_of_the_year_that_is_over_and_changes_the_next_ones(world: World) -> None:
    term = export((2025, 2026))
    signed = await world.signed(term)
    before = await world.obligation(signed, year=2025)
    await world.report(before["obligation_id"], "700")
    past = term.model_copy(update={"reporting_years": (2025,)})
    coming = term.model_copy(update={"reporting_years": (2026,), "target": Decimal("700")})
    await world.amended(signed, past, coming, on=date(2026, 1, 20))
    await world.amended(signed, past, coming.model_copy(update={"target": Decimal("800")}), on=date(2026, 1, 21))
    kept, changed = await world.obligation(signed, year=2025), await world.obligation(signed, year=2026)
    assert (kept["target"], kept["status"], kept["fulfilment"]) == ("1000", "breached", "0.70")
    assert (changed["target"], changed["status"]) == ("800", "active")
    assert len(await world.events("obligation-opened")) == 2
    assert await world.events("obligation-cancelled") == []
    standing = (await world.get(f"/v1/obligations?agreement_id={signed.agreement_id}")).json()["items"]
    assert [(each["reporting_year"], each["target"]) for each in standing] == [(2025, "1000"), (2026, "800")]
    what_if = await world.get(f"/v1/agreements/{signed.agreement_id}/what-if?year=2026&on=2026-02-01")
    assert what_if.status_code == 200, what_if.text


async def test_an_addendum_can_add_a_year(world: World) -> None:
    term = export((2025,))
    signed = await world.signed(term)
    await world.amended(signed, term.model_copy(update={"reporting_years": (2025, 2027)}), on=date(2026, 1, 20))
    agreement = (await world.get(f"/v1/agreements/{signed.agreement_id}")).json()
    assert agreement["reporting_years"] == [2025, 2027]


async def test_without_a_report_the_day_after_the_due_day_brings_a_provisional_breach(world: World) -> None:
    signed = await world.signed()
    world.clock.at = datetime(2026, 2, 16, 18, 59, 59, tzinfo=UTC)  # the last second of the due day in Almaty
    assert await world.jobs() == 0
    world.clock.at = datetime(2026, 2, 16, 19, 0, 0, tzinfo=UTC)
    assert await world.jobs() == 1
    breached = await world.obligation(signed)
    assert (breached["status"], breached["breach_reason"], breached["provisional"]) == (
        "breached",
        "not-reported",
        True,
    )
    assert breached["fulfilment"] == "0.00"
    assert await world.jobs() == 0
    told = await world.events("obligation-breached")
    assert [(one["fulfilment"], one["provisional"]) for one in told] == [("0.000000", True)]


async def test_a_late_report_replaces_the_provisional_breach(world: World) -> None:
    signed = await world.signed()
    world.clock.at = AFTER_DUE
    await world.jobs()
    obligation = await world.obligation(signed)
    await world.report(obligation["obligation_id"], "1000")
    assert (await world.obligation(signed))["status"] == "fulfilled"
    types = [one["type"].split(".")[1] for one in await world.events("obligations.")]
    assert types == ["obligation-opened", "obligation-breached", "report-recorded", "obligation-fulfilled"]


async def test_a_whole_period_is_evaluated_at_once_for_the_own_institute(world: World) -> None:
    ours = await world.signed(export(), productivity())
    theirs = await world.signed(institute="export")
    world.clock.at = AFTER_DUE
    answer = await world.post("/v1/period-evaluations", {"reporting_year": 2025})
    assert answer.json() == {"reporting_year": 2025, "evaluated": 2, "left": False}
    assert (await world.obligation(ours))["status"] == "breached"
    assert (await world.obligation(theirs))["status"] == "active"
    again = await world.post("/v1/period-evaluations", {"reporting_year": 2025})
    assert again.json()["evaluated"] == 0


async def test_an_agreement_of_an_unknown_rule_set_waits_and_is_evaluated_once_it_is_approved(world: World) -> None:
    signed = await world.signed(rule_set="strict")
    obligation = await world.obligation(signed)
    assert obligation["grace_until"] is None
    await world.report(obligation["obligation_id"], "900")
    assert (await world.obligation(signed))["status"] == "reported"
    world.clock.at = AFTER_DUE
    assert await world.jobs() == 0
    proposal = {"name": "strict", "effective_from": "2024-01-01", "source": "order 1", "content": {"grace_days": 5}}
    proposed = (await world.post("/v1/rule-sets", proposal)).json()
    approval = {"content_hash": proposed["content_hash"]}
    path = f"/v1/rule-sets/{proposed['rule_set_id']}"
    await world.post(f"{path}/approval", approval, subject="officer-2", resting_on=path)
    assert await world.jobs() == 1
    evaluated = await world.obligation(signed)
    assert (evaluated["status"], evaluated["fulfilment"]) == ("breached", "0.90")
    assert evaluated["grace_until"] > evaluated["due_on"]


async def test_a_target_of_zero_is_named_and_nothing_is_guessed(world: World) -> None:
    signed = await world.signed(export(target=Decimal(0)))
    obligation = await world.obligation(signed)
    await world.report(obligation["obligation_id"], "900")
    reported = await world.obligation(signed)
    assert (reported["status"], reported["evaluation_refusal"]) == ("reported", "target-of-zero")
    world.clock.at = AFTER_DUE
    assert await world.jobs() == 0


async def test_an_officer_reads_everything_that_happened(world: World) -> None:
    signed = await world.signed()
    obligation = await world.obligation(signed)
    await world.report(obligation["obligation_id"], "700")
    history = (await world.obligation(signed))["history"][::-1]
    assert [one["type"].split(".")[1] for one in history] == [
        "obligation-opened",
        "report-recorded",
        "obligation-breached",
    ]
    assert [one["sequence"] for one in history] == [1, 2, 3]
    path = f"/v1/obligations/{obligation['obligation_id']}/history"
    assert (await world.get(path)).json() == {"items": history[::-1], "next_cursor": None}


async def test_lists_are_filtered_and_paged_by_due_day(world: World) -> None:
    signed = await world.signed(productivity((2025, 2026, 2027)))
    await world.signed(export())
    first = (await world.get("/v1/obligations", params={"limit": 3})).json()
    assert len(first["items"]) == 3
    rest = (await world.get("/v1/obligations", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [one["reporting_year"] for one in first["items"] + rest["items"]] == [2025, 2025, 2026, 2027]
    assert rest["next_cursor"] is None
    filters = {"agreement_id": str(signed.agreement_id), "reporting_year": 2026, "status": "active"}
    assert len((await world.get("/v1/obligations", params=filters)).json()["items"]) == 1
    nothing = await world.get("/v1/obligations", params={"direction": "domestic-demand"})
    assert nothing.json()["items"] == []
