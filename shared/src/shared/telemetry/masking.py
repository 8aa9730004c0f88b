"""What must not be legible in a log or a span: numbers of persons and companies, phones, accounts, secrets."""

import re
from collections.abc import Mapping, Sequence

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_UNTOUCHED = rf"(?P<untouched>\b(?:{_UUID}|[0-9a-f]{{32}}|[0-9a-f]{{16}})\b)"
_DETAIL = r"(?P<detail>(?:(?<=DETAIL: )|(?<=\[parameters: )).+?(?=\\n|\n|$))"
_SECRET = r"(?P<secret>\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?|(?<=[Bb]earer )[^\s\"',;]+)"  # noqa: S105
_LOGIN = r"(?P<login>(?<=://)[^/\s:@]*:[^/\s@]*(?=@))"
_ACCOUNT = r"(?P<account>\bKZ[0-9]{2}[0-9A-Z]{16}\b)"
_PHONE = r"(?P<phone>(?<![0-9.,])(?:\+7|7|8)[ (-]*7[0-9]{2}[ )-]*[0-9]{3}[ -]*[0-9]{2}[ -]*[0-9]{2}(?![0-9]|[.,][0-9]))"
_NUMBER = r"(?P<number>(?<![0-9.,])[0-9]{12}(?![0-9]|[.,][0-9]))"
_LEGIBLE = re.compile("|".join((_UNTOUCHED, _DETAIL, _SECRET, _LOGIN, _ACCOUNT, _PHONE, _NUMBER)))
_LEAST = 10**11


def masked(text: str) -> str:
    """The text with each IIN or BIN, phone, account, token and password made illegible; ids and amounts stay."""
    return _LEGIBLE.sub(_mask, text)


def masked_value(value: object) -> object:
    """The value with every text in it masked; a whole number of twelve digits becomes a masked text."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return masked(str(value)) if _LEAST <= value < 10 * _LEAST else value
    if isinstance(value, Mapping):
        return {masked(str(name)): masked_value(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [masked_value(each) for each in value]
    return value


def _mask(found: re.Match[str]) -> str:
    return found[0] if found.lastgroup == "untouched" else f"<{found.lastgroup}>"
