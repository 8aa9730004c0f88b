"""Every refusal of the service is said in Kazakh and Russian, with the same figures in it."""

from pathlib import Path

import pytest

from export_support import main
from export_support.checking.grounds import GROUNDS
from export_support.checking.rules import CHECKS
from export_support.sheets.layout import LABELS
from export_support.sheets.refusals import PLACE, PLACE_OF_ROW, PLACE_OF_SHEET
from shared.http.languages import Catalogues, Language, messages

CATALOGUES = Catalogues([Path(main.__file__).parent / "locales"])


@pytest.mark.parametrize("language", [Language.KAZAKH, Language.RUSSIAN])
def test_every_word_of_a_refusal_is_translated(language: Language) -> None:
    assert CATALOGUES.untranslated(language, messages("export_support")) == []


@pytest.mark.parametrize("language", [Language.KAZAKH, Language.RUSSIAN])
def test_every_ground_and_its_remedy_is_translated(language: Language) -> None:
    assert CHECKS
    said = [words for ground in GROUNDS.values() for words in (ground.says, ground.remedy)]
    assert CATALOGUES.untranslated(language, said) == []


@pytest.mark.parametrize("language", [Language.KAZAKH, Language.RUSSIAN])
def test_every_heading_of_a_sheet_is_translated_and_no_two_of_them_are_alike(language: Language) -> None:
    assert CATALOGUES.untranslated(language, [*LABELS.values(), PLACE, PLACE_OF_ROW, PLACE_OF_SHEET]) == []
    said = [CATALOGUES.say(language, label) for label in LABELS.values()]
    assert len(set(said)) == len(said)
