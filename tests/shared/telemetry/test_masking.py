import pytest

from shared.telemetry.masking import masked, masked_value
from shared.telemetry.statements import name_of, sanitized

IIN = "910101300123"


@pytest.mark.parametrize(
    ("text", "legible"),
    [
        (f"iin={IIN}", "iin=<number>"),
        (f"бин {IIN}, тел. +7 (701) 123-45-67", "бин <number>, тел. <phone>"),
        ("87011234567", "<phone>"),
        ("account KZ86125KZT5004100100", "account <account>"),
        ("Authorization: Bearer abc.def-1", "Authorization: Bearer <secret>"),
        ("eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2ln", "<secret>"),
        ("postgresql://grants:secret@db:5432/grants", "postgresql://<login>@db:5432/grants"),
        (
            f"duplicate key\nDETAIL:  Key (iin)=({IIN}) already exists.\n[SQL: insert]",
            "duplicate key\nDETAIL: <detail>\n[SQL: insert]",
        ),
        ("[parameters: ('Aigul',)]\n(Background", "[parameters: <detail>\n(Background"),
    ],
)
def test_what_names_a_person_or_opens_a_door_is_illegible(text: str, legible: str) -> None:
    assert masked(text) == legible


@pytest.mark.parametrize(
    "text",
    [
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "0190d3c1-7a3e-7bbb-8123-910101300123",
        "100000000000.00 tenge",
        "offset 1234567890 of 12345678901234",
        "2026-10-28T05:04:00.000000Z",
    ],
)
def test_ids_amounts_and_times_stay(text: str) -> None:
    assert masked(text) == text


def test_numbers_are_masked_in_whatever_holds_them() -> None:
    assert masked_value({"a": [int(IIN), {"b": IIN}], "c": 7, "d": True}) == {
        "a": ["<number>", {"b": "<number>"}],
        "c": 7,
        "d": True,
    }


@pytest.mark.parametrize(
    ("statement", "name", "shown"),
    [
        ("BEGIN;", "BEGIN", "BEGIN;"),
        ("select * from event where id = $1::UUID", "SELECT event", "select * from event where id = $1::UUID"),
        (
            f"update recipient /* {IIN} */ set iin = '{IIN}', name = 'O''Neill' where id = 12.5",
            "UPDATE recipient",
            "update recipient set iin = ?, name = ? where id = ?",
        ),
        (
            "WITH stored AS (INSERT INTO event (id) VALUES ($1) RETURNING id)\n INSERT INTO outbox (id) SELECT id",
            "INSERT event",
            "WITH stored AS (INSERT INTO event (id) VALUES ($1) RETURNING id) INSERT INTO outbox (id) SELECT id",
        ),
        ("", "statement", ""),
    ],
)
def test_a_statement_is_shown_without_its_literals_and_named_by_verb_and_table(
    statement: str, name: str, shown: str
) -> None:
    assert (name_of(statement), sanitized(statement)) == (name, shown)
