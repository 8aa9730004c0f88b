"""Bad input: every field of every body, wrong in every way, is a problem that names the field and changes nothing."""

import copy
from typing import Any

import pytest

from tests.grants.builders import a_content, declarations
from tests.grants.desk import EXPERTS, MEMBERS, OFFICER, Desk, a_conclusion, a_refusal, must

NUL, RIGHT_TO_LEFT, ARABIC = "a\x00b", "a\u202eb", "١٢٣"
TEXT: list[Any] = [1, None, [], {}, "", "   ", NUL, RIGHT_TO_LEFT, "a\ud800b", "x" * 10_001]
MONEY: list[Any] = [
    1, 1.5, None, "", "-1.00", "+1.00", "1.001", "1.1", "1_000.00", ARABIC, "NaN", "Infinity", "1e400", "1" * 16,
    "100.00\n", " 1.00",
]  # fmt: skip
FLAG: list[Any] = [None, 1, 0, "true", "yes", []]
DAY: list[Any] = [
    None,
    20240101,
    "2024-02-30",
    "2024-13-01",
    "01.02.2024",
    "2024-01-01T00:00:00Z",
    ARABIC,
    "0001-01-01",
]
CODE: list[Any] = [1, "", "84137021001", "841", ARABIC, "84137O2100", "8413702100\n", "8413702100 "]
SLUG: list[Any] = [1, None, "", "Equipment", "a b", "é", "a" * 61, "a\n"]
SHA: list[Any] = [None, "", "a" * 63, "A" * 64, "g" * 64, "a" * 64 + "\n"]
SIZE: list[Any] = [None, 0, -1, 1.5, "1", True, 10**40, 11 * 1024**3]
NUMBER: list[Any] = [
    None,
    1,
    "",
    "210140000012",
    "21014000001",
    ARABIC,
    "2101400000170",
    "211240038069\n",
    "000000000001",
]

FIELDS: dict[str, list[Any]] = {
    "/call_id": [None, 1, "", "x", "00000000-0000-0000-0000-00000000000"],
    "/applicant/name": TEXT,
    "/applicant/number": NUMBER,
    "/content/title": [v for v in TEXT if v is not None],
    "/content/description": [v for v in TEXT if v is not None],
    "/content/region": [1, "", "75000000", "75000000A", ARABIC, "7500000001"],
    "/content/oked": [1, "", "2813", "281311", ARABIC],
    "/content/fea_cn": CODE,
    "/content/requested_amount": [v for v in MONEY if v is not None] + ["0.00"],
    "/content/project_cost": [v for v in MONEY if v is not None] + ["0"],
    "/content/budget": [1, "x", {}, [1], [{}]],
    "/content/budget/0/item": SLUG,
    "/content/budget/0/description": TEXT,
    "/content/budget/0/amount": [*MONEY, "0.00"],
    "/content/budget/0/from_grant": MONEY,
    "/content/documents": [1, "x", {}, [1], [{}]],
    "/content/documents/0/kind": SLUG,
    "/content/documents/0/name": TEXT,
    "/content/documents/0/sha256": SHA,
    "/content/documents/0/size": SIZE,
    "/content/declarations": [1, "x", [], {}],
    "/content/declarations/active_since": DAY,
    "/content/declarations/debt": MONEY,
    **{
        f"/content/declarations/{name}": FLAG
        for name, value in declarations().items()
        if isinstance(value, bool)
    },
}  # fmt: skip

CASES = [(field, value) for field, values in FIELDS.items() for value in values]
STORED = ("id", "status", "version", "institute", "recipient_id", "approved_amount", "number", "revision", "created_by")


def put(body: Any, pointer: str, value: Any) -> Any:
    changed = copy.deepcopy(body)
    at = changed
    *way, last = pointer.strip("/").split("/")
    for part in way:
        at = at[int(part)] if isinstance(at, list) else at[part]
    at[last] = value
    return changed


def a_body(desk: Desk, call_id: str) -> dict[str, Any]:
    return {
        "call_id": call_id,
        "applicant": {"name": "Sample", "number": desk.applicant.bin},
        "content": a_content(),
    }


async def test_every_field_of_a_draft_refuses_what_it_is_not(desk: Desk) -> None:
    call_id = await desk.open_call()
    for field, value in CASES:
        answer = await desk.post("/applications", desk.applicant, put(a_body(desk, call_id), field, value))
        assert answer.status_code in {400, 422}, (field, value, answer.text)
        named = [error["pointer"] for error in answer.json().get("errors", [])]
        assert answer.status_code == 400 or any(pointer.startswith(field) for pointer in named), (field, value, named)
        assert "\ud800" not in answer.text
    assert must(await desk.get("/applications", desk.applicant))["items"] == []


async def test_members_that_are_not_asked_for_are_refused_at_every_level(desk: Desk) -> None:
    call_id = await desk.open_call()
    for level in ("", "/applicant", "/content", "/content/budget/0", "/content/documents/0", "/content/declarations"):
        for name in (*STORED, "fetch_url"):
            if level == "/applicant" and name == "number":
                continue
            body = put(a_body(desk, call_id), f"{level}/{name}", "x")
            answer = await desk.post("/applications", desk.applicant, body)
            assert answer.status_code == 422, (level, name)
    assert must(await desk.get("/applications", desk.applicant))["items"] == []


@pytest.mark.parametrize(
    "raw",
    [
        b"{", b"", b"null", b"[]", b'"x"', b'{"call_id": NaN}', b'{"call_id": 1e400}', b'{"a": 1, "a": 2}',
        b'\xef\xbb\xbf{}', b'{"call_id": "\xff"}', b"[" * 10_000, b'{"call_id": "\\u0000"}',
        b'{"x": "' + b"y" * 2 * 1024 * 1024 + b'"}',
    ],
)  # fmt: skip
async def test_a_body_that_is_no_strict_json_is_refused(desk: Desk, raw: bytes) -> None:
    headers = desk.headers(desk.applicant, **{"Content-Type": "application/json"})
    answer = await desk.client.post("/v1/applications", headers=headers, content=raw)
    assert answer.status_code in {400, 413, 422}, answer.text
    assert must(await desk.get("/applications", desk.applicant))["items"] == []


async def test_the_number_of_the_applicant_is_never_echoed(desk: Desk) -> None:
    call_id = await desk.open_call()
    wrong = "850101300019"
    body = put(a_body(desk, call_id), "/applicant/number", wrong)
    answer = await desk.post("/applications", desk.applicant, body)
    assert answer.status_code in {403, 422}
    assert wrong not in answer.text


COMMANDS: dict[str, tuple[dict[str, Any], dict[str, list[Any]]]] = {
    "return": (
        {"remarks": [{"field": "/title", "remark": "Unclear."}]},
        {
            "/remarks": [None, 1, {}, [1]],
            "/remarks/0/field": [None, 1, "", "title", "/", "/a b", "/" * 9, "/x" * 9, NUL],
            "/remarks/0/remark": TEXT,
        },
    ),
    "correction": (
        {"answers": [{"number": 1, "answer": "Done."}]},
        {"/answers": [1, [1]], "/answers/0/number": [None, 0, -1, "1", 1.5, 10**30], "/answers/0/answer": TEXT},
    ),
    "hearing-statement": ({"statement": "x"}, {"/statement": TEXT}),
    "withdrawal": ({"reason": "x"}, {"/reason": TEXT}),
    "experts": ({"expert": "expert-1"}, {"/expert": TEXT}),
    "conflict-declaration": ({"conflict": False}, {"/conflict": FLAG, "/reason": [1, [], "", NUL]}),
    "conclusion": (
        a_conclusion(),
        {
            "/scores": [None, 1, [], [1]],
            "/scores/0/criterion": SLUG,
            "/scores/0/score": [None, -1, 101, "7", 7.5, True, 10**30],
            "/scores/0/reason": TEXT,
            "/recommendation": [None, 1, "", "perhaps"],
            "/summary": TEXT,
        },
    ),
    "motion": (
        {"motion": a_refusal()},
        {
            "/motion": [None, 1, [], {}],
            "/motion/outcome": [None, 1, "perhaps"],
            "/motion/ground": [None, 1, "", "low-score"],
            "/motion/reason": TEXT,
            "/motion/amount": ["1.00"],
        },
    ),
    "votes": ({"choice": "for"}, {"/choice": [None, 1, "", "perhaps"], "/reason": [1, [], "", NUL]}),
    "decision": ({"minutes": "x"}, {"/minutes": TEXT}),
    "motion/dropping": ({"reason": "x"}, {"/reason": TEXT}),
}


@pytest.mark.parametrize("command", COMMANDS)
async def test_every_field_of_every_command_refuses_what_it_is_not(desk: Desk, command: str) -> None:
    id_ = await desk.submitted()
    body, fields = COMMANDS[command]
    before = await desk.application(id_)
    who = {"conflict-declaration": EXPERTS[0], "conclusion": EXPERTS[0], "votes": MEMBERS[0]}.get(command, OFFICER)
    if command in {"correction", "hearing-statement", "withdrawal"}:
        who = desk.applicant
    etag = await desk.etag(f"/applications/{id_}")
    cases = [put(body, field, value) for field, values in fields.items() for value in values]
    for wrong in [*cases, {**body, "status": "approved"}, {**body, "approved_amount": "1.00"}]:
        answer = await desk.post(f"/applications/{id_}/{command}", who, wrong, etag=etag)
        assert answer.status_code in {400, 422}, (command, wrong, answer.text)
    assert await desk.application(id_) == before


async def test_ids_that_are_none_and_cursors_that_were_not_given_out_are_refused(desk: Desk) -> None:
    for path in ("/applications/x", "/applications/1' or '1'='1", "/calls/%00", "/applications/x/eligibility"):
        assert (await desk.get(path, OFFICER)).status_code in {404, 422}
    for query in ({"cursor": "x"}, {"limit": 0}, {"limit": 10**9}, {"limit": -1}, {"call_id": "x"}):
        assert (await desk.get("/applications", OFFICER, **query)).status_code == 422
