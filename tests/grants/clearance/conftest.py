from tests.grants.fixtures import empty_funding, funding, grants_database

__all__ = ["empty_funding", "funding", "grants_database"]
