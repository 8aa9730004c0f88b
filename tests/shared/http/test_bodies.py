"""Bodies that other parsers let through are refused, and the field or the place is named."""

import json
from typing import Any

import httpx
import pytest

from shared.http.body import MAXIMUM_BYTES
from tests.shared.http.conftest import Authorised

GOOD = {"name": "bolt", "amount": "10.00"}


async def sent(
    client: httpx.AsyncClient, body: bytes, content_type: str = "application/json", **more: str
) -> httpx.Response:
    headers = {"Content-Type": content_type, **{name.replace("_", "-"): value for name, value in more.items()}}
    return await client.post("/v1/open/parsing", content=body, headers=headers)


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        (b"", "fields-invalid"),
        (b"{", "not-plain-json"),
        (b'{"a": 1,}', "not-plain-json"),
        (b"{'a': 1}", "not-plain-json"),
        (b'{"a": 1} {"b": 2}', "not-plain-json"),
        (b'{"a": 01}', "not-plain-json"),
        (b'{"a": +5}', "not-plain-json"),
        (b'{"a": 1_000}', "not-plain-json"),
        ('{"a": ١٢٣}'.encode(), "not-plain-json"),
        (b'{"a": "line\nbreak"}', "not-plain-json"),
        (b'\xef\xbb\xbf{"a": 1}', "not-utf8"),
        ('{"a": 1}'.encode("utf-16"), "not-utf8"),
        ('{"a": 1}'.encode("utf-16-le"), "not-plain-json"),
        ('{"a": "я"}'.encode("cp1251"), "not-utf8"),
        (b'{"a": "\xed\xa0\x80"}', "not-utf8"),
        (b'{"a": NaN}', "number-out-of-range"),
        (b'{"a": Infinity}', "number-out-of-range"),
        (b'{"a": -Infinity}', "number-out-of-range"),
        (b'{"a": 1e400}', "number-out-of-range"),
        (b'{"a": -1e400}', "number-out-of-range"),
        (b'{"a": ' + b"9" * 5000 + b"}", "number-out-of-range"),
        (b'{"a": 0.' + b"1" * 50 + b"}", "number-out-of-range"),
        (b'{"a": 1, "a": 2}', "member-twice"),
        (b'{"a": {"b": 1, "b": 1}}', "member-twice"),
        (b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}", "too-deep"),
        (b"[" * 500_000, "too-deep"),
        (b'{"a":' * 100_000, "too-deep"),
        (b'"' + b'\\"' * 400_000, "not-plain-json"),
        (rb'{"a": "\u0000"}', "fields-invalid"),
        (rb'{"a": "\ud800"}', "fields-invalid"),
        (rb'{"\u0000": 1}', "fields-invalid"),
        (b"[]", "fields-invalid"),
        (b'"text"', "fields-invalid"),
        (b"null", "fields-invalid"),
    ],
)
async def test_a_body_that_is_not_strict_json_is_refused(client: httpx.AsyncClient, body: bytes, slug: str) -> None:
    reply = await sent(client, body)
    assert reply.json()["type"] == f"/problems/{slug}"
    assert reply.status_code == (422 if slug == "fields-invalid" else 400)
    assert reply.headers["content-type"] == "application/problem+json"


async def test_a_text_that_is_no_text_is_named_by_its_place(client: httpx.AsyncClient) -> None:
    reply = await sent(client, rb'{"a": [{"b~/": "\u0000"}]}')
    assert [error["pointer"] for error in reply.json()["errors"]] == ["/a/0/b~0~1"]


async def test_numbers_keep_every_digit(client: httpx.AsyncClient) -> None:
    reply = await sent(client, b'{"whole": 9007199254740993, "part": 0.1000000000000000055511151231257827}')
    assert reply.json() == {
        "whole": ["int", "9007199254740993"],
        "part": ["JsonNumber", "0.1000000000000000055511151231257827"],
    }


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in pieces"])
async def test_a_body_past_the_limit_is_not_read(client: httpx.AsyncClient, announced: bool) -> None:
    read = 0

    async def pieces() -> Any:
        nonlocal read
        for _ in range(2 * MAXIMUM_BYTES // 65536):
            read += 65536
            yield b" " * 65536

    headers = {"Content-Type": "application/json"} | ({"Content-Length": str(2 * MAXIMUM_BYTES)} if announced else {})
    reply = await client.post("/v1/open/parsing", content=pieces(), headers=headers)
    assert (reply.status_code, reply.json()["type"]) == (413, "/problems/body-too-large")
    assert read <= (65536 if announced else MAXIMUM_BYTES + 2 * 65536)


async def test_a_body_of_just_the_limit_is_read(client: httpx.AsyncClient) -> None:
    body = b'{"a": "' + b"x" * (MAXIMUM_BYTES - 9) + b'"}'
    assert (await sent(client, body)).status_code == 200


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("text/plain", ""),
        ("application/x-www-form-urlencoded", ""),
        ("multipart/form-data; boundary=x", ""),
        ("application/json; charset=utf-16", ""),
        ("application/jsonx", ""),
        ("", ""),
        ("application/json", "gzip"),
        ("application/json", "br"),
    ],
)
async def test_a_body_of_another_kind_is_not_supported(
    client: httpx.AsyncClient, content_type: str, encoding: str
) -> None:
    more = {"Content_Encoding": encoding} if encoding else {}
    reply = await sent(client, b'{"a": 1}', content_type, **more)
    assert (reply.status_code, reply.json()["type"]) == (415, "/problems/media-type-unsupported")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", 'application/json;charset="UTF-8"']
)
async def test_json_may_be_announced_with_its_encoding(client: httpx.AsyncClient, content_type: str) -> None:
    assert (await sent(client, b'{"a": 1}', content_type)).status_code == 200


async def test_a_command_without_a_body_takes_none(client: httpx.AsyncClient, authorised: Authorised) -> None:
    refused = await client.post("/v1/counter/once", json={"amount": 1}, headers=authorised())
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/body-unexpected")
    assert (await client.post("/v1/counter/once", json={}, headers=authorised())).status_code == 200


@pytest.mark.parametrize(
    ("changed", "pointer", "found", "wanted"),
    [
        ({"name": ...}, "/name", "nothing", None),
        ({"name": 7}, "/name", "a JSON number", None),
        ({"name": None}, "/name", "null", None),
        ({"name": ""}, "/name", "an empty text", "≥ 1"),
        ({"name": "x" * 51}, "/name", "a text of 51 characters", "≤ 50"),
        ({"name": "Nobody"}, "/name", "a text of 6 characters", None),
        ({"status": "approved"}, "/status", "a text of 8 characters", None),
        ({"amount": 10.0}, "/amount", "a JSON number", None),
        ({"amount": "-1.00"}, "/amount", "a text of 5 characters", "^[0-9]{1,15}\\.[0-9]{2}$"),
        ({"amount": "1.000"}, "/amount", "a text of 5 characters", "^[0-9]{1,15}\\.[0-9]{2}$"),
        ({"amount": "١٢.٠٠"}, "/amount", "a text of 5 characters", "^[0-9]{1,15}\\.[0-9]{2}$"),
        ({"amount": "1_0.00"}, "/amount", "a text of 6 characters", "^[0-9]{1,15}\\.[0-9]{2}$"),
        ({"amount": "1.00\n"}, "/amount", "a text of 5 characters", "^[0-9]{1,15}\\.[0-9]{2}$"),
        ({"colour": "green"}, "/colour", "a text of 5 characters", "'red', 'blue'"),
        ({"due_on": "2025-02-29"}, "/due_on", "a text of 10 characters", None),
        ({"due_on": "tomorrow"}, "/due_on", "a text of 8 characters", None),
        ({"parts": [{"kind": "screw", "count": 0}]}, "/parts/0/count", "a JSON number", "≥ 1"),
        ({"parts": [{"kind": "screw"}]}, "/parts/0/count", "nothing", None),
        ({"parts": [{"kind": "glue", "count": 1}]}, "/parts/0/kind", "a text of 4 characters", "'screw', 'nail'"),
        ({"parts": {}}, "/parts", "an object", None),
        ({"parts": [7] * 6}, "/parts", "a list", "≤ 5"),
        ({"weight": True}, "/weight", "a JSON boolean", None),
    ],
)
async def test_a_wrong_field_is_named_and_what_is_wanted_too(
    client: httpx.AsyncClient,
    authorised: Authorised,
    changed: dict[str, Any],
    pointer: str,
    found: str | None,
    wanted: str | None,
) -> None:
    body = {name: value for name, value in {**GOOD, **changed}.items() if value is not ...}
    reply = await client.post(
        "/v1/things", content=json.dumps(body), headers=authorised(Content_Type="application/json")
    )
    assert reply.status_code == 422
    (error,) = reply.json()["errors"]
    assert (error["in"], error["pointer"]) == ("body", pointer)
    assert (error.get("found"), error.get("wanted")) == (found, wanted)


async def test_every_wrong_field_is_named_at_once(client: httpx.AsyncClient, authorised: Authorised) -> None:
    reply = await client.post("/v1/things", json={"amount": 1, "colour": 1, "more": 1}, headers=authorised())
    assert {error["pointer"] for error in reply.json()["errors"]} == {"/name", "/amount", "/colour", "/more"}


async def test_an_iin_that_was_sent_is_never_repeated(client: httpx.AsyncClient, authorised: Authorised) -> None:
    iin = "910101300123"
    headers = authorised()
    replies = [
        await client.post("/v1/things", json={**GOOD, "name": iin, iin: iin, "colour": iin}, headers=headers),
        await client.post(
            "/v1/things", content=f'{{"{iin}": 1, "{iin}": 2}}', headers={**headers, "Content-Type": "application/json"}
        ),
        await client.get(f"/v1/things/{iin}", headers=headers),
        await client.get("/v1/things", params={"limit": iin, iin: iin}, headers=headers),
        await client.get(f"/nowhere/{iin}"),
        await client.post("/v1/things", json={**GOOD, "amount": "1000000.01"}, headers=headers),
        await client.get("/v1/fault"),
    ]
    assert [reply.status_code for reply in replies] == [422, 400, 422, 422, 404, 422, 500]
    for reply in replies:
        assert iin not in reply.text + str(reply.headers)


@pytest.mark.parametrize("path", ["/v1/things?name=%00", "/v1/things?%00=1", "/v1/counter/%00"])
async def test_nul_is_refused_in_query_and_path(client: httpx.AsyncClient, authorised: Authorised, path: str) -> None:
    send = client.get if "things" in path else client.post
    reply = await send(path, headers=authorised())
    assert (reply.status_code, reply.json()["type"]) == (422, "/problems/fields-invalid")


@pytest.mark.parametrize(
    ("language", "detail", "found", "wanted"),
    [
        ("en", "Found {}; wanted {}.", "a JSON number", "visible text of 1 to 200 characters"),
        ("ru", "Найдено: {}; нужно: {}.", "число JSON", "видимый текст от 1 до 200 символов"),
        ("kk", "Табылғаны: {}; керегі: {}.", "JSON саны", "1-ден 200 таңбаға дейінгі көрінетін мәтін"),
    ],
)
async def test_what_was_found_and_what_is_wanted_are_said_in_the_callers_language(
    client: httpx.AsyncClient, language: str, detail: str, found: str, wanted: str
) -> None:
    reply = await client.post("/v1/open/values", json={"name": 7}, headers={"Accept-Language": language})
    (error,) = reply.json()["errors"]
    assert (error["found"], error["wanted"], error["detail"]) == (found, wanted, detail.format(found, wanted))


async def test_a_number_is_no_money_though_it_has_two_decimals(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    reply = await client.post("/v1/open/values", content=b'{"name": "A", "amount": 100.00}', headers=headers)
    (error,) = reply.json()["errors"]
    assert (error["pointer"], error["found"]) == ("/amount", "a JSON number")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"a": [{"b": NaN}]}', "/a/0/b"),
        (b'{"a": {"b": 1e400}}', "/a/b"),
        (b'{"a": {"b": 1, "b": 2}}', "/a/b"),
    ],
)
async def test_what_no_json_can_hold_is_refused_at_its_place(
    client: httpx.AsyncClient, body: bytes, pointer: str
) -> None:
    reply = await sent(client, body)
    assert reply.status_code == 400
    assert [error["pointer"] for error in reply.json()["errors"]] == [pointer]
