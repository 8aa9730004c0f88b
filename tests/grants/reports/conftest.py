from tests.grants.fixtures import empty_funding, funding, grants_database
from tests.grants.served import served

__all__ = ["empty_funding", "funding", "grants_database", "served"]
