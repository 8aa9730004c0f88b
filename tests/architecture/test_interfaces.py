"""What every interface keeps to: each list is a cursor page, each change of what exists rests on a version read."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from pydantic import BaseModel

from shared.cli.services import installed_service, installed_services
from shared.http.openapi import rested_on, wants_version
from shared.published.openapi import openapi_of

SERVICES = sorted(installed_services())
CHANGES = {"post", "put", "patch", "delete"}

BOUNDED = {
    "as many as the body that stated them may have": {
        "AgreementDetails.reporting_years", "AgreementView.reporting_years", "ApplicationView.remarks",
        "ConclusionView.scores", "DemandView.accepted", "DemandView.accepted_by_approver",
        "ExcuseView.evidence", "ObligationView.reporting_years",
        "Dossier.budget", "ReportView.remarks", "RevisionView.evidence", "TermsView.obligations",
        "TermsView.planned", "TermsView.reporting_years",
        "TermsView.year_weights", "TrancheView.documents", "WantedView.lines", "WantedView.obligations",
        "WantedView.tranches",
    },
    "one each for what one agreement consists of: its tranches, its obligations by year": {
        "AgreementDetails.tranches", "Dossier.due_next", "Dossier.holds", "Dossier.obligations_known",
        "Dossier.reports", "Dossier.tranches", "PositionsView.positions", "StandingView.behind",
        "StandingView.open_causes",
    },
    "one answer, to be read as a whole: half of it would be wrong": {
        "CriterionView.evidence", "EligibilityView.conditions", "FindingView.criteria", "FindingView.evidence",
        "RecipientStanding.open_breaches", "RepaymentAnswer.citations", "RepaymentAnswer.rates_used",
        "RepaymentAnswer.repayments", "RepaymentAnswer.segments", "RepaymentAnswer.tranches",
        "RepaymentAnswer.unverified", "VersionView.rates_used", "WhatIfView.points",
    },
    "one each for the members of a commission, and the roles of one person": {
        "HistoryEntry.roles", "MotionView.votes",
    },
    "written in the code: the assumptions, the sides of an entry, the columns of a list": {
        "AccountView.assumptions", "BalanceView.assumptions", "EntryView.lines", "ListView.columns",
    },
    "two people at most": {"RateView.confirmed_by", "RuleSetView.confirmed_by"},
}  # fmt: skip
"""Lists in a reply that are no pages, by why they cannot grow; elsewhere `maxItems` says so, or a page is due."""

WITHOUT_VERSION = {
    "POST /v1/accounts/{account_id}/allocations": "enters what the bank did; its reference is taken once",
    "POST /v1/claims/{claim_id}/repayments": "enters what the bank did; its reference is taken once",
    "POST /v1/applications/{application_id}/experts": "asks one more expert; the same one again is refused",
    "POST /v1/obligations/{obligation_id}/reports": "makes a report; refused while one stands",
    "POST /v1/obligations/{obligation_id}/excuses": "makes a request; refused while one is open",
    "POST /v1/period-evaluations": "evaluates whatever is due by then; nobody has read all of it",
    "POST /v1/repayment-calculations": "changes nothing",
    "POST /v1/lists/{list_name}/lookups": "changes nothing",
}
"""Commands that rest on nothing that was read, each with its reason."""
VERSION_OF_A_LIST = {"POST /v1/base-rates/confirmations"}
"""Commands about many things at once: the version that they rest on is that of the list they were read from."""


@cache
def document(service: str) -> Mapping[str, Any]:
    """The OpenAPI document of a service."""
    return openapi_of(installed_service(service))


@cache
def paths(service: str) -> Mapping[str, Any]:
    """The paths of a service's OpenAPI document, with every reference to a component resolved but those of schemas."""
    components = document(service)["components"]

    def resolved(part: Any) -> Any:
        kind, _, name = part.get("$ref", "").removeprefix("#/components/").partition("/")
        return components[kind][name] if kind else part

    return {
        path: {
            method: {
                **operation,
                "parameters": [resolved(each) for each in operation.get("parameters", [])],
                "responses": {status: resolved(each) for status, each in operation["responses"].items()},
            }
            for method, operation in methods.items()
        }
        for path, methods in document(service)["paths"].items()
    }


def lists_of(service: str, operation: Mapping[str, Any]) -> Iterator[str]:
    """The lists without `maxItems` in the replies of an operation: `Schema.member`, or `a bare list`."""
    schemas = document(service)["components"]["schemas"]
    seen: set[str] = set()

    def walk(node: Any, place: str) -> Iterator[str]:
        if isinstance(node, list):
            for each in node:
                yield from walk(each, place)
        if not isinstance(node, dict):
            return
        if (name := str(node.get("$ref", "")).rpartition("/")[2]) and name not in seen:
            seen.add(name)
            for member, schema in schemas[name].get("properties", {}).items():
                yield from walk(schema, f"{short(name)}.{member}")
            yield from walk([schemas[name].get(each, []) for each in ("anyOf", "oneOf", "allOf")], short(name))
        if node.get("type") == "array" and "maxItems" not in node:
            yield place
        for each in ("items", "anyOf", "oneOf", "allOf", "additionalProperties"):
            yield from walk(node.get(each), place)

    for status, reply in operation["responses"].items():
        for media in reply.get("content", {}).values() if status.startswith("2") else ():
            yield from walk(media.get("schema"), "a bare list")


def short(name: str) -> str:
    """The name of a schema without the module that tells it from another of its name."""
    return "Page" if "Page_" in name else name.rpartition("__")[2]


@pytest.mark.parametrize("service", SERVICES)
def test_a_list_that_can_grow_is_a_cursor_page(service: str) -> None:
    bounded = {member for members in BOUNDED.values() for member in members}
    wrong = []
    for path, methods in paths(service).items():
        if "get" not in methods:
            continue
        found = set(lists_of(service, methods["get"]))
        asked = {each["name"] for each in methods["get"]["parameters"]}
        if ("Page.items" in found) != ({"cursor", "limit"} <= asked):
            wrong.append((path, "a page takes cursor and limit, and what takes them is a page"))
        wrong += [(path, place) for place in found - bounded - {"Page.items"}]
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_change_of_what_exists_rests_on_a_version_that_was_read(service: str) -> None:
    wrong = []
    for path, methods in paths(service).items():
        for method in methods.keys() & CHANGES:
            creates = "201" in methods[method]["responses"] and "{" not in path
            name = f"{method.upper()} {path}"
            if wants_version(methods[method]):
                if rested_on(dict(paths(service)), path) is None and name not in VERSION_OF_A_LIST:
                    wrong.append(f"{name}: nothing to read the version from")
                if name in WITHOUT_VERSION:
                    wrong.append(f"{name} takes If-Match: delete its line in WITHOUT_VERSION")
            elif not creates and name not in WITHOUT_VERSION:
                wrong.append(f"{name} takes no If-Match")
    assert wrong == []


def test_nothing_is_excused_that_is_not_there() -> None:
    there = {
        f"{method.upper()} {path}" for service in SERVICES for path, each in paths(service).items() for method in each
    }
    lists = {
        place
        for service in SERVICES
        for methods in paths(service).values()
        if "get" in methods
        for place in lists_of(service, methods["get"])
    }
    assert WITHOUT_VERSION.keys() - there == set()
    assert {member for members in BOUNDED.values() for member in members} - lists == set()


def test_a_member_has_one_name_that_of_the_description() -> None:
    assert all(document(service) for service in SERVICES)
    models: list[type[BaseModel]] = [BaseModel]
    for model in models:
        models += model.__subclasses__()
    by_two = [
        model.__qualname__
        for model in models
        if model.model_config.get("populate_by_name") or model.model_config.get("validate_by_name")
    ]
    assert len(models) > 100
    assert [name for name in by_two if not name.endswith("Settings")] == []
