"""Lists and parameters of the service: read as of a day, taken from files, confirmed by two officers."""

import asyncio
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from shared.cli.lists import app as lists
from tests.grants.desk import AUDITOR, OFFICER, Desk, Person, must

SECOND = replace(OFFICER, subject="officer-2")
HEADER = "kind,effective_from,effective_to,name,required,mark,source\n"


def take(desk: Desk, monkeypatch: pytest.MonkeyPatch, service: str, name: str, file: Path) -> tuple[int, str]:
    """`tirek lists import` into the desk's database: the exit code and what is shown."""
    settings = desk.app.state.settings
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    monkeypatch.setenv("TIREK_ENVIRONMENT", "test")
    monkeypatch.setenv("COLUMNS", "200")
    done = CliRunner().invoke(lists, ["import", service, name, str(file), "--by", "importer"])
    return done.exit_code, done.output


async def confirmed(desk: Desk, path: str, who: Person) -> httpx.Response:
    """Confirm what stands there, as it is now."""
    etag = (await desk.get(path, AUDITOR)).headers["ETag"]
    return await desk.post(f"{path}/confirmation", who, etag=etag)


async def test_a_parameter_is_read_as_of_a_day_and_verified_by_two_officers(desk: Desk) -> None:
    path = "/parameters/grants.term.correction"
    assert (await desk.get("/parameters/grants.term.nothing", AUDITOR, on="2024-11-11")).status_code == 422
    found = must(await desk.get(path, desk.applicant, on="2024-11-11"))
    assert (found["value"], found["unit"], found["verified"]) == ("7", "working day", False)
    row = f"/reference-rows/{found['id']}"
    assert (await confirmed(desk, row, desk.applicant)).status_code == 403
    assert must(await confirmed(desk, row, OFFICER))["verified"] is False
    assert (await confirmed(desk, row, OFFICER)).json()["type"].endswith("second-person-wanted")
    assert must(await confirmed(desk, row, SECOND))["verified"] is True


async def test_the_services_own_list_is_read_and_unknown_lists_are_named(desk: Desk) -> None:
    page = must(await desk.get("/lists/grant-documents/entries", desk.applicant, on="2024-11-11"))
    assert "business-plan" in {entry["key"] for entry in page["items"]}
    refused = await desk.get("/lists/colours/entries", OFFICER, on="2024-11-11")
    assert refused.status_code == 404
    assert "grant-documents" in refused.json()["detail"]


async def test_a_file_goes_into_the_services_own_list_and_its_rows_are_unverified(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "documents.csv"
    file.write_text(HEADER + "photograph,2024-01-01,,Photograph of the site,no,practice,made up\n", encoding="utf-8")
    code, shown = await in_thread(desk, monkeypatch, "grants", "grant-documents", file)
    assert (code, "grant-documents" in shown) == (0, True)
    page = must(await desk.get("/lists/grant-documents/entries", OFFICER, on="2024-11-11"))
    (entry,) = [entry for entry in page["items"] if entry["key"] == "photograph"]
    assert entry["verified"] is False
    row = f"/list-imports/{entry['import_id']}"
    assert (await confirmed(desk, row, replace(OFFICER, subject="importer"))).status_code == 403
    assert must(await confirmed(desk, row, OFFICER))["first"] == 1
    assert must(await confirmed(desk, row, SECOND))["verified"] == 1


async def test_a_file_with_errors_names_each_line_and_nothing_is_taken(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "documents.csv"
    file.write_text(
        HEADER + "good,2024-01-01,,Good,no,practice,made up\nbad,2024-02-30,,Bad,no,practice,made up\n"
        "worse,2024-01-01,,Worse,perhaps,practice,made up\n",
        encoding="utf-8",
    )
    code, shown = await in_thread(desk, monkeypatch, "grants", "grant-documents", file)
    assert code == 1
    assert all(word in shown for word in ("2024-02-30", "perhaps", "Nothing was taken"))
    page = must(await desk.get("/lists/grant-documents/entries", OFFICER, on="2024-11-11"))
    assert "good" not in {entry["key"] for entry in page["items"]}


async def test_a_list_that_the_service_does_not_keep_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "producers.csv"
    file.write_text("number,effective_from,name,source\n", encoding="utf-8")
    code, _ = await in_thread(desk, monkeypatch, "obligations", "producers", file)
    assert code != 0


async def in_thread(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, service: str, name: str, file: Path
) -> tuple[int, str]:
    """The command line runs a loop of its own, so it runs in a thread of its own."""
    return await asyncio.to_thread(take, desk, monkeypatch, service, name, file)
