"""What a process of a service is told by its environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tirek_local.servers import KafkaAccess
from tirek_local.supervisor.services import SERVICES, Service

HOST = "127.0.0.1"
OURS = ("KAFKA_", "TIREK_CLOCK_FILE", "TIREK_ENVIRONMENT")


@dataclass(frozen=True)
class Wiring:
    """How the services find their databases, the broker, each other, the clock and the issuer of tokens."""

    kind: str
    database_urls: dict[str, str]
    kafka: KafkaAccess
    service_urls: dict[str, str]
    data: Path
    clock_file: Path | None

    def of(self, service: Service, role: str, port: int) -> dict[str, str]:
        """The variables of one process; `port` is the API's, or the worker's for liveness and metrics."""
        variables = {
            "DATABASE_URL": self.database_urls[service.package],
            "TIREK_ENVIRONMENT": self.kind,
            "TIREK_HOST": HOST,
            "TIREK_PORT" if role == "main" else "TIREK_WORKER_PORT": str(port),
            "TIREK_ISSUER_DIRECTORY": str(self.data / "issuer"),
        }
        urls = {each.url_setting: self.service_urls[each.name] for each in SERVICES if each.name in self.service_urls}
        clock = {} if self.clock_file is None else {"TIREK_CLOCK_FILE": str(self.clock_file)}
        return variables | self.kafka.as_environment() | urls | clock


def process_environment(given: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment (PATH, locale, proxies, OTEL_…) without what belongs to Tirek's own wiring."""
    return {name: value for name, value in given.items() if not name.startswith(OURS) and "DATABASE_URL" not in name}
