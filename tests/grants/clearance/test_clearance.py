"""The question before a disbursement, asked of a real HTTP server on loopback: every failure to answer is a no."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from grants.clearance.answer import Clearance, ClearanceStale, DisbursementNotCleared
from grants.clearance.question import TIMEOUT, ObligationsClient
from shared.access.service_tokens import TokenUnavailable
from shared.events.positions import Position
from shared.identity import new_id
from tests.grants.clearance import loopback
from tests.grants.clearance.loopback import Reply, http, obligations, says
from tirek_local.servers.ports import free_port

AGREEMENT = new_id()
SEEN = (Position(new_id(), 2), Position(new_id(), 5))


def standing(**facts: Any) -> dict[str, Any]:
    """What obligations says about the agreement when nothing is in the way."""
    return loopback.standing(AGREEMENT) | facts


async def asked(reply: Reply) -> Clearance:
    async with obligations(reply) as (client, _):
        return await client.ask(AGREEMENT, SEEN)


async def test_a_standing_without_anything_open_clears_the_payment() -> None:
    clearance = await asked(says(standing()))
    clearance.require(AGREEMENT, SEEN[::-1])
    assert clearance.answered_at == datetime(2025, 2, 3, tzinfo=UTC)


async def test_obligations_is_asked_whether_it_has_settled_what_we_have_published() -> None:
    async with obligations(says(standing())) as (client, requests):
        await client.ask(AGREEMENT, SEEN)
    seen = "&".join(f"seen={position.aggregate_id}%3A{position.sequence}" for position in SEEN)
    assert requests[0].startswith(f"GET /v1/agreements/{AGREEMENT}/standing?{seen} ")


CAUSE = {"cause_id": str(UUID(int=7)), "cause": "breach", "since": "2025-02-03T00:00:00Z"}


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"settled": False, "behind": [{"aggregate_id": str(SEEN[0].aggregate_id), "sequence": 2}]}, "behind: 1"),
        ({"settled": False}, "behind: 0"),
        ({"behind": [{"aggregate_id": str(SEEN[0].aggregate_id), "sequence": 2}]}, "behind: 1"),
        ({"open_causes": [CAUSE]}, f"open causes: breach {CAUSE['cause_id']}"),
        ({"due_not_evaluated": 2}, "due and not evaluated: 2"),
        ({"unsent": 1}, "unsent: 1"),
        ({"agreement_id": str(new_id())}, "unreadable: the answer is about another agreement"),
    ],
)
async def test_anything_open_stops_the_payment_and_is_named(facts: dict[str, Any], reason: str) -> None:
    clearance = await asked(says(standing(**facts)))
    with pytest.raises(DisbursementNotCleared, match=reason) as refused:
        clearance.require(AGREEMENT, SEEN)
    assert refused.value.retry_after == 5


@pytest.mark.parametrize(
    "body",
    [[], {}, "yes", None, {"settled": True}]
    + [{name: value for name, value in standing().items() if name != missing} for missing in standing()]
    + [standing(unsent=-1), standing(due_not_evaluated="some"), standing(settled="perhaps"), standing(behind=None)],
)
async def test_an_answer_that_cannot_be_read_stops_the_payment(body: object) -> None:
    assert (await asked(says(body))).reasons == ("unreadable: the answer is not what is wanted",)


async def test_a_body_that_is_no_json_stops_the_payment() -> None:
    async def reply(_: str) -> bytes:
        return http(200, b"<html>gateway</html>")

    assert (await asked(reply)).reasons == ("unreadable: the answer is not what is wanted",)


@pytest.mark.parametrize("status", [401, 403, 404, 409, 500, 502, 503, 302])
async def test_any_other_status_stops_the_payment(status: int) -> None:
    assert (await asked(says(standing(), status))).reasons == (f"unreachable: status {status}",)


@pytest.mark.parametrize(("header", "seconds"), [("17", 17), ("0", 1), ("9999", 60), ("soon", 5), ("99999", 5)])
async def test_the_wait_that_obligations_asks_for_is_passed_on_within_bounds(header: str, seconds: int) -> None:
    assert (await asked(says({}, 503, f"retry-after: {header}\r\n"))).retry_after == seconds


async def test_nobody_listening_stops_the_payment() -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{free_port()}", timeout=TIMEOUT) as client:
        clearance = await ObligationsClient(client).ask(AGREEMENT, SEEN)
    assert clearance.reasons == ("unreachable: ConnectError",)


async def test_a_connection_that_breaks_off_is_tried_again() -> None:
    attempts: list[str] = []

    async def reply(line: str) -> bytes:
        attempts.append(line)
        return b"" if len(attempts) < 3 else http(200, json.dumps(standing()).encode())

    assert (await asked(reply)).reasons == ()
    assert len(attempts) == 3


async def test_a_server_that_never_answers_stops_the_payment_within_seconds() -> None:
    async def reply(_: str) -> bytes:
        await asyncio.sleep(2)
        return b""

    async def hanging(client: ObligationsClient) -> Clearance:
        return await client.ask(AGREEMENT, SEEN)

    started = asyncio.get_running_loop().time()
    async with obligations(reply) as (client, _):
        client._client.timeout = httpx.Timeout(0.2)
        clearance = await hanging(client)
    assert clearance.reasons == ("unreachable: ReadTimeout",)
    assert asyncio.get_running_loop().time() - started < 6


async def test_without_a_token_of_our_own_nothing_is_cleared() -> None:
    class NoToken(httpx.Auth):
        def auth_flow(self, request: httpx.Request) -> Any:
            if request.method == "GET":
                raise TokenUnavailable("none")
            yield request

    async with httpx.AsyncClient(base_url="http://127.0.0.1:9", auth=NoToken()) as client:
        clearance = await ObligationsClient(client).ask(AGREEMENT, SEEN)
    assert clearance.reasons == ("unreachable: TokenUnavailable",)


@pytest.mark.parametrize(
    ("agreement_id", "seen"),
    [(AGREEMENT, SEEN[:1]), (AGREEMENT, (SEEN[0], Position(SEEN[1].aggregate_id, 6))), (new_id(), SEEN)],
)
def test_an_answer_to_another_question_is_stale(agreement_id: UUID, seen: tuple[Position, ...]) -> None:
    with pytest.raises(ClearanceStale):
        Clearance(AGREEMENT, SEEN, ()).require(agreement_id, seen)
