"""What must hold after every journey, asked of the databases themselves."""

import asyncio
from typing import Any

import asyncpg

from tirek_local.servers.databases import at_database
from tirek_local.stories.stage import Stage


def query(stage: Stage, service: str, statement: str, *arguments: Any) -> list[Any]:
    """Rows of a service's database, as a superuser."""
    return asyncio.run(_query(url_of(stage, service), statement, *arguments))


def url_of(stage: Stage, service: str) -> str:
    """A service's database, for a superuser."""
    assert stage.system.postgres is not None
    return at_database(stage.system.postgres.dsn(), service)


async def _query(url: str, statement: str, *arguments: Any) -> list[Any]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(statement, *arguments))
    finally:
        await connection.close()


def nothing_is_left_undone(stage: Stage) -> None:
    """Everything said was sent and settled, nothing is parked, the ledger balances, sequences have no gaps."""
    for service in ("grants", "obligations"):
        unsent = lambda service=service: len(query(stage, service, "select 1 from outbox"))  # noqa: E731
        stage.seen(f"unsent events of {service}", unsent, 0)
        assert query(stage, service, "select consumer, type, reason from parked") == []
        gaps = "select aggregate_id from event group by 1 having count(*) <> max(sequence)"
        assert query(stage, service, gaps) == []
    unbalanced = "select entry_id from ledger_posting group by entry_id having sum(amount) <> 0"
    assert query(stage, "grants", unbalanced) == []
    assert principals_exceeding_what_was_paid(stage) == []


def principals_exceeding_what_was_paid(stage: Stage) -> list[Any]:
    """Agreements whose claims' principals, of all years together, are more than what was paid and not reversed."""
    return query(
        stage,
        "obligations",
        """
        select c.agreement_id, sum(c.principal) from claim c group by c.agreement_id
        having sum(c.principal) > (
            select coalesce(sum(d.amount), 0) from disbursement d
            where d.agreement_id = c.agreement_id and d.reversed_on is null)
        """,
    )
