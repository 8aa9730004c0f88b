"""The OpenAPI document of a service, made without a database or a broker."""

import importlib
from typing import Any

from pydantic import SecretStr

from shared.service import Service
from shared.settings import Environment


def openapi_of(service: Service) -> dict[str, Any]:
    """What the service's `/openapi.json` answers, whatever the installation."""
    package = importlib.import_module(f"{service.package}.main")
    settings = importlib.import_module(f"{service.package}.settings").Settings.model_construct(
        environment=Environment.TEST,
        database_url=SecretStr("postgresql://nobody@127.0.0.1/nothing"),
        oidc_issuer="https://issuer.example",
    )
    document: dict[str, Any] = package.make(settings).openapi()
    return document
