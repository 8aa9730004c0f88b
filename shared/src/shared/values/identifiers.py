"""Identifiers of Kazakhstan: BIN, IIN, FEA CN, OKED, KATO and IBAN; text of ASCII characters throughout."""

from typing import Annotated, Literal

from stdnum import iban as stdnum_iban

from shared.values.codes import Code

FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)

RESIDENCE: dict[str, Literal["resident", "non-resident", "joint-entrepreneurs"]] = {
    "4": "resident",
    "5": "non-resident",
    "6": "joint-entrepreneurs",
}
"""The fifth digit of a BIN."""

ESTABLISHMENT: dict[str, Literal["head", "branch", "representative-office", "farm"]] = {
    "0": "head",
    "1": "branch",
    "2": "representative-office",
    "4": "farm",
}
"""The sixth digit of a BIN."""


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit of a BIN or IIN by its first eleven; None where both passes give ten: never issued.

    The digit misses one slip in ten: only a register says that a company exists.
    """
    digits = [int(digit) for digit in first_eleven]
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def _wrong_digit(number: str) -> str | None:
    return None if check_digit(number[:11]) == int(number[11]) else "12 digits whose check digit is wrong"


def _fault_of_bin(number: str) -> str | None:
    if not "01" <= number[2:4] <= "12":
        return "12 digits whose third and fourth are no month"
    if number[4] not in RESIDENCE:
        return "12 digits whose fifth is not 4, 5 or 6"
    if number[5] not in ESTABLISHMENT:
        return "12 digits whose sixth is not 0, 1, 2 or 4"
    return _wrong_digit(number)


def _fault_of_iin(number: str) -> str | None:
    if not "01" <= number[2:4] <= "12" or not "01" <= number[4:6] <= "31":
        return "12 digits that do not begin as an IIN does"
    if number[6] not in "0123456":
        return "12 digits whose seventh is above 6"
    return _wrong_digit(number)


def _fault_of_applicant(number: str) -> str | None:
    return _fault_of_bin(number) if number[4] in RESIDENCE else _fault_of_iin(number)


_bin = Code(
    kind="bin",
    pattern="[0-9]{12}",
    wanted="a BIN: 12 digits 0-9 with a right check digit",
    example="211240038069",
    fault=_fault_of_bin,
    secret=True,
)

Bin = Annotated[str, _bin]
"""A business identification number. Never echoed: people put an IIN where a BIN belongs."""

Iin = Annotated[
    str,
    Code(
        kind="iin",
        pattern="[0-9]{12}",
        wanted="an IIN: 12 digits 0-9 with a right check digit",
        example="000231000007",  # 31 February: nobody's
        fault=_fault_of_iin,
        secret=True,
    ),
]
"""An individual identification number: personal data, never in a URL, an event, a span or a log.

No birth date is derived from it.
"""

ApplicantNumber = Annotated[
    str,
    Code(
        kind="applicant_number",
        pattern="[0-9]{12}",
        wanted="a BIN or an IIN: 12 digits 0-9 with a right check digit",
        example="211240038069",
        fault=_fault_of_applicant,
        secret=True,
    ),
]
"""The number of an applicant: a legal person, a sole trader or a simple partnership (Law 86-VII, Art. 1(14))."""


def is_bin(number: str) -> bool:
    """Whether this is a BIN (its fifth digit is 4, 5 or 6, an IIN's is 0 to 3) with a right check digit."""
    return _bin.fits(number)


def masked(number: str) -> str:
    """A number as those may see it who need not know it: only the last four digits."""
    return "*" * (len(number) - 4) + number[-4:]


FeaCn = Annotated[
    str,
    Code(
        kind="fea_cn",
        pattern="([0-9]{2}){1,5}",
        wanted="an FEA CN code: 2, 4, 6, 8 or 10 digits 0-9",
        example="8471300000",
    ),
]
"""A code of the foreign economic activity commodity nomenclature (TN VED), dated, matched by its longest prefix."""

Oked = Annotated[str, Code(kind="oked", pattern="[0-9]{5}", wanted="an OKED code: 5 digits 0-9", example="25110")]
"""A code of the classifier of economic activities."""


def is_manufacturing(oked: str) -> bool:
    """Whether the code is of section C: divisions 10 to 33."""
    return "10" <= oked[:2] <= "33"


Kato = Annotated[str, Code(kind="kato", pattern="[0-9]{9}", wanted="a KATO code: 9 digits 0-9", example="750000000")]
"""A code of the classifier of administrative territories: 2 + 2 + 2 + 3 digits."""


def region_of(kato: str) -> str:
    """The region: the first two digits of a KATO code."""
    return kato[:2]


def _fault_of_iban(number: str) -> str | None:
    return None if stdnum_iban.is_valid(number) else "an account number whose check digits are wrong"


KzIban = Annotated[
    str,
    Code(
        kind="iban",
        pattern="KZ[0-9]{5}[0-9A-Z]{13}",
        wanted="an account number: KZ, 2 check digits, 3 digits of the bank, 13 capital letters or digits, no blanks",
        example="KZ86125KZT5004100100",
        fault=_fault_of_iban,
        secret=True,
    ),
]
"""A bank account in Kazakhstan."""
