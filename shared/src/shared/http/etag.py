"""Versions over HTTP: the ETag of a thing, and the version that a change rests on."""

import re
from typing import Annotated

from fastapi import Depends, Header, Request, Response

from shared.http.edge import PreconditionMalformed, PreconditionMissing, VersionStale

_etag = re.compile(r'"(0|[1-9][0-9]{0,17})"\Z')


def etag(version: int) -> str:
    """The strong ETag of a version, `"7"`."""
    return f'"{version}"'


def tag(response: Response, version: int) -> None:
    """Put the version's ETag on the reply."""
    response.headers["ETag"] = etag(version)


async def expected_version(
    request: Request,
    _if_match: Annotated[
        str | None, Header(alias="If-Match", description="The ETag of the version that the change rests on.")
    ] = None,
) -> int:
    """The version in If-Match.

    Raises `PreconditionMissing` (428) where the header is absent, `PreconditionMalformed` (400) where it is not exactly
    one strong ETag of ours: `*` and weak ETags are none, since a change always rests on a version that was read.
    """
    sent = request.headers.getlist("if-match")
    if not sent:
        raise PreconditionMissing
    found = _etag.match(sent[0].strip()) if len(sent) == 1 else None
    if found is None:
        raise PreconditionMalformed
    return int(found[1])


IfMatch = Annotated[int, Depends(expected_version)]
"""The version on which the caller rests the change."""


def require_version(expected: int, current: int) -> None:
    """Raise `VersionStale` (412, with the current ETag) unless the change rests on the current version."""
    if expected != current:
        raise VersionStale(current=current)
