"""References to documents that prove something: kept elsewhere, named here by their SHA-256."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.values.codes import Code
from shared.values.text import Name, Reference

EvidenceType = Annotated[
    str,
    Code(
        kind="evidence_type",
        pattern="[a-z][a-z0-9]{0,29}(-[a-z0-9]{1,30}){0,5}",
        wanted="a kind of document in small letters, words joined by hyphens, such as customs-declaration",
        example="customs-declaration",
    ),
]

Sha256 = Annotated[
    str,
    Code(
        kind="sha256",
        pattern="[0-9a-f]{64}",
        wanted="the SHA-256 of the file: 64 hexadecimal digits in small letters",
        example="0" * 64,
    ),
]


class Evidence(BaseModel):
    """A document: its kind, name, SHA-256 and size in bytes, and its number in an outside register if it has one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: EvidenceType
    name: Name
    sha256: Sha256
    size: Annotated[int, Field(ge=1, le=10_000_000_000, strict=True)]
    register_reference: Reference | None = None


Documents = Annotated[list[Evidence], Field(max_length=50)]
"""The documents that prove a statement."""
