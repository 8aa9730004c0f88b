"""Pages of a list: keyset cursors, signed, bound to the list that they were given out for."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, literal, tuple_

from shared.http.edge import CursorInvalid
from shared.settings import ServiceSettings
from shared.values.decimals import WholeNumber

DEFAULT_LIMIT = 50
MAXIMUM_LIMIT = 200
MAC_BYTES = 16

Item = TypeVar("Item")
Row = TypeVar("Row")
Statement = TypeVar("Statement", bound="Select[*tuple[Any, ...]]")

_cursor = re.compile(r"[A-Za-z0-9_-]{24,1000}\Z")


class Page(BaseModel, Generic[Item]):
    """A part of a list, and where the next part begins."""

    items: list[Item]
    next_cursor: str | None = Field(None, description="Send it as `cursor` for what follows; absent on the last page.")


@dataclass(frozen=True)
class PageRequest:
    """Which part of a list is wanted: at most `limit` items behind the item that the cursor names."""

    limit: int
    after: tuple[str, ...] | None
    _list: bytes
    _secret: bytes

    def of(self, statement: Statement, *keys: ColumnElement[Any], descending: bool = False) -> Statement:
        """The statement for this page: ordered by the keys, the last of them unique, and one row longer than the page.

        Raises `CursorInvalid` where the cursor does not fit the keys.
        """
        if self.after is not None:
            if len(self.after) != len(keys):
                raise CursorInvalid
            values = [_read(text, key) for text, key in zip(self.after, keys, strict=True)]
            here = tuple_(*keys)
            there = tuple_(*(literal(value, key.type) for value, key in zip(values, keys, strict=True)))
            statement = statement.where(here < there if descending else here > there)
        order = [key.desc() if descending else key.asc() for key in keys]
        return statement.order_by(*order).limit(self.limit + 1)

    def page(
        self, rows: Sequence[Row], key: Callable[[Row], tuple[object, ...]], view: Callable[[Row], Item]
    ) -> Page[Item]:
        """The page of the rows that the statement of `of` gave; `key` gives a row's values of the keys, in order."""
        shown = rows[: self.limit]
        more = len(rows) > self.limit
        return Page(items=[view(row) for row in shown], next_cursor=self._sign(key(shown[-1])) if more else None)

    def _sign(self, values: tuple[object, ...]) -> str:
        content = json.dumps([_written(value) for value in values], separators=(",", ":")).encode("utf-8")
        return base64.urlsafe_b64encode(_mac(self._secret, self._list, content) + content).rstrip(b"=").decode("ascii")


def page_request(
    request: Request,
    limit: Annotated[
        WholeNumber, Query(ge=1, le=MAXIMUM_LIMIT, description="How many items a page has at most.")
    ] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None, Query(min_length=1, max_length=1000, description="`next_cursor` of the page before.")
    ] = None,
) -> PageRequest:
    """The page that the query asks for. Raises `CursorInvalid` (422) where the cursor is not of this list."""
    secret: bytes = request.app.state.cursor_secret
    filters = sorted(item for item in request.query_params.multi_items() if item[0] not in {"limit", "cursor"})
    here = json.dumps([request.url.path, filters]).encode("ascii")
    return PageRequest(limit, None if cursor is None else _opened(cursor, here, secret), here, secret)


WantedPage = Annotated[PageRequest, Depends(page_request)]
"""The part of the list that the caller wants."""


def cursor_secret(settings: ServiceSettings) -> bytes:
    """The key that signs cursors: TIREK_CURSOR_SECRET, else one derived from the service's own database URL."""
    source = settings.cursor_secret or settings.database_url
    return hashlib.sha256(b"tirek cursor " + source.get_secret_value().encode("utf-8")).digest()


def _mac(secret: bytes, here: bytes, content: bytes) -> bytes:
    place = hashlib.sha256(here).digest()
    return hmac.digest(secret, place + content, "sha256")[:MAC_BYTES]


def _opened(cursor: str, here: bytes, secret: bytes) -> tuple[str, ...]:
    if not _cursor.match(cursor):
        raise CursorInvalid
    try:
        signed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raise CursorInvalid from None
    mac, content = signed[:MAC_BYTES], signed[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(secret, here, content)):
        raise CursorInvalid
    return tuple(json.loads(content))


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _read(text: str, key: ColumnElement[Any]) -> object:
    """The text as the key column's type has it."""
    readers: dict[type, Callable[[str], object]] = {
        str: str, int: int, UUID: UUID, Decimal: Decimal,
        datetime: datetime.fromisoformat, date: date.fromisoformat,
    }  # fmt: skip
    try:
        return readers.get(key.type.python_type, str)(text)
    except (ValueError, ArithmeticError):
        raise CursorInvalid from None
