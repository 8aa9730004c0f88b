"""Which failures of the database pass by themselves: those are tried again, all others are somebody's mistake."""

import asyncio

from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

TRANSIENT_CLASSES = ("08", "53", "57", "58")
"""SQLSTATE classes: connection, resources, operator intervention (a timeout too), system error."""

TRANSIENT_STATES = ("40001", "40P01", "55P03", "25P03")
"""Serialization failure, deadlock, lock not available, idle in transaction too long."""


def sqlstate_of(error: BaseException) -> str | None:
    """The SQLSTATE that the server gave, where the error came from it."""
    original = getattr(error, "orig", error)
    state = getattr(original, "sqlstate", None) or getattr(getattr(original, "__cause__", None), "sqlstate", None)
    return str(state) if state else None


def is_transient(error: BaseException) -> bool:
    """True where the same work may succeed a moment later without anybody changing anything."""
    if isinstance(error, (OSError, PoolTimeout, asyncio.TimeoutError, InterfaceError)):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    state = sqlstate_of(error)
    return state is not None and (state[:2] in TRANSIENT_CLASSES or state in TRANSIENT_STATES)
