"""The broker that the settings name."""

from shared.events.broker import Broker
from shared.settings import ServiceSettings


def broker_of(settings: ServiceSettings) -> Broker:
    """How to reach Kafka, by the settings of the process."""
    password = settings.kafka_sasl_password
    return Broker(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        security_protocol=settings.kafka_security_protocol,
        sasl_mechanism=settings.kafka_sasl_mechanism,
        sasl_username=settings.kafka_sasl_username,
        sasl_password=password.get_secret_value() if password else None,
        ssl_cafile=str(settings.kafka_ssl_cafile) if settings.kafka_ssl_cafile else None,
        topic_prefix=settings.topic_prefix,
    )
