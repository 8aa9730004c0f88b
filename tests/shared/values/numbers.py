"""Makes valid and invalid identifiers for tests: none of them belongs to a company or person that we know of."""

from hypothesis import strategies as st

from shared.values.identifiers import check_digit


def a_bin(serial: int = 1, *, year: int = 21, month: int = 4, residence: str = "4", establishment: str = "0") -> str:
    """A valid BIN; the next serial number is taken where eleven digits have no valid check digit."""
    while True:
        first = f"{year:02d}{month:02d}{residence}{establishment}{serial:05d}"
        digit = check_digit(first)
        if digit is not None:
            return f"{first}{digit}"
        serial += 1


def an_iin(serial: int = 1, *, begins: str = "000231", century: str = "0") -> str:
    """A valid IIN of somebody born on 31 February, so nobody's."""
    while True:
        first = f"{begins}{century}{serial:04d}"
        digit = check_digit(first)
        if digit is not None:
            return f"{first}{digit}"
        serial += 1


def with_a_wrong_digit(number: str) -> str:
    """The same number with another check digit."""
    return number[:11] + str((int(number[11]) + 1) % 10)


bins = st.builds(
    a_bin,
    st.integers(0, 99_000),
    year=st.integers(0, 99),
    month=st.integers(1, 12),
    residence=st.sampled_from("456"),
    establishment=st.sampled_from("0124"),
)
