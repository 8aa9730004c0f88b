"""From a message to an event: the envelope first, then the data by the type's contract."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.envelope import Envelope, EnvelopeUnreadable, from_headers
from shared.contracts.event import Event
from shared.events.message import Message


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message whose envelope could be read."""

    message: Message
    envelope: Envelope


def arrival(message: Message) -> Arrival:
    """The message with its envelope; raises `EnvelopeUnreadable`."""
    return Arrival(message, from_headers(message.headers))


def read_event(arrived: Arrival, types: Mapping[str, type[Event]]) -> Event | None:
    """The event in a message, or None where its type is not one of these (unknown types are ignored).

    Raises `EnvelopeUnreadable` or pydantic's `ValidationError` (a `ValueError` both) where the data does not fit.
    """
    if (kind := types.get(arrived.envelope.type)) is None:
        return None
    try:
        data: Any = json.loads(arrived.message.value or b"")
    except ValueError as wrong:
        raise EnvelopeUnreadable(f"the data is not JSON: {wrong}") from wrong
    if not isinstance(data, dict):
        raise EnvelopeUnreadable("the data is not a JSON object")
    return kind.read(data, arrived.envelope.time)
