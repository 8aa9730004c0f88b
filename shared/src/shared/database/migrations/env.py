"""Alembic's environment: the caller's connection, the platform's and the service's tables."""

from alembic import context

from shared.database.platform import platform_metadata
from shared.service import Service

config = context.config
service: Service = config.attributes["service"]

if context.is_offline_mode():
    context.configure(dialect_name="postgresql", as_sql=True)
    context.run_migrations()
else:
    context.configure(
        connection=config.attributes["connection"],
        target_metadata=[platform_metadata, service.metadata],
        compare_type=True,
    )
    context.run_migrations()
