import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.values.decimals import JsonNumber
from shared.values.money import Money, PositiveMoney, from_tiyn, money, to_tiyn

amounts: TypeAdapter[Decimal] = TypeAdapter(Money)
positive: TypeAdapter[Decimal] = TypeAdapter(PositiveMoney)

NOT_MONEY: list[Any] = [
    "١٢٣",
    "१२३",
    "１００",
    "1_000",
    "1 000",
    "1,000.00",
    "100.00\n",
    "\n100.00",
    " 100",
    "100 ",
    "+5",
    "-5",
    "-0",
    "-0.00",
    "1e5",
    "1E5",
    "NaN",
    "nan",
    "Infinity",
    "-Infinity",
    "inf",
    "sNaN",
    "",
    ".",
    ".50",
    "5.",
    "5.5",
    "5.555",
    "0x10",
    "1" * 16,
    "1" * 16 + ".00",
    "1.00.00",
    "1.²³",
    "①.00",
    "100\u0000",
    "100.00\u2028",
    "\u200b100",
    "100.00₸",
    "\ud800",
    100,
    0,
    -1,
    100.0,
    1e400,
    float("nan"),
    True,
    False,
    None,
    [],
    ["100"],
    {},
    {"amount": "100"},
    10**30,
    b"100",
]


@pytest.mark.parametrize("written", NOT_MONEY, ids=ascii)
def test_what_is_no_amount_is_refused_with_what_was_found_and_what_is_wanted(written: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        amounts.validate_python(written)
    error = refusal.value.errors()[0]
    assert error["type"] == "money"
    assert error["msg"].startswith("Found ")
    assert "wanted tenge as a JSON string" in error["msg"]
    assert error["msg"].isascii()
    assert len(error["msg"]) < 250


@pytest.mark.parametrize("body", ['{"amount": 100}', '{"amount": 100.00}', '{"amount": 1e2}'])
def test_a_json_number_is_no_amount(body: str) -> None:
    with pytest.raises(ValidationError, match="Found a JSON number; wanted tenge as a JSON string"):
        amounts.validate_json(json.dumps(json.loads(body)["amount"]))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0", "0.00"),
        ("100", "100.00"),
        ("100000000.00", "100000000.00"),
        ("0.01", "0.01"),
        ("007.10", "7.10"),
        ("999999999999999.99", "999999999999999.99"),
    ],
)
def test_an_amount_is_read_exactly_and_written_with_two_decimals(written: str, read: str) -> None:
    assert amounts.validate_python(written) == Decimal(read)
    assert amounts.dump_json(amounts.validate_python(written)) == f'"{read}"'.encode()


@pytest.mark.parametrize("number", [JsonNumber("100.00"), JsonNumber("1e2")])
def test_a_json_number_that_a_strict_parser_kept_exact_is_no_amount_either(number: Decimal) -> None:
    with pytest.raises(ValidationError, match="Found a JSON number; wanted tenge as a JSON string"):
        amounts.validate_python(number)


@pytest.mark.parametrize("written", ["1234567890123456", "860101 300 123x", "860101-300123", "٨٦٠١٠١٣٠٠١٢٣"], ids=ascii)
def test_a_number_that_may_be_somebodys_is_not_repeated_from_any_field(written: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        amounts.validate_python(written)
    assert refusal.value.errors()[0]["ctx"]["found"] == f"a text of {len(written)} characters"


def test_an_amount_of_the_database_is_taken_as_it_is() -> None:
    assert str(amounts.validate_python(Decimal("123456789012345678.90"))) == "123456789012345678.90"
    assert str(amounts.validate_python(Decimal("1E+3"))) == "1000.00"


@pytest.mark.parametrize("number", ["-1", "-0", "NaN", "Infinity", "0.001", "1E+18", "1E+999999", "1E-9"])
def test_a_decimal_that_is_no_amount_is_refused(number: str) -> None:
    with pytest.raises(ValidationError):
        amounts.validate_python(Decimal(number))


@pytest.mark.parametrize("nothing", ["0", "0.00", "000.00"])
def test_nothing_is_no_positive_amount(nothing: str) -> None:
    with pytest.raises(ValidationError, match="Found zero; wanted tenge above zero"):
        positive.validate_python(nothing)
    assert positive.validate_python("0.01") == Decimal("0.01")


def test_the_schema_tells_the_pattern_and_an_example() -> None:
    asked = amounts.json_schema()
    assert asked == {
        "type": "string",
        "pattern": r"^[0-9]{1,15}(\.[0-9]{2})?$",
        "examples": ["100000000.00"],
    }
    assert amounts.json_schema(mode="serialization")["pattern"] == r"^[0-9]{1,18}\.[0-9]{2}$"


def test_a_model_names_the_field() -> None:
    class Payment(BaseModel):
        amount: PositiveMoney

    with pytest.raises(ValidationError) as refusal:
        Payment.model_validate_json('{"amount": 7}')
    assert refusal.value.errors()[0]["loc"] == ("amount",)
    assert Payment(amount=Decimal(7)).model_dump_json() == '{"amount":"7.00"}'


@given(st.integers(-(10**18), 10**18))
def test_tiyn_and_tenge_are_the_same_money(tiyn: int) -> None:
    assert to_tiyn(from_tiyn(tiyn)) == tiyn
    assert str(from_tiyn(tiyn))[-3] == "."


@given(st.integers(0, 10**17 - 1))
def test_what_is_written_is_read_again(tiyn: int) -> None:
    written = amounts.dump_python(from_tiyn(tiyn), mode="json")
    assert to_tiyn(amounts.validate_python(written)) == tiyn


@given(st.text(max_size=25))
def test_only_the_pattern_is_money(text: str) -> None:
    whole, point, rest = text.partition(".")
    ascii_digits = set("0123456789")
    is_money = 1 <= len(whole) <= 15 and set(whole) <= ascii_digits and (not point or len(rest) == 2)
    if is_money and set(rest) <= ascii_digits:
        assert money(text) == amounts.validate_python(text)
    else:
        with pytest.raises(ValidationError):
            amounts.validate_python(text)
        with pytest.raises(ValueError, match="tenge"):
            money(text)


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity"])
def test_what_is_not_whole_tiyn_is_not_rounded(amount: str) -> None:
    with pytest.raises(ValueError, match="amount of tenge"):
        to_tiyn(Decimal(amount))
