"""The OpenAPI document of a service, made without a database or a broker."""

import importlib
import json
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


def as_lines(value: Any, indent: int = 0, width: int = 120) -> str:
    """JSON as it is committed and compared: what fits into a line of `width` characters stands in one."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= width or not isinstance(value, dict | list) or not value:
        return flat
    inner = " " * (indent + 1)
    if isinstance(value, dict):
        parts = [f"{json.dumps(key, ensure_ascii=False)}: {as_lines(part, indent + 1)}" for key, part in value.items()]
    else:
        parts = [as_lines(part, indent + 1) for part in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n" + ",\n".join(f"{inner}{part}" for part in parts) + f"\n{' ' * indent}{closing}"
