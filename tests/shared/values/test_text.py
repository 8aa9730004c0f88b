import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.values.text import LongText, Name, ShortText

names: TypeAdapter[str] = TypeAdapter(Name)
texts: TypeAdapter[str] = TypeAdapter(LongText)


@pytest.mark.parametrize(
    "name",
    ["Тірек ЖШС", "Өндіріс Ұйымы 1", "ТОО «Образец»", "Sample producer 1", "=SUM(A1)", "₸ 100 %", "生产", "🏭 завод"],
)
def test_a_name_of_any_language_is_kept(name: str) -> None:
    assert names.validate_python(name) == name


def test_a_name_is_composed_and_its_outer_blanks_go() -> None:
    assert names.validate_python("  Кай\u0306рат ") == unicodedata.normalize("NFC", "Кай\u0306рат")
    assert names.validate_python("e\u0301") == "é"


@pytest.mark.parametrize(
    "unwanted",
    [
        "\x00",
        "\n",
        "\r",
        "\t",
        "\x1b",
        "\x7f",
        "\x85",
        "\u00ad",
        "\u200b",
        "\u200d",
        "\u200e",
        "\u202e",
        "\u2028",
        "\u2066",
        "\ufeff",
        "\u3164",
        "\u2800",
        "\ufe0f",
        "\ue000",
        "\ufffe",
        "\ufffd",
        "\ud800",
        "\udfff",
        "\U000e0041",
        "\U0010ffff",
    ],
    ids=ascii,
)
def test_what_cannot_be_seen_is_refused_by_its_code_point(unwanted: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        names.validate_python(f"ab{unwanted}cd")
    message = refusal.value.errors()[0]["msg"]
    assert f"U+{ord(unwanted):04X} at place 3" in message
    assert message.isascii()


@pytest.mark.parametrize("blank", ["", " ", "\u00a0\u2003 ", "　"])
def test_a_blank_name_is_refused(blank: str) -> None:
    with pytest.raises(ValidationError, match="wanted visible text of 1 to 200 characters"):
        names.validate_python(blank)


@pytest.mark.parametrize("written", [None, 1, 1.5, True, [], {}, b"abc"])
def test_only_a_string_is_text(written: Any) -> None:
    with pytest.raises(ValidationError, match="wanted visible text"):
        names.validate_python(written)


def test_text_has_a_length() -> None:
    assert len(names.validate_python("ә" * 200)) == 200
    assert len(names.validate_python("и\u0306" * 200)) == 200
    for long in ("ә" * 201, "x" * 1_000_000):
        with pytest.raises(ValidationError, match="characters; wanted visible text of 1 to 200 characters"):
            names.validate_python(long)


def test_only_long_text_has_lines() -> None:
    assert texts.validate_python("first\r\nsecond\n\tthird") == "first\nsecond\n\tthird"
    with pytest.raises(ValidationError):
        texts.validate_python("bell\x07")
    with pytest.raises(ValidationError):
        TypeAdapter(ShortText).validate_python("first\nsecond")


@given(st.text(max_size=300))
def test_text_is_taken_or_refused_and_never_breaks_anything(text: str) -> None:
    try:
        taken = names.validate_python(text)
    except ValidationError as refusal:
        assert refusal.errors()[0]["msg"].isascii()
    else:
        assert taken.encode("utf-8")
        assert names.validate_python(taken) == taken
        assert 1 <= len(taken) <= 200
        assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") for character in taken)


@pytest.mark.parametrize("field", [names, texts])
@given(text=st.text(st.characters(codec="utf-8", max_codepoint=0xFFFF), min_size=1, max_size=20))
def test_the_schema_says_what_is_refused(field: TypeAdapter[str], text: str) -> None:
    fits = re.search(field.json_schema()["pattern"], text) is not None and not text.endswith("\n")
    try:
        field.validate_python(text)
    except ValidationError:
        assert not fits
