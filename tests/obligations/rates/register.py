"""The register of base rates as it is read."""

from typing import Any

from tests.obligations.world import World


async def rates_of(world: World, **params: Any) -> list[dict[str, Any]]:
    return list((await world.get("/v1/base-rates", params={"limit": 200, **params})).json()["items"])


async def rate_of(world: World, day: str, **params: Any) -> dict[str, Any]:
    return next(one for one in await rates_of(world, **params) if one["effective_from"] == day)
