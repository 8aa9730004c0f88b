"""What is due next under an agreement: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from grants.account.views import ConflictView
from grants.agreements.model import Agreement, AgreementStatus
from grants.changes.model import Change, ChangeStatus
from grants.holds.known import KnownObligation
from grants.holds.queries import HoldCause
from grants.reports.commands import unaccepted
from grants.reports.model import Report, ReportStatus
from grants.tranches.model import Tranche, TrancheStatus


@dataclass(frozen=True, slots=True)
class DueNext:
    """Something to be done: what, by whom, until the end of which local day where there is one."""

    what: str
    who: str
    about: str
    until: date | None = None


_STEPS = {
    TrancheStatus.PLANNED: ("request-tranche", "applicant"),
    TrancheStatus.REQUESTED: ("propose-tranche", "officer"),
    TrancheStatus.APPROVED: ("disburse-tranche", "officer"),
}


def due_next(
    agreement: Agreement,
    tranches: Sequence[Tranche],
    causes: Sequence[HoldCause],
    obligations: Sequence[KnownObligation],
    reports: Sequence[Report],
    changes: Sequence[Change],
    apart: Sequence[ConflictView],
) -> list[DueNext]:
    """What is due, the earliest day first, then what has no day. `causes` are the open ones."""
    if agreement.status is AgreementStatus.OFFERED:
        return [DueNext("sign", "applicant", agreement.number, agreement.expires_on)]
    due = [
        DueNext("report", "applicant", f"{each.indicator or each.obligation_id} {each.reporting_year}", each.due_on)
        for each in obligations
        if each.status == "active"
    ]
    due += [_payment(each) for each in apart if each.resolved_at is None]
    due += [DueNext("remedy-breach", "applicant", f"{cause.cause} {cause.cause_id}") for cause in causes]
    if agreement.status is AgreementStatus.SIGNED:
        due += [_step(tranche) for tranche in tranches if tranche.is_open]
        due += [_report(report) for report in reports if report.is_unfinished]
        due += [_decision(change) for change in changes if change.is_open]
        if not due and unaccepted(reports) == 0:
            due.append(DueNext("complete", "officer", agreement.number))
    return sorted(due, key=lambda each: (each.until is None, each.until or date.max, each.what, each.about))


def _step(tranche: Tranche) -> DueNext:
    what, who = _STEPS[tranche.status]
    if tranche.status is TrancheStatus.REQUESTED and tranche.proposed_by is not None:
        what, who = "approve-tranche", "approver"
    return DueNext(what, who, f"tranche {tranche.number}", tranche.due_on or tranche.planned_on)


def _report(report: Report) -> DueNext:
    about = f"{report.kind} report" if report.year is None else f"{report.kind} report {report.year}"
    if report.status is ReportStatus.SUBMITTED:
        return DueNext("examine-report", "officer", about)
    return DueNext("report-on-plan", "applicant", about, report.due_on)


def _decision(change: Change) -> DueNext:
    what, who = ("propose", "officer") if change.status is ChangeStatus.REQUESTED else ("approve", "approver")
    return DueNext(f"{what}-change", who, f"{change.kind} {change.id}")


def _payment(apart: ConflictView) -> DueNext:
    what, who = ("propose", "officer") if apart.proposed_by is None else ("approve", "approver")
    return DueNext(f"{what}-resolution", who, f"{apart.kind} {apart.id}")
