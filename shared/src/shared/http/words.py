"""Words of views in the caller's language: the same catalogues as those of refusals."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Request

from shared.http.problems import language_of, say

Words = Callable[[str, Mapping[str, Any]], str]
"""The message in the caller's language, its placeholders filled."""


def words(request: Request) -> Words:
    """Says messages in the language that the request wants."""
    catalogues, language = request.app.state.catalogues, language_of(request)
    return lambda message, data: say(catalogues, language, message, data)


CurrentWords = Annotated[Words, Depends(words)]
"""A route's argument of this type says messages in the caller's language."""
