"""Import into a draft and export of a request: a whole file or nothing, again without a change, ten thousand lines."""

import time
from itertools import count
from typing import Any

import httpx

from tests.export_support.builders import OWN, a_document, a_line
from tests.export_support.desk import OFFICER, Desk, Person, an_applicant, must, refused
from tests.export_support.drafting import drafted, line_in, unique
from tests.export_support.sheets.books import a_book, rows_of, with_cells

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_serial = count(1)


async def put_in(
    desk: Desk, path: str, who: Person, content: bytes, *, kind: str = XLSX, **query: Any
) -> httpx.Response:
    headers = desk.headers(who, **{"If-Match": await desk.etag(path, who), "Content-Type": kind})
    return await desk.client.post(f"/v1{path}/line-imports", headers=headers, content=content, params=query)


def many(number: int, category: str = "goods-delivery") -> list[dict[str, Any]]:
    first = next(_serial)
    return [a_line(category, document=a_document(number=f"M-{first}-{n}")) for n in range(number)]


async def test_a_file_stands_for_all_lines_of_its_category_and_again_changes_nothing(desk: Desk) -> None:
    applicant = an_applicant()
    path = await drafted(desk, applicant)
    await line_in(desk, path, applicant)
    kept = await line_in(desk, path, applicant, "ict-rent")
    lines = many(3)
    first = must(await put_in(desk, path, applicant, a_book(*lines)))
    assert (first["rows"], first["added"], first["removed"]) == (3, 3, 1)
    again = must(await put_in(desk, path, applicant, a_book(*lines)))
    assert (again["added"], again["removed"], again["revision"]) == (0, 0, first["revision"])
    there = must(await desk.get(f"{path}/lines", applicant))["items"]
    assert [line["cost"]["category"] for line in there] == ["ict-rent", *["goods-delivery"] * 3]
    assert there[0]["id"] == kept
    assert must(await desk.get(path, applicant))["line_count"] == 4


async def test_nothing_of_a_file_with_one_wrong_cell_is_kept(desk: Desk) -> None:
    applicant = an_applicant()
    path = await drafted(desk, applicant)
    await line_in(desk, path, applicant)
    before = must(await desk.get(f"{path}/lines", applicant))
    lines = many(5)
    broken = with_cells(a_book(*lines), [(b">2025-02-10<", b">10/02/2025<")])
    problem = refused(await put_in(desk, path, applicant, broken), "lines-file-refused")
    assert problem["errors"][0]["pointer"] == "/goods-delivery/2/paid_on"
    assert "Sheet goods-delivery, row 2, column paid_on" in problem["errors"][0]["detail"]
    assert must(await desk.get(f"{path}/lines", applicant)) == before


async def test_ten_thousand_lines_come_in_by_one_file_and_no_line_more(desk: Desk) -> None:
    applicant = an_applicant()
    path = await drafted(desk, applicant)
    book = a_book(*many(10_000))
    begun = time.perf_counter()
    assert must(await put_in(desk, path, applicant, book))["added"] == 10_000
    assert time.perf_counter() - begun < 60
    shown = must(await desk.get(f"{path}/estimate", applicant))
    assert shown["eligible"] == 10_000
    assert shown["reimbursed"] == "90000000.00"
    refused(await desk.post(f"{path}/lines", applicant, {"cost": a_line(document=unique())}), "lines-full")


async def test_a_template_and_an_export_are_headed_in_three_languages_and_fit_for_import(desk: Desk) -> None:
    applicant = an_applicant()
    for category in OWN:
        answer = await desk.get(f"/line-templates/{category}", applicant, format="csv")
        kazakh, russian, english = answer.text.removeprefix("\ufeff").splitlines()
        assert (kazakh.split(",")[0], russian.split(",")[0], english.split(",")[0]) == (
            "Жеткізуші", "Поставщик", "Supplier",
        )  # fmt: skip
    path = await drafted(desk, applicant)
    for category in OWN:
        await line_in(desk, path, applicant, category)
    book = await desk.get(f"{path}/lines-file", applicant)
    assert book.headers["content-type"] == XLSX
    other = await drafted(desk, applicant)
    assert must(await put_in(desk, other, applicant, book.content))["added"] == 15
    text = await desk.get(f"{path}/lines-file", applicant, format="csv", category="ict-rent")
    done = must(await put_in(desk, other, applicant, text.content, kind="text/csv", category="ict-rent"))
    assert (done["rows"], done["added"]) == (1, 0)


async def test_another_kind_of_file_a_larger_one_and_a_signed_request_are_refused(desk: Desk) -> None:
    applicant = an_applicant()
    path = await drafted(desk, applicant)
    refused(await put_in(desk, path, applicant, b"{}", kind="application/json"), "file-type-unsupported")
    refused(await put_in(desk, path, applicant, bytes(50 * 1024 * 1024)), "body-too-large")
    refused(await desk.get(f"{path}/lines-file", OFFICER), "request-not-found")
    must(await put_in(desk, path, applicant, a_book(*many(1))))
    must(await desk.post(f"{path}/submission", applicant))
    refused(await put_in(desk, path, applicant, a_book(*many(1))), "request-signed")
    assert rows_of(a_line())[0][0] == "document_supplier"


async def test_the_same_key_with_the_same_file_takes_effect_once(desk: Desk) -> None:
    applicant = an_applicant()
    path = await drafted(desk, applicant)
    headers = desk.headers(applicant, **{"If-Match": await desk.etag(path, applicant), "Content-Type": XLSX})
    book, url = a_book(*many(2)), f"/v1{path}/line-imports"
    first = await desk.client.post(url, headers=headers, content=book)
    again = await desk.client.post(url, headers=headers, content=book)
    assert (first.status_code, again.content) == (200, first.content)
    other = await desk.client.post(url, headers=headers, content=a_book(*many(2)))
    refused(other, "idempotency-key-reused")
