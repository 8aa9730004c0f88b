"""A sheet as titled tables: what CSV and the printed page both show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from obligations.sheets.rule_words import citation_in_words, parameter_in_words, value_in_words
from obligations.sheets.words import WORDS
from shared.calendar.local_days import LOCAL_ZONE
from shared.http.languages import Language

Sheet = Mapping[str, Any]
"""The JSON of a calculation: `Calculation.as_json()`, beside `header` where it is a claim's."""

HEADER = ("claim", "agreement", "reporting_year", "version", "known_from", "without_year")


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table; `right` names the columns that hold numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole sheet in one language."""

    language: Language
    title: str
    subtitle: str
    header: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    notes: tuple[tuple[str, str], ...]


def lay_out(sheet: Sheet, language: Language, made_at: datetime) -> Layout:
    """Put a sheet into tables with titles in a language."""
    words = WORDS[language]
    return Layout(
        language=language,
        title=words["title"],
        subtitle=words["subtitle"],
        header=_header(sheet, words, made_at),
        tables=(
            _totals(sheet, words),
            _tranches(sheet, words),
            _segments(sheet, words),
            *([_repayments(sheet, words)] if sheet["repayments"] else []),
            _rates(sheet, words),
            _rules(sheet, words, language),
        ),
        notes=(
            (words["formula"], words["by_hand"]),
            (words["articles"], "; ".join(citation_in_words(**each, language=language) for each in sheet["citations"])),
            *_unverified(sheet["unverified"], words, language),
        ),
    )


def _header(sheet: Sheet, words: Mapping[str, str], made_at: datetime) -> tuple[tuple[str, str], ...]:
    given = dict(sheet.get("header", {}))
    if "known_from" in given:
        given["known_from"] = _local(datetime.fromisoformat(given["known_from"]))
    return (
        *((words[name], str(given[name])) for name in HEADER if name in given),
        (words["as_of"], sheet["as_of"]),
        (words["fulfilment"], sheet["fulfilment"]),
        (words["made_at"], _local(made_at)),
    )


def _local(at: datetime) -> str:
    """The minute on the clocks of Almaty; the titles name the zone."""
    return at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")


def _totals(sheet: Sheet, words: Mapping[str, str]) -> Table:
    kinds = ("arisen", sheet), ("paid", sheet["paid"]), ("outstanding", sheet["outstanding"])
    rows = [(words[name], sums["principal"], sums["interest"], _sum(sums)) for name, sums in kinds]
    rows.append((words["overpaid"], "", "", sheet["overpaid"]))
    columns = ("", words["principal"], words["interest"], words["total"])
    return Table(words["totals"], columns, tuple(rows), right=(1, 2, 3))


def _sum(sums: Mapping[str, str]) -> str:
    return str(Decimal(sums["principal"]) + Decimal(sums["interest"]))


def _tranches(sheet: Sheet, words: Mapping[str, str]) -> Table:
    columns = tuple(words[name] for name in ("tranche", "on", "part", "fulfilment", "returns", "paid"))
    rows = (
        (str(each["tranche"]), each["on"], each["amount"], sheet["fulfilment"], each["returns"], each["paid"])
        for each in sheet["tranches"]
    )
    return Table(words["tranches"], columns, tuple(rows), right=(0, 2, 3, 4, 5))


def _segments(sheet: Sheet, words: Mapping[str, str]) -> Table:
    names = ("from", "to", "days", "base", "percent", "rate_from", "basis", "interest")
    rows = ((str(each["tranche"] or words["all"]), *(str(each[name]) for name in names)) for each in sheet["segments"])
    columns = (words["tranche"], *(words[name] for name in names))
    return Table(words["segments"], columns, tuple(rows), right=(0, 3, 4, 5, 7, 8))


def _repayments(sheet: Sheet, words: Mapping[str, str]) -> Table:
    names = ("on", "amount", "interest", "principal", "overpaid")
    rows = (tuple(each[name] for name in names) for each in sheet["repayments"])
    return Table(words["repayments"], tuple(words[name] for name in names), tuple(rows), right=(1, 2, 3, 4))


def _rates(sheet: Sheet, words: Mapping[str, str]) -> Table:
    rows = (
        (
            each["effective_from"],
            each["percent"],
            each["source"],
            words["verified" if each["verified"] else "not_verified"],
        )
        for each in sheet["rates_used"]
    )
    columns = (words["rate_from"], words["percent"], words["source"], words["mark"])
    return Table(words["rates"], columns, tuple(rows), right=(1,))


def _rules(sheet: Sheet, words: Mapping[str, str], language: Language) -> Table:
    marks = dict.fromkeys(sheet["unverified"], words["assumed"])
    rows = (
        (
            parameter_in_words(name, language),
            value_in_words(name, value, language),
            marks.get(name, words["verified"]),
        )
        for name, value in _flat(sheet["rules"])
    )
    return Table(words["rules"], (words["parameter"], words["value"], words["mark"]), tuple(rows))


def _flat(rules: Mapping[str, Any], within: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in rules.items():
        found += _flat(value, f"{name}.") if isinstance(value, dict) else [(f"{within}{name}", str(value))]
    return found


def _unverified(names: Sequence[str], words: Mapping[str, str], language: Language) -> list[tuple[str, str]]:
    rates = [name.removeprefix("rates/") for name in names if name.startswith("rates/")]
    rules = [parameter_in_words(name, language) for name in names if not name.startswith("rates/")]
    said = [words["unverified_rates"].format(names=", ".join(rates))] if rates else []
    said += [words["unverified_rules"].format(names=", ".join(rules))] if rules else []
    return [(words["unverified"], ". ".join(said) or words["nothing"])]
