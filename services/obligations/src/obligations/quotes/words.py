"""The words of the what-if chart in Kazakh, Russian and English."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.http.languages import Language

WORDS: Final[Mapping[Language, Mapping[str, str]]] = MappingProxyType(
    {
        Language.KAZAKH: {
            "title": "Орындалу деңгейіне қарай қайтарылатын сома",
            "as_of": "{on} күнгі жағдай, есепті жыл {year}",
            "principal": "Негізгі сома",
            "interest": "Базалық мөлшерлеме бойынша пайыз",
            "fulfilment": "Қарсы міндеттемелердің орындалу деңгейі",
            "current": "қазір {percent} %",
            "millions": "млн ₸",
            "tenge": "₸",
        },
        Language.RUSSIAN: {
            "title": "Сумма к возврату по уровню исполнения",
            "as_of": "На {on}, отчётный год {year}",
            "principal": "Основная сумма",
            "interest": "Проценты по базовой ставке",
            "fulfilment": "Уровень исполнения встречных обязательств",
            "current": "сейчас {percent} %",
            "millions": "млн ₸",
            "tenge": "₸",
        },
        Language.ENGLISH: {
            "title": "What would be due at each level of fulfilment",
            "as_of": "As of {on}, reporting year {year}",
            "principal": "Principal",
            "interest": "Interest at the base rate",
            "fulfilment": "Fulfilment of the counter-obligations",
            "current": "now {percent} %",
            "millions": "million ₸",
            "tenge": "₸",
        },
    }
)
