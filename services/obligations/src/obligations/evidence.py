"""The documents that prove a statement."""

from typing import Annotated

from pydantic import Field

from shared.values.documents import DocumentReference
from shared.values.text import Reference


class Evidence(DocumentReference):
    """A document that proves something, and its number in an outside register if it has one."""

    register_reference: Reference | None = None


Documents = Annotated[list[Evidence], Field(max_length=50)]
"""The documents that prove a statement."""
