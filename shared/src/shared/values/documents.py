"""References to documents that are kept elsewhere: named by their SHA-256, never fetched from anywhere."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.values.codes import Code
from shared.values.text import Name

Slug = Annotated[
    str,
    Code(kind="slug", pattern="[a-z][a-z0-9-]{0,59}", wanted="a name of small letters, digits, -", example="equipment"),
]
"""A key of one of the dated lists, the kind of a document among them."""

Sha256 = Annotated[
    str,
    Code(kind="sha256", pattern="[0-9a-f]{64}", wanted="a SHA-256 as 64 hexadecimal digits 0-9 a-f", example="0" * 64),
]
"""The SHA-256 of a content, in hexadecimal digits."""

Size = Annotated[int, Field(strict=True, ge=1, le=10_000_000_000)]
"""The size of a document in bytes."""


class DocumentReference(BaseModel):
    """A document: its kind, name, SHA-256 and size in bytes. The document itself is never fetched from anywhere."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Slug
    name: Name
    sha256: Sha256
    size: Size
