"""Drafts and signed requests through HTTP; each line has a document of its own unless one is given."""

from itertools import count
from typing import Any

import httpx

from tests.export_support.builders import a_document, a_line
from tests.export_support.desk import Desk, Person, must

_serial = count(1)


def unique(**facts: Any) -> dict[str, Any]:
    """A document that no other line has."""
    return a_document(**{"number": f"U-{next(_serial)}-{id(facts)}", **facts})


def a_content(**facts: Any) -> dict[str, Any]:
    """A content that can be signed."""
    return {
        "applicant_type": "producer", "size": "small", "region": "750000000", "taxes": "90000000.00",
        "history": [{"year": 2024, "volume": "400000000.00"}, {"year": 2025, "volume": "500000000.00"}],
        "load": "75.00", "foreign_revenue": "400000000.00", "about": "Pumps for China.",
        "planned_use": [{"purpose": "Working capital", "amount": "1000000.00"}],
        "declarations": {"not_reimbursed_elsewhere": True, "counter_obligations_accepted": True}, **facts,
    }  # fmt: skip


async def drafted(
    desk: Desk, applicant: Person, *, call_id: str | None = None, content: dict[str, Any] | None = None
) -> str:
    """The path of a draft."""
    body = {
        "call_id": call_id or await desk.open_call(),
        "applicant": {"name": "Sample", "number": applicant.bin},
        "content": a_content() if content is None else content,
    }
    return f"/requests/{must(await desk.post('/requests', applicant, body))['id']}"


async def line_in(desk: Desk, path: str, applicant: Person, category: str = "goods-delivery", **facts: Any) -> str:
    """The id of a line that was added to the draft."""
    cost = a_line(category, **{"document": unique(), **facts})
    return str(must(await desk.post(f"{path}/lines", applicant, {"cost": cost}))["id"])


async def signed(
    desk: Desk, applicant: Person, *, call_id: str | None = None, content: dict[str, Any] | None = None, **facts: Any
) -> httpx.Response:
    """The answer to the signature of a request of one line."""
    path = await drafted(desk, applicant, call_id=call_id, content=content)
    await line_in(desk, path, applicant, **facts)
    return await desk.post(f"{path}/submission", applicant)
