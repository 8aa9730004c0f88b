"""The aggregates of grants up to the decision: calls, applications, examinations, the commission."""

from grants.applications.status import ApplicationStatus
from grants.calls.model import CallStatus
from grants.commission.model import MotionStatus
from grants.examination.model import ExpertStanding
from tests.states.grants.ways import (
    APPLICATION,
    DECIDED,
    EXAMINED,
    IN_EXAMINATION,
    OPEN_CALL,
    SECOND_EXPERT,
    SUBMITTED,
    VOTED,
    VOTED_DOWN,
    after_the_window,
)
from tests.states.tables import State, Table

CALLS = Table(
    "call",
    "Call",
    "call",
    "call_id",
    (
        State("none", None, ()),
        State("planned", "none", ("POST /calls",), CallStatus.PLANNED),
        State("open", "planned", ("POST /calls/{call_id}/opening",), CallStatus.OPEN),
        State("open, over", "open", (after_the_window,), CallStatus.OPEN),
    ),
    rooms=("calls",),
    also=("POST /applications",),
    statuses=tuple(CallStatus),
)

_WAY = ApplicationStatus
APPLICATIONS = Table(
    "application",
    "Application",
    "application",
    "application_id",
    (
        State("none", None, OPEN_CALL),
        State("draft", "none", ("POST /applications",), _WAY.DRAFT),
        State("submitted", "draft", (f"POST {APPLICATION}/submission",), _WAY.SUBMITTED),
        State("returned", "submitted", (f"POST {APPLICATION}/return",), _WAY.RETURNED),
        State("returned, written anew", "returned", (f"PUT {APPLICATION}/content",), _WAY.RETURNED),
        State("annulled", "returned", ("job annul applications not corrected in time, after the term",), _WAY.ANNULLED),
        State("withdrawn", "submitted", (f"POST {APPLICATION}/withdrawal",), _WAY.WITHDRAWN),
        State("examination", "submitted", (f"POST {APPLICATION}/completeness",), _WAY.EXAMINATION),
        State("commission", "examination", EXAMINED, _WAY.COMMISSION),
        State("approved", "commission", (f"POST {APPLICATION}/motion, to approve", *DECIDED), _WAY.APPROVED),
        State("hearing", "commission", (f"POST {APPLICATION}/motion, to refuse", *DECIDED), _WAY.HEARING),
        State("hearing, heard", "hearing", (f"POST {APPLICATION}/hearing-statement",), _WAY.HEARING),
        State(
            "refused",
            "hearing",
            (
                f"POST {APPLICATION}/motion, to refuse, after the hearing",
                *VOTED,
                f"POST {APPLICATION}/decision, after the hearing",
            ),
            _WAY.REFUSED,
        ),
    ),
    rooms=("applications",),
    also=(
        f"POST {APPLICATION}/experts",
        f"POST {APPLICATION}/examination",
        f"POST {APPLICATION}/motion",
        "POST /agreements",
    ),
    statuses=tuple(_WAY),
)

_HOW = ExpertStanding
EXAMINATIONS = Table(
    "examination",
    "Examination and conclusion",
    "expert_conclusion",
    "conclusion_id",
    (
        State("not complete yet", None, SUBMITTED),
        State("nobody asked", "not complete yet", (f"POST {APPLICATION}/completeness",)),
        State("asked", "nobody asked", (f"POST {APPLICATION}/experts",), _HOW.ASKED),
        State("free of conflicts", "asked", (f"POST {APPLICATION}/conflict-declaration, none",), _HOW.FREE),
        State("barred", "asked", (f"POST {APPLICATION}/conflict-declaration, a conflict",), _HOW.BARRED),
        State("discharged", "asked", ("POST /conclusions/{conclusion_id}/discharge",), _HOW.DISCHARGED),
        State("concluded", "free of conflicts", (f"POST {APPLICATION}/conclusion",), _HOW.CONCLUDED),
        State("concluded by two", "concluded", SECOND_EXPERT, _HOW.CONCLUDED),
        State("closed", "concluded by two", (f"POST {APPLICATION}/examination",), _HOW.CONCLUDED),
    ),
    rooms=("examination",),
    statuses=tuple(_HOW),
)

_M = MotionStatus
COMMISSIONS = Table(
    "motion",
    "Commission, motion and decision",
    "commission_motion",
    "motion_id",
    (
        State("in examination", None, IN_EXAMINATION),
        State("none", "in examination", EXAMINED),
        State("open", "none", (f"POST {APPLICATION}/motion, to approve",), _M.OPEN),
        State("open, one vote", "open", (f"POST {APPLICATION}/votes",), _M.OPEN),
        State("open, all for", "open", VOTED, _M.OPEN),
        State("open, all against", "open", VOTED_DOWN, _M.OPEN),
        State("carried", "open, all for", (f"POST {APPLICATION}/decision",), _M.CARRIED),
        State("not carried", "open, all against", (f"POST {APPLICATION}/decision",), _M.NOT_CARRIED),
        State("dropped", "open", (f"POST {APPLICATION}/motion/dropping",), _M.DROPPED),
        State("open to refuse, all for", "none", (f"POST {APPLICATION}/motion, to refuse", *VOTED), _M.OPEN),
        State("hearing", "open to refuse, all for", (f"POST {APPLICATION}/decision",), _M.CARRIED),
        State(
            "open after the hearing, all for",
            "hearing",
            (f"POST {APPLICATION}/motion, to refuse, after the hearing", *VOTED),
            _M.OPEN,
        ),
        State(
            "refused",
            "open after the hearing, all for",
            (f"POST {APPLICATION}/decision, after the hearing",),
            _M.CARRIED,
        ),
    ),
    rooms=("commission",),
    statuses=tuple(_M),
)
