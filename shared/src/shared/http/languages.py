"""Languages of the edge: which one a caller wants, and gettext catalogues for Kazakh and Russian.

The English texts are the message ids. A catalogue is a `.po` file, `<folder>/<language>/messages.po`, read when the
application is made; a service adds a folder of its own beside the platform's.
"""

import re
import string
from collections.abc import Iterable
from enum import StrEnum
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from shared.http.fields import FOUND_AND_WANTED, IN_CELL, IN_FILE, IN_LINE, LINE_SAYS, MESSAGES, OTHERWISE
from shared.refusals import Refusal
from shared.values import dates, documents, identifiers, money, shares, text
from shared.values.wrong import FOUND, IN_CELLS

LOCALES = Path(__file__).parent / "locales"


class Language(StrEnum):
    """A language in which the edge speaks."""

    KAZAKH = "kk"
    RUSSIAN = "ru"
    ENGLISH = "en"


_preference = re.compile(
    r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?\Z"
)


def preferred(accept_language: str | None) -> Language:
    """The language that Accept-Language (RFC 9110, section 12.5.4) likes best; English where it says nothing.

    Of equals the first named wins. A part that is malformed is passed over; no more than 50 parts are read.
    """
    weights: dict[str, float] = {}
    for part in (accept_language or "")[:2000].split(",")[:50]:
        if (found := _preference.match(part)) is not None:
            weights.setdefault(found[1].lower().split("-")[0], float(found[2] or 1))
    any_other = weights.pop("*", 0.0)
    named = {Language(tag): weight for tag, weight in weights.items() if tag in set(Language)}
    best = max(named, key=lambda language: named[language], default=None)
    if best is not None and named[best] > 0 and named[best] >= any_other:
        return best
    others = [language for language in (Language.ENGLISH, Language.RUSSIAN, Language.KAZAKH) if language not in named]
    if any_other > 0 and others:
        return others[0]
    return Language.ENGLISH


class Catalogues:
    """The translations of the platform and of a service, by language."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self._translations: dict[Language, Translations] = {
            language: _read(language, [LOCALES, *folders]) for language in Language if language is not Language.ENGLISH
        }

    def say(self, language: Language, message: str) -> str:
        """The message in the language; in English where there is no translation."""
        found = self._translations.get(language)
        return found.gettext(message) if found is not None and message else message

    def untranslated(self, language: Language, messages: Iterable[str]) -> list[str]:
        """Those of the messages that have no translation, or one with other placeholders."""
        return [
            message
            for message in messages
            if (said := self.say(language, message)) == message or placeholders(said) != placeholders(message)
        ]


def _read(language: Language, folders: Iterable[Path]) -> Translations:
    merged = Translations()
    for folder in folders:
        path = folder / language.value / "messages.po"
        if path.exists():
            with path.open("rb") as file:
                compiled = BytesIO()
                write_mo(compiled, read_po(file, locale=language.value))
            compiled.seek(0)
            merged.merge(Translations(compiled))
    return merged


def placeholders(message: str) -> set[str]:
    """The names between braces in a format string."""
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def every_refusal(kind: type[Refusal] = Refusal) -> list[type[Refusal]]:
    """Every refusal that has been imported and has a title, in the order of their names."""
    found: set[type[Refusal]] = set()
    waiting = [kind]
    while waiting:
        for subclass in waiting.pop().__subclasses__():
            if subclass not in found:
                found.add(subclass)
                waiting.append(subclass)
    return sorted((each for each in found if hasattr(each, "title")), key=lambda each: (each.slug(), each.__module__))


def every_wanted() -> list[str]:
    """What the value types of the platform want: message ids."""
    types = [kind for module in (documents, identifiers, money, shares) for kind in vars(module).values()]
    wanted = [getattr(part, "wanted", None) for kind in types for part in getattr(kind, "__metadata__", ())]
    return [
        dates.DAY_WANTED,
        dates.MOMENT_WANTED,
        text.WANTED,
        text.WANTED_LINES,
        *(getattr(words, "message", words) for words in wanted if words),
    ]


def messages(package: str | None = None) -> list[str]:
    """Every message id of the imported refusals, of one top-level package or of all; with the platform's own."""
    texts: list[str] = []
    if package in {None, "shared"}:
        texts += [*MESSAGES.values(), OTHERWISE, FOUND_AND_WANTED, IN_CELL, IN_LINE, IN_FILE, LINE_SAYS]
        texts += [*FOUND, *IN_CELLS, *every_wanted()]
    for refusal in every_refusal():
        if package is None or refusal.__module__.split(".")[0] == package:
            texts += [refusal.title, refusal.detail, refusal.remedy]
    return list(dict.fromkeys(text for text in texts if text))
