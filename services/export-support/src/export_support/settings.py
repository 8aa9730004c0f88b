"""Settings of the export-support service's two processes."""

from typing import ClassVar

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What a process of the export-support service needs to know, from its environment."""

    service: ClassVar[str] = "export-support"
