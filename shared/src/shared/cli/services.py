"""Finding the installed services by their entry points."""

from importlib.metadata import entry_points

from shared.refusals import NotFound
from shared.service import Consumer, Service


class ServiceUnknown(NotFound):
    """No such service is installed."""

    title = "No such service"
    detail = "The service {name} is not installed; there are: {known}."


class ConsumerUnknown(NotFound):
    """The service has no such consumer."""

    title = "No such consumer"
    detail = "The service {service} has no consumer {name}; there are: {known}."


def installed_services() -> dict[str, Service]:
    """The services by name, from the entry point group `tirek.services`."""
    return {point.name: point.load() for point in sorted(entry_points(group="tirek.services"), key=lambda p: p.name)}


def installed_service(name: str) -> Service:
    """The service of that name; raises `ServiceUnknown`."""
    points = {point.name: point for point in entry_points(group="tirek.services")}
    if name not in points:
        raise ServiceUnknown(name=name, known=", ".join(sorted(points)))
    service: Service = points[name].load()
    return service


def consumer_of(service: Service, name: str) -> Consumer:
    """The consumer of that name; raises `ConsumerUnknown`."""
    for consumer in service.consumers:
        if consumer.name == name:
            return consumer
    known = ", ".join(consumer.name for consumer in service.consumers)
    raise ConsumerUnknown(service=service.name, name=name, known=known)
