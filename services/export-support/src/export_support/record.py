"""The registry of the service's own tables; its aggregates inherit from `Record`."""

from shared.record import AggregateRecord, service_registry


class Record(AggregateRecord, registry=service_registry()):
    """An aggregate of this service, in a registry of its own."""

    __abstract__ = True
