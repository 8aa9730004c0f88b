"""A process that takes POSTs of reports: the product's application, or a bare insert behind the same framework.

The application is called without a server between, which would cost both sides the same; prints the seconds it took.
"""

import asyncio
import json
import os
import sys
import time
import uuid
from decimal import Decimal
from typing import Any

import asyncpg
import uvloop
from fastapi import FastAPI
from pydantic import BaseModel

from obligations.main import make
from obligations.settings import Settings
from shared.database.engine import plain_url
from shared.telemetry.setup import set_up_telemetry

AT_ONCE = 8
WARM = 24


class NewReport(BaseModel):
    """What is reported."""

    achieved: Decimal


def bare(url: str) -> FastAPI:
    """One insert by asyncpg, and its answer."""
    app = FastAPI()

    @app.post("/v1/obligations/{obligation_id}/reports", status_code=201)
    async def report(obligation_id: uuid.UUID, asked: NewReport) -> dict[str, Any]:
        row = await app.state.pool.fetchrow(
            "insert into bare_report (obligation_id, achieved) values ($1, $2) returning id, obligation_id, achieved",
            obligation_id,
            asked.achieved,
        )
        return dict(row)

    app.state.url = plain_url(url)
    return app


async def post(app: FastAPI, obligation: str, token: str) -> None:
    """One request, as a server would hand it over."""
    body = b'{"achieved": "900"}'
    headers = {
        "host": "obligations",
        "authorization": f"Bearer {token}",
        "content-type": "application/json",
        "content-length": str(len(body)),
        "idempotency-key": str(uuid.uuid4()),
        "traceparent": f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-01",
    }
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": f"/v1/obligations/{obligation}/reports",
        "raw_path": f"/v1/obligations/{obligation}/reports".encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8104),
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if sent[0]["status"] != 201:
        raise RuntimeError(sent)


async def _all(app: FastAPI, obligations: list[str], token: str) -> None:
    left = iter(obligations)

    async def work() -> None:
        for obligation in left:
            await post(app, obligation, token)

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


async def _timed(app: FastAPI, asked: dict[str, Any]) -> None:
    async with app.router.lifespan_context(app):
        if hasattr(app.state, "url"):
            app.state.pool = await asyncpg.create_pool(app.state.url, min_size=AT_ONCE, max_size=AT_ONCE)
        await _all(app, asked["obligations"][:WARM], asked["token"])
        begun, cpu = time.perf_counter(), time.process_time()
        await _all(app, asked["obligations"][WARM:], asked["token"])
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    sys.stdout.write(json.dumps({"count": len(asked["obligations"]) - WARM, "seconds": seconds, "cpu": cpu}) + "\n")


def main() -> None:
    """Take the requests that standard input names."""
    asked = json.load(sys.stdin)
    if sys.argv[1] == "bare":
        app = bare(os.environ["DATABASE_URL"])
    else:
        settings = Settings.load()
        set_up_telemetry("obligations-api", settings)
        app = make(settings)
    uvloop.run(_timed(app, asked))


if __name__ == "__main__":
    main()
