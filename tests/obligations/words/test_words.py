"""Every refusal of the service is said in Kazakh and Russian, with the same figures in it."""

from pathlib import Path

import pytest

from obligations import main
from shared.http.languages import Catalogues, Language, messages
from tests.obligations.world import World

CATALOGUES = Catalogues([Path(main.__file__).parent / "locales"])


@pytest.mark.parametrize("language", [Language.KAZAKH, Language.RUSSIAN])
def test_every_word_of_a_refusal_is_translated(language: Language) -> None:
    assert CATALOGUES.untranslated(language, messages("obligations")) == []


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("kk", "Мұндай міндеттеме жоқ"),
        ("ru", "Такого обязательства нет"),
        ("en", "There is no such obligation"),
    ],
)
async def test_a_refusal_is_said_in_the_callers_language(world: World, language: str, title: str) -> None:
    answer = await world.get("/v1/obligations/0199a0b0-0000-7000-8000-000000000000", language=language)
    assert (answer.status_code, answer.json()["title"]) == (404, title)
