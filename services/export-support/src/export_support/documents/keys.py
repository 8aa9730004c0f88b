"""The key of a cost document: supplier, number and day, the same whatever the spelling. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

LOOK_ALIKES = str.maketrans("АВЕЁКМНОРСТУХІЈЅҮҺԚԜ", "ABEEKMHOPCTYXIJSYHQW")
"""Capital letters of the Cyrillic alphabet that look like Latin ones."""
LIKE_DIGITS = str.maketrans("OISBZЗ", "015823")
"""Letters that are taken for digits: only for near matches."""

_sign = re.compile(r"^\s*(NO|NR|N|HOMEP)[\s.:#]*(?=\d)")
_rest = re.compile(r"[^0-9A-ZА-ЯӘҒҚҢӨҰ]")


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """What makes a document the same: `near` are those that a person should look at."""

    supplier: str
    number: str
    on: date

    @property
    def exact(self) -> str:
        """One text for the database."""
        return f"{self.supplier}|{self.number}|{self.on.isoformat()}"

    @property
    def near(self) -> str:
        """The day and the number without what is easily misread: another supplier's name may be the same company."""
        digits = re.sub(r"[^0-9]", "", self.number.translate(LIKE_DIGITS)).lstrip("0")
        return f"{digits or self.number}|{self.on.isoformat()}"


def key_of(supplier: str, number: str, on: date) -> DocumentKey:
    """The key of a document.

    Compatibility forms (№ is No, full-width letters and digits), case, Cyrillic and Latin look-alikes, blanks, dashes,
    quotes and characters without width make no difference; neither does № anywhere, nor No or N before the digits.
    """
    return DocumentKey(_plain(supplier), _plain(_sign.sub("", _capitals(number.replace("№", "")))), on)


def _plain(text: str) -> str:
    shown = _capitals(text)
    return _rest.sub("", shown) or re.sub(r"\s", "", shown)


def _capitals(text: str) -> str:
    """Compatibility-composed capitals, digits as ASCII, without characters that nobody sees, look-alikes as Latin."""
    composed = unicodedata.normalize("NFKC", text)
    seen = (letter for letter in composed if unicodedata.category(letter) not in {"Cf", "Mn", "Cc"})
    digits = (str(unicodedata.digit(letter, letter)) for letter in seen)
    return "".join(digits).upper().translate(LOOK_ALIKES)
