"""Settings of the obligations service's two processes."""

from typing import ClassVar

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What a process of the obligations service needs to know, from its environment."""

    service: ClassVar[str] = "obligations"
