"""Who calls, and what is agreed: builders that take only the fact that matters."""

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from grants.agreements.terms import Terms
from grants.tranches.model import Document
from grants.visibility import Sight
from shared.access.roles import Role
from shared.access.tokens import Caller
from shared.contracts.support import Direction, ObligationTerm, PlannedTranche, TargetMode
from shared.identity import new_id

KEY = b"recipient key of the tests"
BIN = "211240038069"
WHOLE = Decimal("100.00")


def caller(role: Role, subject: str | None = None, institute: str = "industry") -> Caller:
    """A caller in one role; an applicant acts for the company of these tests."""
    if role is Role.APPLICANT:
        return Caller(subject or "applicant-1", frozenset({role}), bin=BIN)
    return Caller(subject or f"{role.value}-1", frozenset({role}), institute=institute)


def sight(role: Role, subject: str | None = None, institute: str = "industry") -> Sight:
    """What a caller in the role sees."""
    return Sight(caller(role, subject, institute), KEY)


def term(indicator: str = "export-revenue", years: Sequence[int] = (2025,), **facts: Any) -> ObligationTerm:
    """A counter-obligation by level."""
    stated: dict[str, Any] = {
        "term_id": new_id(), "indicator": indicator, "direction": Direction.EXPORT, "mode": TargetMode.LEVEL,
        "target": Decimal("1000"), "unit": "thousand USD", "weight": Decimal(1),
        "reporting_years": tuple(years),
    } | facts  # fmt: skip
    return ObligationTerm(**stated)


def terms(
    amounts: Sequence[Decimal] = (WHOLE,), obligations: Sequence[ObligationTerm] | None = None, **facts: Any
) -> Terms:
    """Terms with tranches of these amounts, a month apart."""
    planned = tuple(
        PlannedTranche(tranche_id=new_id(), number=number, amount=amount, planned_on=date(2025, 1 + number, 1))
        for number, amount in enumerate(amounts, start=1)
    )
    stated: dict[str, Any] = {"obligations": tuple(obligations or (term(),)), "tranches": planned,
                              "reporting_years": (2025,), "rule_set": "default"} | facts  # fmt: skip
    return Terms(**stated)


def document(name: str = "acceptance act") -> Document:
    """A document whose content is its name."""
    return Document(type="acceptance-act", name=name, sha256=hashlib.sha256(name.encode()).hexdigest(), size=1000)
