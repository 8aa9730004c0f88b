"""The verbs of a service, found and not listed: its routes that change something, its handlers and its jobs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from shared.service import Consumer, Service

CHANGING = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Verb:
    """Something that can be done to the service. `room` is the part of the service that answers for it."""

    name: str
    room: str
    says: str
    rests_on_version: bool = False
    hears: tuple[Consumer, type[Any]] | None = None
    job: Any = None


def verbs_of(service: Service, app: FastAPI) -> dict[str, Verb]:
    """Every verb of the service, by its name."""
    found = [*_routes(app), *_heard(service), *_jobs(service)]
    return {verb.name: verb for verb in found}


def _routes(app: FastAPI) -> list[Verb]:
    document: dict[str, Any] = app.openapi()
    found = []
    for route in _flat(app.routes):
        for method in sorted(set(CHANGING) & (route.methods or set())):
            operation = document["paths"][route.path][method.lower()]
            versioned = "IfMatch" in str(operation.get("parameters", ())).replace("-", "")
            says = str(operation.get("description") or operation.get("summary") or "").split("\n")[0]
            found.append(Verb(f"{method} {route.path.removeprefix('/v1')}", _room(route.endpoint), says, versioned))
    return found


def _flat(routes: Iterable[Any]) -> Iterator[APIRoute]:
    """The routes, those of included routers too."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from _flat(getattr(getattr(route, "original_router", None), "routes", ()))


def _heard(service: Service) -> list[Verb]:
    return [
        Verb(
            f"{consumer.name} hears {kind.type.removesuffix('.v1')}", _room(handler), _first(handler),
            hears=(consumer, kind),
        )
        for consumer in service.consumers
        for kind, handler in consumer.handlers.items()
    ]  # fmt: skip


def _jobs(service: Service) -> list[Verb]:
    return [Verb(f"job {name}", _room(job), _first(job), job=job) for name, job in service.jobs.items()]


def _room(function: Any) -> str:
    """`tranches` of `grants.tranches.api`, `reference` of `shared.reference.api`."""
    return str(function.__module__).split(".")[1]


def _first(function: Any) -> str:
    return (function.__doc__ or "").strip().split("\n")[0]
