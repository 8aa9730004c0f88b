"""Dashboards, alerts and their description speak of the metrics that the workers have, and of no others."""

import json
import re
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from shared.worker.health import _Figures

ROOT = Path(__file__).parents[3]
FIGURES = {
    "outbox_pending": 1,
    "outbox_oldest_seconds": 1.5,
    "relay_sent": 1,
    "relay_halted": 0,
    "consumers": {"recovery": {"lag": 1, "settled": 2}},
    "parked": {"recovery/poisoned": 1},
    "jobs_failing": {"close years that are over": 1},
}


def metrics() -> dict[str, set[str]]:
    """The labels of each metric."""
    found = _Figures("obligations", FIGURES).collect()
    return {metric.name: {label for sample in metric.samples for label in sample.labels} for metric in found}


@pytest.mark.parametrize(
    "path", ["deploy/dashboards/tirek.json", "deploy/dashboards/alerts.yaml", "docs/observability.md"]
)
def test_every_metric_is_spoken_of_and_none_that_does_not_exist(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    named = set(re.findall(r"\btirek_(?!local)[a-z_]+", text))
    assert named == set(metrics())


def test_every_alert_is_described_and_uses_labels_that_its_metric_has() -> None:
    described = (ROOT / "docs/observability.md").read_text(encoding="utf-8")
    rules = yaml.safe_load((ROOT / "deploy/dashboards/alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    for rule in rules:
        assert rule["alert"] in described
        used = re.findall(r"\btirek_[a-z_]+", rule["expr"])
        labels = set.intersection(*(metrics()[name] for name in used)) if used else {"instance"}
        assert set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])) <= labels


def test_the_collector_uses_every_part_that_it_declares() -> None:
    collector = yaml.safe_load((ROOT / "deploy/otel/collector.yaml").read_text(encoding="utf-8"))
    pipelines = collector["service"]["pipelines"].values()
    for kind in ("receivers", "processors", "exporters"):
        assert {part for pipeline in pipelines for part in pipeline[kind]} == set(collector[kind])


def test_panels_of_the_dashboard_do_not_overlap() -> None:
    panels = json.loads((ROOT / "deploy/dashboards/tirek.json").read_text(encoding="utf-8"))["panels"]
    taken = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24
