"""Settings of the grants service's two processes."""

from typing import ClassVar

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What a process of the grants service needs to know, from its environment."""

    service: ClassVar[str] = "grants"
