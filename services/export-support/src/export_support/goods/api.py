"""Routes and views of the goods list: one code on one day."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from pydantic import BaseModel

from export_support.goods.catalogue import Good, Level, Standing
from export_support.goods.queries import goods_on
from shared.access.callers import CurrentCaller
from shared.http.known import KnownAt
from shared.http.routes import Router
from shared.http.transactions import Reading
from shared.values.dates import Day

router = Router(prefix="/v1", tags=["goods"])

GoodsCode = Annotated[str, Path(pattern="^[0-9]{6}([0-9]{2}){0,2}$", description="6, 8 or 10 digits of the FEA CN.")]
OnDay = Annotated[Day, Query(description="The local day whose list judges.")]


class GoodView(BaseModel):
    """What the list of the day says of a code: `not-listed` is an answer, `unknown` says that no list is known."""

    code: str
    on: Day
    standing: Standing
    level: Level | None
    sector: str | None
    name: str | None
    row: UUID | None
    source: str | None
    verified: bool

    @classmethod
    def of(cls, good: Good) -> "GoodView":
        """The view of a good."""
        return cls.model_validate({name: getattr(good, name) for name in cls.model_fields})


@router.get("/goods/{code}")
async def read_good(code: GoodsCode, on: OnDay, session: Reading, _: CurrentCaller, known_at: KnownAt) -> GoodView:
    """What the goods list of a day says of an FEA CN code: its sector and its level of processing."""
    return GoodView.of((await goods_on(session, [(code, on)], known_at))[code, on])
