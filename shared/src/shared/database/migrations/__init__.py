"""Migrations: the platform's own branch and, depending on it, the branch of each service."""

from shared.database.migrations.run import migrate

__all__ = ["migrate"]
