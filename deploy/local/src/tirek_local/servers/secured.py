"""A second door of the broker, with TLS and a password, as the brokers of institutions have it."""

from dataclasses import dataclass
from pathlib import Path

from tirek_local.servers.ports import LOOPBACK

NAME = "SECURED"
MECHANISM = "SCRAM-SHA-512"
LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule required;"


@dataclass(frozen=True)
class SecuredListener:
    """A listener for SASL_SSL with SCRAM-SHA-512 on a port of its own.

    `key_and_certificates` is a PEM file: the private key (PKCS 8), then the certificate and what signed it.
    """

    port: int
    key_and_certificates: Path
    username: str
    password: str

    @property
    def address(self) -> str:
        """The listener, as `listeners` and `advertised.listeners` want it."""
        return f"{NAME}://{LOOPBACK}:{self.port}"

    @property
    def credentials(self) -> list[str]:
        """What the tool that formats the data wants to hear, so that the user is known from the first start."""
        return ["--add-scram", f"{MECHANISM}=[name={self.username},password={self.password}]"]

    def settings(self, listeners: str, advertised: str, protocols: str) -> dict[str, str]:
        """The broker's settings with this listener beside those that it has."""
        own = f"listener.name.{NAME.lower()}"
        return {
            "listeners": f"{listeners},{self.address}",
            "advertised.listeners": f"{advertised},{self.address}",
            "listener.security.protocol.map": f"{protocols},{NAME}:SASL_SSL",
            f"{own}.ssl.keystore.type": "PEM",
            f"{own}.ssl.keystore.location": str(self.key_and_certificates),
            f"{own}.sasl.enabled.mechanisms": MECHANISM,
            f"{own}.{MECHANISM.lower()}.sasl.jaas.config": LOGIN,
        }
