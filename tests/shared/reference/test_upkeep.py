import asyncio
import uuid
from typing import Any

import pytest

from shared.access.callers import Role
from tests.shared.reference.test_routes import client

__all__ = ["client"]

FILE = (
    "name,effective_from,value,unit,source\nfee,2025-01-01,5,percent,order 1\nterm,2025-01-01,7,working day,order 1\n"
)
SLIP = "fea_cn,effective_from,effective_to,name,processing,source\n9999,2025-01-01,,Nothing,high,a slip\n"


def rested(headers: dict[str, str], version: str) -> dict[str, str]:
    return {**headers, "If-Match": version}


async def imported(client: Any, list_name: str, csv: str, **who: Any) -> Any:
    http, headers, _ = client
    return await http.post("/v1/list-imports", headers=headers(**who), json={"list_name": list_name, "csv": csv})


async def test_an_officer_finds_the_lists_and_what_their_files_look_like(client: Any) -> None:
    http, headers, _ = client
    first = (await http.get("/v1/lists?limit=3", headers=headers(Role.APPLICANT))).json()
    rest = (await http.get(f"/v1/lists?limit=3&cursor={first['next_cursor']}", headers=headers())).json()
    names = [each["name"] for each in first["items"] + rest["items"]]
    assert names == sorted(set(names))
    goods = next(each for each in first["items"] + rest["items"] if each["name"].startswith("grant-"))
    assert goods["columns"][1] == {"name": "effective_from", "required": True}


async def test_an_officer_brings_in_a_file_confirms_nothing_alone_and_finds_what_is_unverified(client: Any) -> None:
    http, headers, _ = client
    taken = await imported(client, "parameters", FILE)
    assert (taken.status_code, taken.json()["added"]) == (201, 2)
    listed = f"/v1/reference-rows?verified=false&import_id={taken.json()['import_id']}"
    rows = (await http.get(listed, headers=headers(Role.AUDITOR))).json()["items"]
    rows.sort(key=lambda row: str(row["name"]))
    assert [row["name"] for row in rows] == ["fee", "term"]
    path = f"/v1/reference-rows/{rows[0]['id']}"
    own = await http.post(f"{path}/confirmation", headers=rested(headers(), '"0"'))
    assert own.json()["type"] == "/problems/second-person-wanted"
    for officer, version in (("bolat", '"0"'), ("dana", '"1"')):
        done = await http.post(f"{path}/confirmation", headers=rested(headers(subject=officer), version))
        assert done.status_code == 200
    assert [row["name"] for row in (await http.get(listed, headers=headers())).json()["items"]] == ["term"]
    told = (await http.get("/v1/list-imports?list_name=parameters&limit=1", headers=headers())).json()["items"]
    assert (told[0]["import_id"], told[0]["imported_by"]) == (taken.json()["import_id"], "aigul")


async def test_a_file_of_a_spreadsheet_begins_with_a_mark_and_is_taken(client: Any) -> None:
    taken = await imported(client, "parameters", "\ufeff" + FILE.replace("fee", "bom-fee").replace("term", "bom-term"))
    assert (taken.status_code, taken.json()["added"]) == (201, 2)
    twice = await imported(client, "parameters", "\ufeff\ufeff" + FILE)
    assert twice.status_code == 422


async def test_all_unverified_rows_come_in_pages_lists_and_parameters_together(client: Any) -> None:
    http, headers, _ = client
    ids: list[str] = []
    lists: set[str] = set()
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        page = (await http.get(f"/v1/reference-rows?verified=false&limit=200{more}", headers=headers())).json()
        ids += [row["id"] for row in page["items"]]
        lists |= {row.get("list_name", "parameters") for row in page["items"]}
        cursor = page["next_cursor"]
    assert ids == sorted(set(ids))
    assert {"parameters", "holidays", "priority-goods"} <= lists
    assert (await http.get("/v1/reference-rows", headers=headers(Role.APPLICANT))).status_code == 403


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Line 3, column value: found"), ("ru", "Строка 3, столбец value: "), ("kk", "3-жол, value бағаны: ")],
)
async def test_a_file_with_errors_is_named_row_by_row_and_nothing_of_it_is_taken(
    client: Any, language: str, words: str
) -> None:
    http, headers, _ = client
    wrong = FILE + "other,2025-01-01,five,percent,order 1\nlast,2025-13-01,5,percent,order 1\n"
    asked = {
        "list_name": "parameters",
        "csv": wrong.replace("fee,2025-01-01,5", "fee,2025-01-01,5").replace("7,w", "x,w"),
    }
    refused = await http.post("/v1/list-imports", headers={**headers(), "Accept-Language": language}, json=asked)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/list-file-refused")
    errors = refused.json()["errors"]
    assert [error["pointer"] for error in errors] == ["/csv"] * 3
    assert errors[0]["detail"].startswith(words)
    assert (await http.get("/v1/parameters/fee?on=2025-06-01", headers=headers())).status_code == 422


async def test_the_same_import_again_is_done_once_and_a_third_says_nothing_new(client: Any) -> None:
    http, headers, _ = client
    same = headers()
    asked = {"list_name": "parameters", "csv": FILE}
    first, again = await asyncio.gather(*(http.post("/v1/list-imports", headers=same, json=asked) for _ in range(2)))
    assert first.content == again.content
    third = (await imported(client, "parameters", FILE)).json()
    assert (third["unchanged"], third["import_id"]) == (2, None)


@pytest.mark.parametrize(
    "body",
    [
        {"list_name": "parameters"},
        {"list_name": "parameters", "csv": ""},
        {"list_name": "parameters", "csv": 7},
        {"list_name": "parameters", "csv": "a\x00b"},
        {"list_name": "parameters", "csv": "x" * 500_001},
        {"list_name": "parameters", "csv": FILE, "verified": True},
        {
            "list_name": "parameters",
            "csv": FILE.replace("source", "source,known_from").replace("order 1", "o,2020-01-01"),
        },
    ],
    ids=["no file", "empty", "number", "NUL", "too long", "verified", "known before"],
)
async def test_what_is_no_file_leaves_no_trace(client: Any, body: dict[str, Any]) -> None:
    http, headers, _ = client
    assert (await http.post("/v1/list-imports", headers=headers(), json=body)).status_code == 422
    assert (await http.get("/v1/parameters/fee?on=2025-06-01", headers=headers())).status_code == 422


async def test_a_list_is_kept_by_officers_only_and_must_exist(client: Any) -> None:
    assert (await imported(client, "colours", FILE)).status_code == 404
    http, headers, _ = client
    for role in (Role.APPLICANT, Role.EXPERT, Role.AUDITOR, Role.OPERATOR):
        asked = {"list_name": "parameters", "csv": FILE}
        assert (await http.post("/v1/list-imports", headers=headers(role), json=asked)).status_code == 403


async def test_a_mistaken_row_is_withdrawn_by_two_and_the_earlier_answer_stays(client: Any) -> None:
    http, headers, _ = client
    taken = (await imported(client, "priority-goods", SLIP)).json()
    found = await http.get(f"/v1/reference-rows?import_id={taken['import_id']}", headers=headers())
    path = f"/v1/reference-rows/{found.json()['items'][0]['id']}"
    reason = {"reason": "No such heading."}
    early = await http.post(f"{path}/withdrawal-approval", headers=rested(headers(), '"0"'))
    assert early.json()["type"] == "/problems/withdrawal-not-proposed"
    assert (await http.post(f"{path}/withdrawal-proposal", headers=headers(), json=reason)).status_code == 428
    proposed = await http.post(f"{path}/withdrawal-proposal", headers=rested(headers(), '"0"'), json=reason)
    assert (proposed.json()["withdrawal_reason"], proposed.headers["ETag"]) == ("No such heading.", '"1"')
    on_list = {"key": "9999", "on": "2025-06-01"}
    asked = await http.post("/v1/lists/priority-goods/lookups", headers=headers(), json=on_list)
    assert asked.json()["entry"] is not None, "a proposal alone changes nothing"
    again = await http.post(f"{path}/withdrawal-proposal", headers=rested(headers(), '"1"'), json=reason)
    assert again.json()["type"] == "/problems/withdrawal-proposed-already"
    own = await http.post(f"{path}/withdrawal-approval", headers=rested(headers(), '"1"'))
    assert own.json()["type"] == "/problems/second-person-wanted"
    refused = await http.post(f"{path}/withdrawal-rejection", headers=rested(headers(), '"1"'))
    assert (refused.status_code, refused.headers["ETag"], refused.json()["withdrawal_reason"]) == (200, '"2"', None)
    twice = await http.post(f"{path}/withdrawal-rejection", headers=rested(headers(), '"2"'))
    assert twice.json()["type"] == "/problems/withdrawal-not-proposed"
    anew = await http.post(f"{path}/withdrawal-proposal", headers=rested(headers(), '"2"'), json=reason)
    assert anew.headers["ETag"] == '"3"', "what was read before the rejection approves nothing"
    stale = await http.post(f"{path}/withdrawal-approval", headers=rested(headers(subject="bolat"), '"1"'))
    assert stale.status_code == 412
    done = await http.post(f"{path}/withdrawal-approval", headers=rested(headers(subject="bolat"), '"3"'))
    assert (done.status_code, done.json()["known_to"] is not None) == (200, True)
    asked = await http.post("/v1/lists/priority-goods/lookups", headers=headers(), json=on_list)
    assert asked.json()["entry"] is None
    after = await http.post(f"{path}/confirmation", headers=rested(headers(subject="dana"), '"4"'))
    assert after.json()["type"] == "/problems/reference-row-superseded"
    missing = f"/v1/reference-rows/{uuid.uuid4()}"
    assert (await http.get(missing, headers=headers())).status_code == 404
