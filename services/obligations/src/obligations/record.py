"""The registry of the service's own tables: aggregates inherit from `Record`, all other rows from `Entry`."""

from typing import Final

from sqlalchemy import Table
from sqlmodel import SQLModel

from shared.record import AggregateRecord, service_registry

NATIONAL: Final = "national"
"""The institute of what belongs to none and is seen by all: base rates and rule sets."""

_registry = service_registry()


class Record(AggregateRecord, registry=_registry):
    """An aggregate of this service, heard of through its events."""

    __abstract__ = True


class Entry(SQLModel, registry=_registry):
    """A row that publishes nothing of its own: a fact received, a part of an aggregate, an entry of a catalogue."""

    __abstract__ = True


def table_of(kind: type[SQLModel]) -> Table:
    """The Core table of a record or an entry."""
    return Record.metadata.tables[str(kind.__tablename__)]
