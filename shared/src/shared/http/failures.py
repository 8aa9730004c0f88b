"""What a failing database, or no database, means to the caller: one table from SQLSTATE to refusal."""

from collections.abc import Mapping
from types import MappingProxyType

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.http.edge import EdgeRefusal, RequestInProgress, StorageFull, TryAgainLater, ValueNotStorable

BY_STATE: Mapping[str, type[EdgeRefusal]] = MappingProxyType(
    {
        "55P03": RequestInProgress,  # lock_not_available: lock_timeout ran out
        "57014": TryAgainLater,  # query_canceled: statement_timeout ran out
        "25P03": TryAgainLater,  # idle_in_transaction_session_timeout
        "25P04": TryAgainLater,  # transaction_timeout
        "25006": TryAgainLater,  # read_only_sql_transaction: a standby answered during a failover
        "40001": TryAgainLater,  # serialization_failure
        "40P01": TryAgainLater,  # deadlock_detected
        "53100": StorageFull,  # disk_full
        "22003": ValueNotStorable,  # numeric_value_out_of_range
        "22007": ValueNotStorable,  # invalid_datetime_format
        "22008": ValueNotStorable,  # datetime_field_overflow
        "22021": ValueNotStorable,  # character_not_in_repertoire
        "22000": ValueNotStorable,  # data_exception: the driver finds an argument out of range
        "22001": ValueNotStorable,  # string_data_right_truncation
        "22P05": ValueNotStorable,  # untranslatable_character
        "54000": ValueNotStorable,  # program_limit_exceeded: a value too long for an index
    }
)

BY_CLASS: Mapping[str, type[EdgeRefusal]] = MappingProxyType(
    {"08": TryAgainLater, "53": TryAgainLater, "57": TryAgainLater, "58": TryAgainLater}
)
"""connection_exception, insufficient_resources, operator_intervention, system_error."""

RETRIED = frozenset({"40001", "40P01"})


def sqlstate(error: BaseException) -> str | None:
    """The SQLSTATE in an error of SQLAlchemy or asyncpg, where there is one."""
    original = error.orig if isinstance(error, DBAPIError) else error
    while original is not None:
        state = getattr(original, "sqlstate", None)
        if isinstance(state, str):
            return state
        original = original.__cause__
    return None


def refusal_of(error: SQLAlchemyError | OSError) -> EdgeRefusal | None:
    """The refusal that stands for a database failure, or none where the failure is a fault of ours."""
    state = sqlstate(error)
    if state is not None:
        found = BY_STATE.get(state) or BY_CLASS.get(state[:2])
        return None if found is None else found()
    if isinstance(error, OSError | PoolTimeout | InterfaceError | OperationalError):
        return TryAgainLater()
    if isinstance(error, DBAPIError) and (error.connection_invalidated or isinstance(error.orig, OSError)):
        return TryAgainLater()
    return None


def is_retried(error: BaseException) -> bool:
    """Whether the whole unit of work may be done again at once: a deadlock, or a plan older than a migration."""
    if sqlstate(error) in RETRIED:
        return True
    return isinstance(error, DBAPIError) and isinstance(
        getattr(error.orig, "__cause__", None), asyncpg.InvalidCachedStatementError
    )


def violated_constraint(error: BaseException) -> str | None:
    """The name of the constraint that a statement broke, where one did."""
    original = error.orig if isinstance(error, DBAPIError) else error
    while original is not None:
        name = getattr(original, "constraint_name", None)
        if isinstance(name, str):
            return name
        original = original.__cause__
    return None
