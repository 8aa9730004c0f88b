from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.values.identifiers import (
    ApplicantNumber,
    Bin,
    FeaCn,
    Iin,
    Kato,
    KzIban,
    Oked,
    check_digit,
    is_bin,
    is_manufacturing,
    masked,
    region_of,
)
from tests.shared.values.numbers import a_bin, an_iin, bins, with_a_wrong_digit

companies: TypeAdapter[str] = TypeAdapter(Bin)
applicants: TypeAdapter[str] = TypeAdapter(ApplicantNumber)


def by_the_definition(first_eleven: str) -> int | None:
    """The check digit once more, the slow way."""
    total = 0
    for place in range(11):
        total += (place + 1) * int(first_eleven[place])
    if total % 11 != 10:
        return total % 11
    total = 0
    for place in range(11):
        total += ((place + 2) % 11 + 1) * int(first_eleven[place])
    return None if total % 11 == 10 else total % 11


@pytest.mark.parametrize("number", ["211240038069", "230440573944", "180840379820"])
def test_numbers_that_are_valid_only_by_the_second_pass(number: str) -> None:
    assert sum(int(digit) * weight for weight, digit in enumerate(number[:11], 1)) % 11 == 10
    assert companies.validate_python(number) == number
    assert is_bin(number)


@given(st.text("0123456789", min_size=11, max_size=11))
def test_the_check_digit_is_the_one_of_the_definition(first: str) -> None:
    assert check_digit(first) == by_the_definition(first)


@given(bins)
def test_every_made_bin_is_taken_and_its_wrong_digits_are_not(number: str) -> None:
    assert companies.validate_python(number) == number
    assert applicants.validate_python(number) == number
    for digit in set("0123456789") - {number[11]}:
        with pytest.raises(ValidationError):
            companies.validate_python(number[:11] + digit)


@given(bins, st.integers(0, 9), st.integers(1, 9))
def test_a_slip_in_the_first_ten_digits_is_missed_only_by_the_second_pass(number: str, place: int, by: int) -> None:
    slipped = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    passes = [sum(int(d) * w for w, d in enumerate(n[:11], 1)) % 11 for n in (number, slipped)]
    if check_digit(slipped[:11]) == int(slipped[11]):
        assert 10 in passes


@pytest.mark.parametrize(
    ("number", "because"),
    [
        ("211340000000", "third and fourth are no month"),
        ("210040000000", "third and fourth are no month"),
        ("210470000000", "fifth is not 4, 5 or 6"),
        ("210449000000", "sixth is not 0, 1, 2 or 4"),
        (with_a_wrong_digit("211240038069"), "check digit is wrong"),
    ],
)
def test_a_bin_is_refused_with_the_reason(number: str, because: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        companies.validate_python(number)
    assert because in refusal.value.errors()[0]["msg"]


HOSTILE: list[Any] = [
    "٢١١٢٤٠٠٣٨٠٦٩",
    "２１１２４００３８０６９",
    "211240038069\n",
    " 211240038069",
    "21124003806",
    "2112400380690",
    "211240-038069",
    "2112_0038069",
    "+11240038069",
    "",
    None,
    211240038069,
    2.1e11,
    True,
    [],
    {},
    "211240038069\u0000",
    "\ud800" * 12,
]


@pytest.mark.parametrize("kind", [Bin, Iin, ApplicantNumber])
@pytest.mark.parametrize("written", HOSTILE, ids=ascii)
def test_a_number_is_twelve_ascii_digits_in_a_string(kind: Any, written: Any) -> None:
    with pytest.raises(ValidationError, match=r"Found .*; wanted an? .*12 digits 0-9"):
        TypeAdapter(kind).validate_python(written)


@pytest.mark.parametrize("kind", [Bin, Iin, ApplicantNumber, KzIban])
def test_a_refusal_never_repeats_the_number(kind: Any) -> None:
    number = with_a_wrong_digit(an_iin(77))
    for written in (number, number + "0", f" {number}"):
        with pytest.raises(ValidationError) as refusal:
            TypeAdapter(kind).validate_python(written)
        error = refusal.value.errors(include_input=False)[0]
        assert number not in str(error)
        assert number[:6] not in str(error)


def test_an_applicant_is_a_company_or_a_sole_trader() -> None:
    assert applicants.validate_python(an_iin(5)) == an_iin(5)
    assert not is_bin(an_iin(5))
    with pytest.raises(ValidationError):
        companies.validate_python(an_iin(5))
    with pytest.raises(ValidationError):
        TypeAdapter(Iin).validate_python(a_bin(5))


def test_a_masked_number_shows_its_last_four_digits() -> None:
    assert masked("211240038069") == "********8069"


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            FeaCn,
            ["84", "8471", "847130", "84713000", "8471300000"],
            ["", "8", "847", "84713000000", "84.71", "84 71", "８４", "84\n"],
        ),
        (Oked, ["25110"], ["2511", "251100", "25.11", "C2511", "٢٥١١٠"]),
        (Kato, ["750000000"], ["75000000", "7500000000", "75000000x"]),
        (
            KzIban,
            ["KZ86125KZT5004100100"],
            [
                "KZ87125KZT5004100100",
                "kz86125kzt5004100100",
                "KZ86 125K ZT50 0410 0100",
                "KZ86125KZT500410010",
                "DE89370400440532013000",
                "KZ86125KZT5004100100\n",
                "KZ86125KZT50041OO1OO",
            ],
        ),
    ],
)
def test_codes_have_their_shape(kind: Any, good: list[str], bad: list[str]) -> None:
    field: TypeAdapter[str] = TypeAdapter(kind)
    for code in good:
        assert field.validate_python(code) == code
        assert field.validate_python(field.json_schema()["examples"][0])
    for code in bad:
        with pytest.raises(ValidationError, match=r"Found .*; wanted "):
            field.validate_python(code)


def test_section_c_and_the_region_are_read_from_their_codes() -> None:
    assert [is_manufacturing(code) for code in ("09900", "10110", "33200", "35110")] == [False, True, True, False]
    assert region_of("750000000") == "75"


@pytest.mark.parametrize("kind", [Bin, Iin, ApplicantNumber])
def test_the_example_in_the_schema_is_valid(kind: Any) -> None:
    field: TypeAdapter[str] = TypeAdapter(kind)
    assert field.validate_python(field.json_schema()["examples"][0])
    assert field.json_schema()["pattern"] == "^[0-9]{12}$"
