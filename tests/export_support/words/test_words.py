"""Every refusal of the service is said in Kazakh and Russian, with the same figures in it."""

from pathlib import Path

import pytest

from export_support import main
from shared.http.languages import Catalogues, Language, messages

CATALOGUES = Catalogues([Path(main.__file__).parent / "locales"])


@pytest.mark.parametrize("language", [Language.KAZAKH, Language.RUSSIAN])
def test_every_word_of_a_refusal_is_translated(language: Language) -> None:
    assert CATALOGUES.untranslated(language, messages("export_support")) == []
