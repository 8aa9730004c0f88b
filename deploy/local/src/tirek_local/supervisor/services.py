"""The table of services that run on one machine."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from tirek_local.servers.trouble import Trouble


@dataclass(frozen=True)
class Service:
    """One service: its API (`python -m <package>.main`) and its worker (`python -m <package>.worker`)."""

    name: str
    default_port: int

    @property
    def package(self) -> str:
        """Its Python package, and the name of its database and of its database role."""
        return self.name.replace("-", "_")

    @property
    def port_setting(self) -> str:
        """The environment variable that moves its API to another port."""
        return f"TIREK_{self.package.upper()}_PORT"

    @property
    def url_setting(self) -> str:
        """The environment variable by which the others learn where it is."""
        return f"TIREK_{self.package.upper()}_URL"

    def port(self, environment: Mapping[str, str] = os.environ) -> int:
        """The port of its API: the setting's, or the default. Raises `Trouble` for what is no port."""
        return port_from(self.port_setting, environment) or self.default_port


SERVICES = (
    Service("grants", 8101),
    Service("clusters", 8102),
    Service("export-support", 8103),
    Service("obligations", 8104),
)


def installed_services() -> list[Service]:
    """The services whose package, with an API to run, is installed here."""
    return [s for s in SERVICES if find_spec(s.package) is not None and find_spec(f"{s.package}.main") is not None]


def port_from(setting: str, environment: Mapping[str, str] = os.environ) -> int | None:
    """The port in an environment variable; None where it is not set. Raises `Trouble` for what is no port."""
    words = environment.get(setting)
    if not words:
        return None
    if not (words.isascii() and words.isdigit() and 0 < int(words) < 65536):
        raise Trouble(f"{setting}={words} is no port.", "Give a number between 1 and 65535.")
    return int(words)
