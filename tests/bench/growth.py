"""How costs grow: a claim of ten times as many segments, an inbox that is full; each against its own beginning."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import asyncpg

from obligations.repayment import RateRow, RateTimeline, RepaymentCase, Tranche, calculate
from shared.database.engine import plain_url
from tests.bench.consumer import consume, probe_truncated
from tests.bench.measuring import Comparison, Done, Watch, take_turns
from tests.bench.platform import bench_probe, write_log
from tests.bench.relay import AGGREGATES, _messages, _producer, _send_all
from tirek_local.testing import Servers

RATES = 60
TIMES = 10
INBOX = 1_000_000
EVENTS = 10_000
FULL = """
insert into inbox (consumer, event_id, outcome)
select 'before', gen_random_uuid(), 'handled' from generate_series(1, $1::int)
"""


def claim_of(segments: int) -> RepaymentCase:
    """A claim of one tranche under a rate that changes every month."""
    first = date(1970, 1, 1)
    days = [first + timedelta(days=30 * number) for number in range(segments)]
    rates = [RateRow(day, Decimal("10.00") + number % 7) for number, day in enumerate(days)]
    return RepaymentCase(
        fulfilment=Decimal("0.70"),
        tranches=(Tranche(Decimal("100000000.00"), first),),
        as_of=days[-1] + timedelta(days=30),
        rates=RateTimeline.of(rates),
    )


async def many_segments_against_few(_: Servers, *, rounds: int, scale: float) -> Comparison:
    """Segments a second of one claim, ten times as many against few: a cost that grows in a line has the ratio 1."""
    compared = Comparison(f"a claim of {RATES * TIMES} segments", f"a claim of {RATES}, per segment", "segments/s", 0.7)
    many, few = claim_of(RATES * TIMES), claim_of(RATES)
    repeats = max(int(200 * scale), 5)

    async def ours() -> Done:
        return _calculated(many, repeats)

    async def theirs() -> Done:
        return _calculated(few, repeats * TIMES)

    return await take_turns(compared, ours, theirs, rounds=rounds)


def _calculated(claim: RepaymentCase, times: int) -> Done:
    segments = 0
    with Watch() as watch:
        for _ in range(times):
            segments += len(calculate(claim).segments)
    return watch.done(segments)


async def full_inbox_against_empty(servers: Servers, *, rounds: int, scale: float) -> Comparison:
    """Events a second of a consumer whose inbox holds a million rows, and of one whose inbox is empty."""
    rows = int(INBOX * scale)
    compared = Comparison(f"consumer with {rows:,} rows in the inbox", "with none", "events/s", 0.8)
    async with bench_probe(servers) as full, bench_probe(servers) as empty, _producer(full) as producer:
        await write_log(full, AGGREGATES, max(int(EVENTS * scale) // AGGREGATES, 8))
        messages = await _messages(full)
        await _send_all(producer, full.broker.topic("probe.v1"), messages)
        empty = replace(empty, broker=full.broker)
        connection = await asyncpg.connect(plain_url(full.url))
        await connection.execute(FULL, rows)
        await connection.close()

        async def ours() -> Done:
            return await consume(full, len(messages))

        async def theirs() -> Done:
            await probe_truncated(empty)
            return await consume(empty, len(messages))

        return await take_turns(compared, ours, theirs, rounds=rounds)
