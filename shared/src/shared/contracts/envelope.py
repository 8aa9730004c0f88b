"""The envelope of an event: CloudEvents 1.0, binary mode on Kafka, with Tirek's extensions."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

MAX_EVENT_BYTES = 512 * 1024
"""The largest `data` of an event: half of what the topics accept, so that an event that was committed can be sent."""

Headers = list[tuple[str, bytes]]


class EnvelopeUnreadable(ValueError):
    """A record on the topic is no event of ours: a header is missing or is not what it should be."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything about an event but its data.

    `sequence` counts the events of `subject` (the aggregate) from 1 without a gap; `epoch` rises when the broker has
    forgotten records and the log is sent again. `position` is the place in the log of `source`, 0 if not told: of two
    events about one agreement the higher was decided later, whatever their times say (clocks are read before locks).
    """

    id: UUID
    source: str
    type: str
    subject: UUID
    time: datetime
    sequence: int
    partition_key: str
    institute: str
    epoch: int
    causation_id: str | None = None
    traceparent: str | None = None
    position: int = 0


def to_headers(envelope: Envelope) -> Headers:
    """The record headers of an event: `ce_…` names, UTF-8 values; the sequence is zero-padded to order as text."""
    headers = [
        *_shared_headers(envelope.source, envelope.type, envelope.institute, envelope.epoch),
        ("ce_id", str(envelope.id).encode()),
        ("ce_subject", str(envelope.subject).encode()),
        ("ce_time", envelope.time.astimezone(UTC).isoformat().replace("+00:00", "Z").encode()),
        ("ce_sequence", b"%020d" % envelope.sequence),
        ("ce_partitionkey", envelope.partition_key.encode()),
    ]
    if envelope.position:
        headers.append(("ce_position", b"%020d" % envelope.position))
    if envelope.causation_id is not None:
        headers.append(("ce_causationid", envelope.causation_id.encode()))
    if envelope.traceparent is not None:
        headers.append(("traceparent", envelope.traceparent.encode()))
    return headers


@lru_cache(maxsize=4096)
def _shared_headers(source: str, type_: str, institute: str, epoch: int) -> tuple[tuple[str, bytes], ...]:
    """The headers that all events of one type, institute and epoch have alike."""
    headers = {
        "content-type": "application/json",
        "ce_specversion": "1.0",
        "ce_source": source,
        "ce_type": type_,
        "ce_dataschema": f"urn:tirek:schema:{type_}",
        "ce_institute": institute,
        "ce_epoch": str(epoch),
    }
    return tuple((name, value.encode()) for name, value in headers.items())


def from_headers(headers: Headers | tuple[tuple[str, bytes], ...]) -> Envelope:
    """The envelope in a record's headers; unknown headers are ignored. Raises `EnvelopeUnreadable`."""
    return _read(tuple(headers))


@lru_cache(maxsize=1024)
def _read(headers: tuple[tuple[str, bytes], ...]) -> Envelope:
    """Remembered for a while: a consumer asks a record first for its epoch, then for all of its envelope."""
    try:
        raw = dict(headers)
        return Envelope(
            id=UUID(raw["ce_id"].decode()),
            source=raw["ce_source"].decode(),
            type=raw["ce_type"].decode(),
            subject=UUID(raw["ce_subject"].decode()),
            time=_instant(raw["ce_time"].decode()),
            sequence=_count(raw["ce_sequence"]),
            partition_key=raw["ce_partitionkey"].decode(),
            institute=raw["ce_institute"].decode(),
            epoch=_count(raw["ce_epoch"]),
            causation_id=raw["ce_causationid"].decode() if "ce_causationid" in raw else None,
            traceparent=raw["traceparent"].decode() if "traceparent" in raw else None,
            position=_count(raw["ce_position"]) if "ce_position" in raw else 0,
        )
    except KeyError as missing:
        raise EnvelopeUnreadable(f"header {missing} is missing") from missing
    except (ValueError, AttributeError) as wrong:
        raise EnvelopeUnreadable(str(wrong)) from wrong


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("ce_time has no zone")
    return instant.astimezone(UTC)


def _count(digits: bytes) -> int:
    if not digits.isdigit() or len(digits) > 20:
        raise ValueError("a count must be ASCII digits")
    if (count := int(digits)) < 1:
        raise ValueError("a count starts at 1")
    return count


def position_of(headers: Headers | tuple[tuple[str, bytes], ...]) -> int:
    """The place in the log in a record's headers, or 0 where there is none that can be read."""
    for name, value in headers:
        if name == "ce_position":
            try:
                return _count(value)
            except ValueError:
                return 0
    return 0


def event_id_of(headers: Headers | tuple[tuple[str, bytes], ...]) -> UUID | None:
    """The event id in a record's headers, or None where there is none that can be read."""
    for name, value in headers:
        if name == "ce_id":
            try:
                return UUID(value.decode())
            except ValueError:
                return None
    return None


def encode_data(data: object) -> bytes:
    """The bytes of an event's data: JSON, UTF-8, compact."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
