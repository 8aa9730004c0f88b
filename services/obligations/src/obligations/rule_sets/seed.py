"""The default rule set that comes with the installation: approved for use, and unverified."""

import json
from datetime import date
from importlib.resources import files

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.record import NATIONAL, table_of
from obligations.repayment.parameters import SOURCE
from obligations.rule_sets.content import RuleSetContent
from obligations.rule_sets.model import DEFAULT_RULE_SET, RuleSet
from shared.calendar.local_days import day_begins
from shared.identity import derived_id


async def seed_rule_sets(session: AsyncSession) -> None:
    """Bring in the default set, in force since the Law; whoever uses it for a demand accepts it by name."""
    packaged = json.loads(files("obligations.rule_sets").joinpath("default.json").read_text(encoding="utf-8"))
    effective_from = date.fromisoformat(packaged["effective_from"])
    content = RuleSetContent()
    at = day_begins(effective_from)
    row = {
        "id": derived_id("obligations", "rule-set", DEFAULT_RULE_SET, effective_from),
        "version": 0,
        "institute": NATIONAL,
        "name": DEFAULT_RULE_SET,
        "effective_from": effective_from,
        "content": content.stored(),
        "content_hash": content.hash,
        "source": SOURCE,
        "status": "approved",
        "proposed_by": "Tirek",
        "proposed_at": at,
        "decided_by": "installation",
        "decided_at": at,
    }
    connection = await session.connection()
    table = table_of(RuleSet)
    await connection.execute(insert(table).values(row).on_conflict_do_nothing())
