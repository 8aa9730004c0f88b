"""The world of the claims, for these tests too."""

from tests.obligations.claims.conftest import breached, world

__all__ = ["breached", "world"]
