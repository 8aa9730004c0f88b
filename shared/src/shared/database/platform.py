"""All tables of the platform: importing this module is what makes the metadata complete."""

from shared.database.tables import platform_metadata

__all__ = ["platform_metadata"]
