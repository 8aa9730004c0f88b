"""Days and instants from outside: strict ISO 8601 in ASCII, in a plausible range."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from shared.values.wrong import Words, found, wrong

FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2100, 12, 31)

DAY_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
MOMENT_PATTERN = rf"{DAY_PATTERN}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]{{1,6}})?(Z|[+-][0-9]{{2}}:[0-9]{{2}})"
DAY_WANTED = 'a day that exists, from 1990 to 2100, such as "2025-02-03"'
MOMENT_WANTED = 'an instant with its zone, from 1990 to 2100, such as "2025-02-03T09:30:00+05:00"'


def read_day(value: object) -> date:
    """A local day from a string `YYYY-MM-DD`, or as our own code gives it; raises the field's error."""
    if isinstance(value, str) and re.fullmatch(DAY_PATTERN, value, re.ASCII):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise wrong("day", Words("{seen}, which is no day", seen=found(value)), DAY_WANTED) from None
    elif isinstance(value, date) and not isinstance(value, datetime):
        day = value
    else:
        raise wrong("day", found(value), DAY_WANTED)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise wrong("day", f'"{day.isoformat()}"', DAY_WANTED)
    return day


def read_moment(value: object) -> datetime:
    """An instant in UTC from an RFC 3339 string with its zone or an aware datetime; raises the field's error."""
    if isinstance(value, str) and re.fullmatch(MOMENT_PATTERN, value, re.ASCII):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise wrong("moment", Words("{seen}, which is no instant", seen=found(value)), MOMENT_WANTED) from None
    elif isinstance(value, datetime) and value.tzinfo is not None:
        moment = value
    else:
        raise wrong("moment", found(value), MOMENT_WANTED)
    if not FIRST_DAY <= moment.date() <= LAST_DAY:
        raise wrong("moment", f'"{moment.isoformat()}"', MOMENT_WANTED)
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _DayField:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            read_day,
            serialization=core_schema.plain_serializer_function_ser_schema(
                date.isoformat, return_schema=core_schema.str_schema()
            ),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        pattern = "^(199[0-9]|20[0-9]{2}|2100)-[0-9]{2}-[0-9]{2}$"
        return {"type": "string", "format": "date", "pattern": pattern, "examples": ["2025-02-03"]}


@dataclass(frozen=True, slots=True)
class _MomentField:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            read_moment,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda moment: moment.isoformat().replace("+00:00", "Z"), return_schema=core_schema.str_schema()
            ),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "format": "date-time", "examples": ["2025-02-03T04:30:00Z"]}


Day = Annotated[date, _DayField()]
"""A local day in Asia/Almaty, 1990 to 2100. Whether it may lie in the future is for the rule that reads it."""

Moment = Annotated[datetime, _MomentField()]
"""An instant with its zone; kept in UTC."""
