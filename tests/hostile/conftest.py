"""A running installation with a modest state, made through REST alone; and what each operation answered meanwhile."""

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import schemathesis
from rich.console import Console

from tests.hostile.footprint import Footprint
from tests.hostile.recording import Described, RecordingApi, Records
from tests.hostile.seeding import seed
from tirek_local.stories.clock import StoryClock
from tirek_local.stories.people import Mint, minting
from tirek_local.stories.stage import Stage
from tirek_local.stories.telling import Teller
from tirek_local.supervisor import System
from tirek_local.testing import Databases

NAMES = ("grants", "obligations")


@dataclass(frozen=True)
class Town:
    """The services on loopback after the seeding, their workers stopped, so that only requests change anything."""

    described: dict[str, Described]
    urls: dict[str, str]
    footprints: dict[str, Footprint]
    records: Records
    mint: Mint
    logs: Path


@pytest.fixture(scope="package")
def town(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Start the services on free ports with a broker of their own, seed them, stop their workers."""
    home = tmp_path_factory.mktemp("town")
    urls = {name: databases.create(name) for name in NAMES}
    given = {f"{name.upper()}_DATABASE_URL": url for name, url in urls.items()}
    clock = StoryClock(home / "clock")
    system = System(
        home / "data",
        environment="test",
        given=dict(os.environ) | given,
        free_ports=True,
        clock_file=clock.path,
        only=NAMES,
    )
    records = Records()
    stage = Stage(system, clock, Teller(Console(quiet=True)), kind="test")
    described = _described()
    loop = asyncio.new_event_loop()
    footprints = {name: Footprint(url, loop) for name, url in urls.items()}
    try:
        stage.on("2024-11-01")
        system.start()
        stage.grants, stage.obligations = (
            RecordingApi(described[name], system.url(name), minting(system, "test"), _nothing, records)
            for name in NAMES
        )
        seed(stage)
        for process in system.processes:
            if process.name.endswith("-worker"):
                process.stop()
        yield Town(
            described,
            {name: system.url(name) for name in NAMES},
            footprints,
            records,
            minting(system, "test"),
            system.logs,
        )
    finally:
        stage.close()
        system.stop()
        for footprint in footprints.values():
            footprint.close()
        loop.close()


def _described() -> dict[str, Described]:
    found = {}
    for name in NAMES:
        document = json.loads((Path("services") / name / "openapi.json").read_text(encoding="utf-8"))
        found[name] = Described(name, schemathesis.openapi.from_dict(document), document)
    return found


def _nothing() -> None:
    """Before a command: the clock stands."""
