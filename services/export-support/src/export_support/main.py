"""The API process: the rooms' routers on the platform's edge."""

from pathlib import Path

from fastapi import FastAPI

from export_support.calls import api as calls
from export_support.currencies import api as currencies
from export_support.destinations import api as destinations
from export_support.goods import api as goods
from export_support.requests import api as requests
from export_support.requests import lines_api as lines
from export_support.service import service
from export_support.settings import Settings
from export_support.sheets import api as sheets
from shared.http.app import create_app
from shared.http.server import serve
from shared.reference.api import reference_router


def make(settings: Settings | None = None) -> FastAPI:
    """The application, by these settings or those of the environment."""
    return create_app(
        service=service,
        settings=settings or Settings.load(),
        title="Tirek: reimbursement of export costs",
        version="1",
        description="Calls, requests, cost lines, their check and their estimate (Law 86-VII, Art. 38(1)(1)).",
        routers=[
            calls.router,
            requests.router,
            lines.router,
            sheets.router,
            goods.router,
            destinations.router,
            currencies.router,
            reference_router(service.lists),
        ],
        locales=Path(__file__).parent / "locales",
    )


def run() -> None:
    """Serve until told to stop."""
    serve("export_support.main:make", Settings.load())


if __name__ == "__main__":
    run()
