"""What the people of an agreement do, drawn from a seed: report, correct, pay, approve, return, repay, refund."""

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.chaos.house import House, Running
from tests.chaos.traffic import Broken, Command, Reply, new_key
from tirek_local.stories.acts import monitoring
from tirek_local.stories.people import Person, approver, officer

Json = Any

LEVELS = {"paying": (*["400000000"] * 4, "480000000", "320000000"), "owing": ("0", "120000000", "280000000")}
OFFICERS, APPROVERS = (officer(1), officer(2)), (approver(1), approver(2))
REFUSED_AT_ONCE = frozenset(
    {"version-stale", "tranche-not-requested", "tranche-not-proposed", "proposed-already", "agreement-on-hold",
     "content-changed", "payment-already-recorded", "change-not-proposed", "change-closed", "tranche-not-planned",
     "planned-in-the-past", "tranches-out-of-order", "nothing-amended", "cancellation-not-proposed", "obligation-void",
     "obligation-changed-since"}
)  # fmt: skip
"""What the second of two people is told; an agreement that is held meanwhile refuses both."""


@dataclass
class Actor:
    """The people of one agreement; `mood` is how they fare, paying or owing."""

    house: House
    running: Running
    draw: random.Random
    mood: str
    races: int = 0

    def step(self) -> None:
        """Do the next thing, whatever the draw says and the state allows."""
        verbs: Sequence[tuple[Callable[[], Reply | None], int]] = (
            (self.report, 5),
            (self.move_a_tranche, 9),
            (self.repay, 5),
            (self.refund, 3),
            (self.demand, 2),
            (self.give_back, 1),
            (self.allocate, 1),
            (self.withdraw, 1),
            (self.change_the_schedule, 3),
            (self.correct_a_rate, 1),
            (self.cancel_an_obligation, 1),
        )
        chosen = self.draw.choices([verb for verb, _ in verbs], [weight for _, weight in verbs])[0]
        reply = chosen()
        if reply is not None and reply.is_success and self.draw.random() < 0.2:
            self.house.desk.again(reply, self.draw)

    # -- what is fulfilled ----------------------------------------------------------------------------------------
    def report(self, year: int | None = None, achieved: str | None = None) -> Reply:
        """Report a year, or correct its report."""
        years = [2023, 2024] + ([2025, 2025] if self.house.third_year_may_be_reported else [])
        year = self.draw.choice(years) if year is None else year
        achieved = achieved or self.draw.choice(LEVELS[self.mood])
        body = monitoring.statement(achieved, f"form of {year}, {self.draw.random()}")
        known = self.running.reports.get(year)
        who, effect = self.running.agreed.applicant, "obligations.report-recorded.v1"
        if known is not None:
            path = f"/v1/reports/{known}"
            return self._do("obligations", who, f"{path}/corrections", body, effect, resting_on=path)
        path = f"/v1/obligations/{self.running.agreed.obligations[year]}/reports"
        reply = self._do("obligations", who, path, body, effect)
        if reply.is_success:
            self.running.reports[year] = json_of(reply)["report_id"]
        return reply

    def _mend(self) -> Reply | None:
        """Report what holds the agreement as fulfilled."""
        path = f"/v1/agreements/{self.running.agreed.agreement_id}"
        holds = self.house.desk.read("grants", OFFICERS[0], path).json()["holds"]
        years = sorted(each["reporting_year"] for each in holds if each["is_open"])
        return self.report(years[0], "400000000") if years else None

    def withdraw(self) -> Reply | None:
        """Take a report back."""
        if len(self.running.reports) < 2 or self.mood == "paying":
            return None
        year = self.draw.choice(sorted(self.running.reports))
        path = f"/v1/reports/{self.running.reports[year]}"
        who, effect = self.running.agreed.applicant, "obligations.report-withdrawn.v1"
        reply = self._do("obligations", who, f"{path}/withdrawal", {"reason": "made up"}, effect, resting_on=path)
        if reply.is_success:
            del self.running.reports[year]
        return reply

    # -- money out ------------------------------------------------------------------------------------------------
    def move_a_tranche(self) -> Reply | None:
        """The next step of the first tranche that is not paid."""
        found = self._tranches("planned", "requested", "approved")
        if not found:
            return None
        if self.draw.random() < 0.8 and self._is_held():
            return self._mend() if self.mood == "paying" else None
        tranche = found[0]
        path, mine = f"/v1/tranches/{tranche['id']}", self.running.agreed
        if tranche["status"] == "planned":
            effect = "grants.tranche-requested.v1"
            return self._do("grants", mine.applicant, f"{path}/request", self._invoice(), effect, resting_on=path)
        if tranche["status"] == "approved":
            body = {"disbursed_on": self.house.clock.today, "bank_reference": self._reference("OUT")}
            effect = "support.tranche-disbursed.v1"
            return self._do("grants", OFFICERS[0], f"{path}/disbursement", body, effect, resting_on=path)
        if tranche["proposed_by"] is None:
            return self._do("grants", OFFICERS[0], f"{path}/proposal", resting_on=path)
        return self._approve(path, tranche["content"])

    def _approve(self, path: str, content: str) -> Reply:
        body, effect = {"content": content}, "grants.tranche-approved.v1"
        if self.draw.random() < 0.5:
            return self._do("grants", APPROVERS[0], f"{path}/approval", body, effect, resting_on=path)
        version = self.house.desk.etag("grants", APPROVERS[0], path)
        return self._race(
            [Command("grants", who, f"{path}/approval", body, new_key(self.draw), effect, version) for who in APPROVERS]
        )

    def give_back(self) -> Reply | None:
        """The bank returns a payment, or what it returned is planned anew."""
        reversed_, paid = self._tranches("reversed"), self._tranches("disbursed")
        replaced = {each["replaces"] for each in self._tranches() if each.get("replaces")}
        today = self.house.clock.today
        for tranche in reversed_:
            if tranche["id"] not in replaced:
                path = f"/v1/tranches/{tranche['id']}"
                return self._do("grants", OFFICERS[0], f"{path}/replacement", {"planned_on": today}, resting_on=path)
        if len(paid) < 3:
            return None
        body = {"reversed_on": today, "bank_reference": self._reference("BACK"), "reason": "returned by the bank"}
        path, effect = f"/v1/tranches/{paid[-1]['id']}", "support.tranche-reversed.v1"
        return self._do("grants", OFFICERS[1], f"{path}/reversal", body, effect, resting_on=path)

    def allocate(self) -> Reply:
        """Budget money comes in."""
        body = {
            "amount": f"{self.draw.randrange(1, 9_000_000)}.{self.draw.randrange(100):02d}",
            "allocated_on": self.house.clock.today,
            "bank_reference": self._reference("BUDGET"),
            "act": "made-up order",
        }
        path = f"/v1/accounts/{self.house.account_id}/allocations"
        return self._do("grants", OFFICERS[0], path, body, "grants.funds-allocated.v1")

    # -- money back -----------------------------------------------------------------------------------------------
    def repay(self) -> Reply | None:
        """Money comes back on a claim: a part, all, or too much; now and then recorded by two officers at once."""
        owed = [each for each in self._claims() if each["outstanding"] not in (None, "0.00")]
        if not owed:
            return None
        claim = self.draw.choice(owed)
        tiyn = int(claim["outstanding"].replace(".", ""))
        tiyn = self.draw.choice((tiyn, tiyn, max(tiyn // 3, 1), tiyn + self.draw.randrange(1, 500_000)))
        body = {
            "amount": f"{tiyn // 100}.{tiyn % 100:02d}",
            "received_on": self.house.clock.today,
            "bank_reference": self._reference("IN"),
        }
        path, effect = f"/v1/claims/{claim['id']}/repayments", "obligations.repayment-received.v1"
        if self.draw.random() < 0.7:
            return self._do("obligations", OFFICERS[0], path, body, effect)
        return self._race([Command("obligations", who, path, body, new_key(self.draw), effect) for who in OFFICERS])

    def refund(self) -> Reply | None:
        """The next step of giving back what was overpaid."""
        overpaid = [each for each in self._claims() if each["overpaid"] not in (None, "0.00")]
        if not overpaid:
            return None
        path = f"/v1/claims/{self.draw.choice(overpaid)['id']}"
        proposed = self.house.desk.items("obligations", OFFICERS[0], f"{path}/refunds", status="proposed")
        reply = None if proposed else self._do("obligations", OFFICERS[0], f"{path}/refunds", {}, resting_on=path)
        if reply is not None and not reply.is_success:
            return reply
        there = f"{path}/refunds/{(json_of(reply) if reply is not None else proposed[0])['id']}"
        if not self._do("obligations", APPROVERS[0], f"{there}/approval", resting_on=path).is_success:
            return None
        body = {"paid_on": self.house.clock.today, "bank_reference": self._reference("REFUND")}
        effect = "obligations.refund-paid.v1"
        return self._do("obligations", OFFICERS[1], f"{there}/payment", body, effect, resting_on=path)

    def demand(self) -> Reply | None:
        """The next step towards the demand of a claim."""
        open_ = [each for each in self._claims() if each["status"] in ("calculated", "notified")]
        if not open_:
            return None
        claim = self.draw.choice(open_)
        path = f"/v1/claims/{claim['id']}"
        if claim["status"] == "calculated":
            effect = "obligations.claim-notified.v1"
            return self._do("obligations", OFFICERS[0], f"{path}/notification", effect=effect, resting_on=path)
        shown = self.house.desk.read("obligations", OFFICERS[0], f"{path}/versions/{claim['version']}").json()
        body: Json = {"accepted_unverified": (shown["sheet"] or {}).get("unverified", [])}
        reply = self._do("obligations", OFFICERS[0], f"{path}/demand-proposal", body, resting_on=path)
        if not reply.is_success:
            return reply
        body["served_by"] = "electronic delivery"
        effect = "obligations.claim-demanded.v1"
        return self._do("obligations", APPROVERS[0], f"{path}/demand-approval", body, effect, resting_on=path)

    # -- what is changed ------------------------------------------------------------------------------------------
    def change_the_schedule(self) -> Reply | None:
        """The next step of a change of days: asked for, proposed, and approved or refused by two people at once."""
        mine = self.running.agreed
        found = self.house.desk.items("grants", OFFICERS[0], "/v1/changes", agreement_id=mine.agreement_id)
        for change in found:
            path = f"/v1/changes/{change['id']}"
            if change["status"] == "requested":
                return self._do("grants", OFFICERS[0], f"{path}/proposal", resting_on=path)
            if change["status"] == "proposed":
                version = self.house.desk.etag("grants", APPROVERS[0], path)
                other = self.draw.choice((("approval", None), ("refusal", {"reason": "made up"})))
                verbs = zip(APPROVERS, (("approval", None), other), strict=True)
                return self._race(
                    [Command("grants", who, f"{path}/{verb}", body, new_key(self.draw), None, version)
                     for who, (verb, body) in verbs]
                )  # fmt: skip
        if self._tranches("requested", "approved"):
            return None
        days = [{"tranche_id": e["id"], "planned_on": self.house.clock.today} for e in self._tranches("planned")]
        body = {"change": {"kind": "schedule", "tranches": days}, "reason": "made up"}
        path = f"/v1/agreements/{mine.agreement_id}"
        return self._do("grants", mine.applicant, f"{path}/change-requests", body, resting_on=path) if days else None

    def correct_a_rate(self) -> Reply | None:
        """A base rate was wrong: whatever claim rests on it, of any agreement, is recalculated."""
        span = {"effective_from": "2023-02-01", "effective_to": "2026-03-31"}
        rates = self.house.desk.items("obligations", OFFICERS[0], "/v1/base-rates", **span)
        path = f"/v1/base-rates/{self.draw.choice(rates)['rate_id']}"
        percent = f"{self.draw.randrange(9, 20)}.{self.draw.randrange(100):02d}"
        body = {"percent": percent, "source": "made up", "reason": "a slip"}
        effect = "obligations.base-rate-corrected.v1"
        return self._do("obligations", OFFICERS[0], f"{path}/corrections", body, effect, resting_on=path)

    def cancel_an_obligation(self) -> Reply | None:
        """The first year of who owes was opened in error: one proposes, two approve at once."""
        path = f"/v1/obligations/{self.running.agreed.obligations[2023]}"
        if self.mood == "paying":
            return None
        reason = {"reason": "made up"}
        proposed = self._do("obligations", OFFICERS[0], f"{path}/cancellation-proposal", reason, resting_on=path)
        if not proposed.is_success:
            return proposed
        there, version = f"{path}/cancellation-approval", self.house.desk.etag("obligations", APPROVERS[0], path)
        effect = "obligations.obligation-cancelled.v1"
        return self._race(
            [Command("obligations", who, there, None, new_key(self.draw), effect, version) for who in APPROVERS]
        )

    # -- how it is done -------------------------------------------------------------------------------------------
    def _race(self, commands: Sequence[Command]) -> Reply:
        """Two people do the same at once: one does it, the other is told why not."""
        self.races += 1
        replies = self.house.desk.at_once(commands[0], commands[1], self.draw)
        done = [reply for reply in replies if reply.is_success]
        refused = {reply.problem for reply in replies if not reply.is_success}
        both_refused = not done and refused <= REFUSED_AT_ONCE | {"second-person-wanted"}
        if not (len(done) == 1 and refused <= REFUSED_AT_ONCE) and not both_refused:
            raise Broken(f"two at once: {replies}")
        return done[0] if done else replies[0]

    def _do(
        self, service: str, who: Person, path: str, body: Json = None, effect: str | None = None,
        *, resting_on: str | None = None,
    ) -> Reply:  # fmt: skip
        version = None if resting_on is None else self.house.desk.etag(service, who, resting_on)
        command = Command(service, who, path, body, new_key(self.draw), effect, version)
        return self.house.desk.do(command, self.draw)

    def _is_held(self) -> bool:
        path = f"/v1/agreements/{self.running.agreed.agreement_id}"
        return bool(self.house.desk.read("grants", OFFICERS[0], path).json()["on_hold"])

    def _tranches(self, *statuses: str) -> list[Json]:
        mine = self.running.agreed.agreement_id
        found = self.house.desk.items("grants", OFFICERS[0], "/v1/tranches", agreement_id=mine)
        return [each for each in found if not statuses or each["status"] in statuses]

    def _claims(self) -> list[Json]:
        mine = self.running.agreed.agreement_id
        return self.house.desk.items("obligations", OFFICERS[0], "/v1/claims", agreement_id=mine)

    def _invoice(self) -> Json:
        name = f"invoice {self.draw.random()}"
        digest = hashlib.sha256(name.encode()).hexdigest()
        return {"documents": [{"type": "invoice", "name": name, "sha256": digest, "size": 48_213}]}

    def _reference(self, word: str) -> str:
        return f"{word}-{self.draw.getrandbits(48):012x}"


def json_of(reply: Reply) -> Json:
    """What was answered."""
    return json.loads(reply.body)
