from pathlib import Path

from sqlalchemy import text

from shared.cli import doctor
from shared.cli.doctor import Finding
from shared.settings import ServiceSettings
from tests.shared.events.conftest import Probe
from tests.shared.events.probe import service


async def findings(probe: Probe) -> dict[str, Finding]:
    settings = ServiceSettings.model_validate(
        {
            "TIREK_ENVIRONMENT": "test",
            "DATABASE_URL": probe.url,
            "KAFKA_BOOTSTRAP_SERVERS": probe.broker.bootstrap_servers,
            "TIREK_TOPIC_PREFIX": probe.broker.topic_prefix,
        }
    )
    return {finding.what: finding for finding in await doctor._collect(service, settings)}


async def test_a_sound_service_is_well_in_everything(probe: Probe, tmp_path: Path) -> None:
    assert {what: finding.said for what, finding in (await findings(probe)).items() if not finding.well} == {}


async def test_what_is_wrong_is_named_with_its_remedy(probe: Probe) -> None:
    async with probe.database.engine.begin() as connection:
        await connection.execute(text("update alembic_version set version_num = 'platform_0001'"))
    ill = (await findings(probe))["schema"]
    assert not ill.well
    assert "tirek database migrate probe" in ill.said
