"""The world of the claims, for these tests too."""

from tests.obligations.claims.conftest import api, breached, world

__all__ = ["api", "breached", "world"]
