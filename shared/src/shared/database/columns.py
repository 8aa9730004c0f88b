"""Column types that SQLModel lacks (a text enum, an instant with its zone, money), and the columns of a table."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Dialect, Numeric, Text, inspect
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel


class TextEnum(TypeDecorator[StrEnum]):
    """A `StrEnum` stored as the text of its value, so that a CHECK and a reader of the table see the published word."""

    impl = Text
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The value's text."""
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        """The member of that value."""
        return None if value is None else self.enum(value)


class Instant(TypeDecorator[datetime]):
    """A point in time: only aware datetimes go in, UTC comes out."""

    impl = TIMESTAMP(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The same instant in UTC; a naive datetime is a mistake of ours and raises."""
        if value is not None and value.tzinfo is None:
            raise ValueError("An instant needs a zone.")
        return None if value is None else value.astimezone(UTC)


class Tenge(TypeDecorator[Decimal]):
    """An amount in tenge with two decimals: numeric(20,2)."""

    impl = Numeric(20, 2, asdecimal=True)
    cache_ok = True


def columns(kind: type[SQLModel]) -> ReadOnlyColumnCollection[str, Column[Any]]:
    """The columns of a table, by name: for the keys of a page, for filters and for scopes."""
    found: ReadOnlyColumnCollection[str, Column[Any]] = inspect(kind).local_table.c
    return found
