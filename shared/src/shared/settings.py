"""Settings of a service's processes, from environment variables; a message names the variable that is wrong."""

from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, PostgresDsn, SecretStr, TypeAdapter, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(StrEnum):
    """Where the process runs; all but production may use the development issuer."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    DEMO = "demo"
    TEST = "test"


class SettingsWrong(Exception):
    """A setting is missing or wrong; the message names each variable and what is wanted."""


class ServiceSettings(BaseSettings):
    """What every process of a service needs to know. A service subclasses it and names itself in `service`."""

    model_config = SettingsConfigDict(
        populate_by_name=True, extra="ignore", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    service: ClassVar[str] = "tirek"

    environment: Environment = Field(Environment.PRODUCTION, validation_alias="TIREK_ENVIRONMENT")
    host: str = Field("127.0.0.1", validation_alias="TIREK_HOST")
    port: int = Field(8000, ge=0, le=65535, validation_alias="TIREK_PORT")
    worker_port: int = Field(8001, ge=0, le=65535, validation_alias="TIREK_WORKER_PORT")
    public_url: str = Field("/", validation_alias="TIREK_PUBLIC_URL")

    database_url: SecretStr = Field(validation_alias="DATABASE_URL")
    database_pool_size: int = Field(10, ge=1, le=200, validation_alias="TIREK_DATABASE_POOL_SIZE")
    database_max_overflow: int = Field(5, ge=0, le=200, validation_alias="TIREK_DATABASE_MAX_OVERFLOW")
    lock_timeout_ms: int = Field(2_000, ge=1, le=60_000, validation_alias="TIREK_LOCK_TIMEOUT_MS")
    statement_timeout_ms: int = Field(5_000, ge=1, le=600_000, validation_alias="TIREK_STATEMENT_TIMEOUT_MS")
    idle_timeout_ms: int = Field(10_000, ge=1, le=600_000, validation_alias="TIREK_IDLE_IN_TRANSACTION_TIMEOUT_MS")

    kafka_bootstrap_servers: str = Field("", validation_alias="KAFKA_BOOTSTRAP_SERVERS")
    kafka_security_protocol: str = Field(
        "PLAINTEXT", pattern=r"^(PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL)$", validation_alias="KAFKA_SECURITY_PROTOCOL"
    )
    kafka_sasl_mechanism: str = Field(
        "PLAIN", pattern=r"^(PLAIN|SCRAM-SHA-256|SCRAM-SHA-512)$", validation_alias="KAFKA_SASL_MECHANISM"
    )
    kafka_sasl_username: str | None = Field(None, validation_alias="KAFKA_SASL_USERNAME")
    kafka_sasl_password: SecretStr | None = Field(None, validation_alias="KAFKA_SASL_PASSWORD")
    kafka_ssl_cafile: Path | None = Field(None, validation_alias="KAFKA_SSL_CAFILE")
    topic_prefix: str = Field("", pattern=r"^[A-Za-z0-9._-]{0,100}$", validation_alias="TIREK_TOPIC_PREFIX")

    clock_file: Path | None = Field(None, validation_alias="TIREK_CLOCK_FILE")
    job_seconds: float = Field(5.0, gt=0, le=3600, validation_alias="TIREK_JOB_SECONDS")
    idempotency_days: int = Field(90, ge=1, le=3650, validation_alias="TIREK_IDEMPOTENCY_DAYS")
    recipient_key: SecretStr | None = Field(None, validation_alias="TIREK_RECIPIENT_KEY")

    issuer_directory: Path | None = Field(None, validation_alias="TIREK_ISSUER_DIRECTORY")
    oidc_issuer: str | None = Field(None, validation_alias="TIREK_OIDC_ISSUER")
    oidc_audience: str = Field("tirek", min_length=1, validation_alias="TIREK_OIDC_AUDIENCE")
    jwks_file: Path | None = Field(None, validation_alias="TIREK_JWKS_FILE")
    token_url: str | None = Field(None, validation_alias="TIREK_TOKEN_URL")
    client_id: str | None = Field(None, validation_alias="TIREK_CLIENT_ID")
    client_secret: SecretStr | None = Field(None, validation_alias="TIREK_CLIENT_SECRET")
    cursor_secret: SecretStr | None = Field(None, validation_alias="TIREK_CURSOR_SECRET")

    grants_url: str = Field("http://127.0.0.1:8101", validation_alias="TIREK_GRANTS_URL")
    clusters_url: str = Field("http://127.0.0.1:8102", validation_alias="TIREK_CLUSTERS_URL")
    export_support_url: str = Field("http://127.0.0.1:8103", validation_alias="TIREK_EXPORT_SUPPORT_URL")
    obligations_url: str = Field("http://127.0.0.1:8104", validation_alias="TIREK_OBLIGATIONS_URL")

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, url: SecretStr) -> SecretStr:
        try:
            TypeAdapter(PostgresDsn).validate_python(url.get_secret_value())
        except ValidationError:
            raise ValueError("wanted: a URL such as postgresql://role:password@host:5432/database") from None
        return url

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.clock_file is not None and self.environment not in {Environment.DEMO, Environment.TEST}:
            raise ValueError("TIREK_CLOCK_FILE is for TIREK_ENVIRONMENT demo or test only")
        if self.issuer_directory is not None and self.environment is Environment.PRODUCTION:
            raise ValueError("TIREK_ISSUER_DIRECTORY, the development issuer, is refused in production")
        if self.kafka_security_protocol.startswith("SASL") and not (
            self.kafka_sasl_username and self.kafka_sasl_password
        ):
            raise ValueError("KAFKA_SECURITY_PROTOCOL SASL_… wants KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD")
        if self.token_url is not None and not (self.client_id and self.client_secret):
            raise ValueError("TIREK_CLIENT_ID and TIREK_CLIENT_SECRET are wanted with TIREK_TOKEN_URL")
        if self.environment is Environment.PRODUCTION and self.recipient_key is None:
            raise ValueError("TIREK_RECIPIENT_KEY is wanted in production: a long secret that all services share")
        if self.environment is Environment.PRODUCTION and self.oidc_issuer and self.oidc_issuer.startswith("http://"):
            raise ValueError("TIREK_OIDC_ISSUER must be an https:// address in production")
        return self

    @property
    def database_server_settings(self) -> dict[str, str]:
        """The time limits that the database server is to keep, as it wants them."""
        return {
            "lock_timeout": f"{self.lock_timeout_ms}ms",
            "statement_timeout": f"{self.statement_timeout_ms}ms",
            "idle_in_transaction_session_timeout": f"{self.idle_timeout_ms}ms",
        }

    @property
    def recipient_secret(self) -> bytes:
        """The key under which companies get their identifiers; all services of an installation share it."""
        if self.recipient_key is not None:
            return self.recipient_key.get_secret_value().encode()
        return b"tirek-development"

    @classmethod
    def load(cls) -> Self:
        """Read the environment. Raises `SettingsWrong`, which names every variable that is missing or wrong."""
        try:
            return cls()
        except ValidationError as error:
            raise SettingsWrong(explain(error)) from None


def explain(error: ValidationError) -> str:
    """One line for each variable that is missing or wrong; never a value, which may be a secret."""
    lines = []
    for found in error.errors(include_url=False, include_input=False, include_context=False):
        variable = ".".join(str(part) for part in found["loc"])
        said = found["msg"].removeprefix("Value error, ")
        lines.append(f"{variable}: {'is not set' if found['type'] == 'missing' else said}" if variable else said)
    return "Settings are wrong.\n  " + "\n  ".join(lines)
