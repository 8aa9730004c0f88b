"""The shipped clients are set for money: nothing is acknowledged by one server, committed by itself, or skipped."""

from shared.events.broker import Broker

BROKER = Broker("127.0.0.1:1")


async def test_the_producer_waits_for_all_replicas_and_repeats_without_doubling() -> None:
    producer = BROKER.producer("test")
    sender = producer._sender
    await producer.stop()
    assert sender._acks == -1
    assert sender._txn_manager is not None
    assert sender._txn_manager.transactional_id is None


async def test_the_consumer_commits_by_hand_reads_what_is_committed_and_begins_at_the_start() -> None:
    consumer = BROKER.consumer("grants.v1", group="test", client_id="test")
    await consumer.stop()
    assert consumer._enable_auto_commit is False
    assert consumer._isolation_level == "read_committed"
    assert consumer._auto_offset_reset == "earliest"
    assert consumer._group_id == "test"
