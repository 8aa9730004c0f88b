"""The rules of a calculation in words: each parameter and each of its values, in Kazakh, Russian and English."""

from collections.abc import Mapping
from typing import Final

from shared.http.languages import Language

KK, RU, EN = Language.KAZAKH, Language.RUSSIAN, Language.ENGLISH

Words = Mapping[str, tuple[str, str, str]]

_PARAMETERS: Final[Words] = {
    "day_count": ("Жыл негізі", "База года", "Year basis"),
    "rate_pick": ("Қай күннің мөлшерлемесі", "Ставка какого дня", "Which day's rate"),
    "compounding": ("Пайызға пайыз", "Проценты на проценты", "Interest on interest"),
    "interest_base": ("Пайыз неге есептеледі", "На что начисляются проценты", "What bears interest"),
    "segments": ("Кезеңдер", "Отрезки", "Segments"),
    "day_inclusion": ("Бірінші және соңғы күн", "Первый и последний день", "First and last day"),
    "accrual_from": ("Қай күннен есептеледі", "С какого дня начисляются", "Accrues from"),
    "repayment_allocation": (
        "Төлем алдымен нені жабады",
        "Что платёж покрывает сначала",
        "What a payment covers first",
    ),
    "rounding.mode": ("Дөңгелектеу", "Округление", "Rounding"),
    "rounding.scope": ("Не дөңгелектенеді", "Что округляется", "What is rounded"),
    "rounding.unit": ("Дөңгелектеу бірлігі, ₸", "Единица округления, ₸", "Unit of rounding, ₸"),
}

_VALUES: Final[Mapping[str, Words]] = {
    "day_count": {
        "actual/365": ("нақты күн / 365", "фактические дни / 365", "actual days / 365"),
        "actual/actual": ("нақты күн / нақты жыл", "фактические дни / фактический год", "actual days / actual year"),
        "actual/360": ("нақты күн / 360", "фактические дни / 360", "actual days / 360"),
        "30E/360": ("30 күндік ай / 360", "месяц в 30 дней / 360", "months of 30 days / 360"),
    },
    "rate_pick": {
        "piecewise": ("әр күннің өз мөлшерлемесі", "ставка каждого дня", "each day's own"),
        "disbursement": ("төлем күнінікі", "дня выплаты", "of the day of payment out"),
        "claim_date": ("есептеу күнінікі", "дня расчёта", "of the day of calculation"),
        "anniversary": ("жыл сайын жаңадан", "заново каждый год", "anew each year"),
    },
    "compounding": {
        "none": ("жоқ", "нет", "none"),
        "annual": ("жыл сайын", "ежегодно", "each year"),
    },
    "interest_base": {
        "shortfall": ("қайтарылатын бөлік R", "возвращаемая часть R", "the part that returns, R"),
        "tranche": ("бүкіл транш S", "весь транш S", "the whole tranche, S"),
    },
    "segments": {
        "per_tranche": ("әр транш бойынша", "по каждому траншу", "of each tranche"),
        "outstanding": ("барлық қалдық бойынша", "по общему остатку", "of the outstanding total"),
    },
    "day_inclusion": {
        "first_in_last_out": ("біріншісі кіреді, соңғысы жоқ", "первый да, последний нет", "first in, last out"),
        "first_out_last_in": ("біріншісі жоқ, соңғысы кіреді", "первый нет, последний да", "first out, last in"),
        "both_in": ("екеуі де кіреді", "оба входят", "both in"),
    },
    "accrual_from": {
        "disbursement": ("төлем күнінен", "со дня выплаты", "the day of payment out"),
        "period_end": ("есепті кезеңнің соңынан", "с конца отчётного периода", "the end of the reporting period"),
        "demand": ("талап қойылған күннен", "со дня требования", "the day of the demand"),
    },
    "repayment_allocation": {
        "interest_first": ("алдымен пайыз", "сначала проценты", "interest first"),
        "principal_first": ("алдымен негізгі сома", "сначала основную сумму", "principal first"),
    },
    "rounding.mode": {
        "half_up": ("жартысы жоғары", "половина вверх", "half up"),
        "half_even": ("жартысы жұпқа", "половина к чётному", "half to even"),
        "down": ("төмен", "вниз", "down"),
    },
    "rounding.scope": {
        "segment": ("әр кезең", "каждый отрезок", "each segment"),
        "total": ("жиыны", "итог", "the total"),
    },
}

_ACTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "Law 86-VII": ("№ 86-VII Заң", "Закон № 86-VII", "Law 86-VII"),
}
_ARTICLE: Final = ("{}-бап", "ст. {}", "Art. {}")
_ORDER: Final = (KK, RU, EN)


def parameter_in_words(name: str, language: Language) -> str:
    """A parameter's name; one without words stands as it is."""
    return _said(_PARAMETERS.get(name), name, language)


def value_in_words(name: str, value: str, language: Language) -> str:
    """A value in words with its code behind it; a day or a number stands as it is."""
    words = _VALUES.get(name, {}).get(value)
    return value if words is None else f"{_said(words, value, language)} ({value})"


def citation_in_words(act: str, article: str, language: Language) -> str:
    """An article of an act; an act without words stands as it is."""
    return f"{_said(_ACTS.get(act), act, language)}, {_said(_ARTICLE, '{}', language).format(article)}"


def _said(words: tuple[str, str, str] | None, otherwise: str, language: Language) -> str:
    return otherwise if words is None else words[_ORDER.index(language)]
