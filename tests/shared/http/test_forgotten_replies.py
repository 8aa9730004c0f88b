"""What is kept for a repeated command is forgotten after its days, in bounded batches."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import insert, select

from shared.database.engine import Database
from shared.http.idempotency import idempotency
from shared.settings import ServiceSettings
from shared.worker.forgetting import BATCH, forget_replies
from tirek_local.testing import Databases


async def test_old_replies_go_in_batches_and_younger_ones_stay(databases: Databases) -> None:
    database = Database(databases.create_empty("grants"), application_name="test-forgetting", pool_size=2)
    now = datetime.now(UTC)
    ages = [31] * (BATCH + 1) + [29]
    kept = {"subject": "aigul", "route": "POST /v1/things", "key": "k", "fingerprint": b"f"}
    rows = [{**kept, "scope": str(n).encode(), "recorded_at": now - timedelta(days=age)} for n, age in enumerate(ages)]
    async with database.engine.begin() as connection:
        await connection.run_sync(idempotency.create)
        await connection.execute(insert(idempotency), rows)
    forget, left = forget_replies(30), []
    for _ in range(3):
        async with database.sessions() as session, session.begin():
            done = await forget(session, now)
            found = (await (await session.connection()).execute(select(idempotency.c.scope))).scalars().all()
            left.append((done, len(found)))
    await database.close()
    assert left == [(True, 2), (True, 1), (False, 1)]


def test_nothing_younger_than_a_day_is_forgotten() -> None:
    settings = {"DATABASE_URL": "postgresql://a:b@c/d", "TIREK_ENVIRONMENT": "test", "TIREK_IDEMPOTENCY_DAYS": 0}
    with pytest.raises(ValidationError, match="TIREK_IDEMPOTENCY_DAYS"):
        ServiceSettings.model_validate(settings)
