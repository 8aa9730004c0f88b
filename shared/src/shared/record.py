"""What every aggregate has: an identity, a version that counts its events, and the institute it belongs to."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, MetaData, Text, Uuid
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.tables import naming_convention
from shared.identity import new_id


class AggregateRecord(SQLModel):
    """An aggregate: guarded by its own methods, locked as a row, heard of through its events.

    `version` is the sequence of its latest event and the version in its ETag. `institute` is the slug of the institute
    that may see it (`industry`, `export`).
    """

    id: UUID = Field(default_factory=new_id, primary_key=True, sa_type=Uuid)
    version: int = Field(default=0, sa_type=BigInteger)
    institute: str = Field(sa_type=Text, index=True)


def service_registry() -> registry:
    """A registry of its own for each service, so that two services' tables never meet in one test run."""
    return registry(metadata=MetaData(naming_convention=naming_convention))


def columns_of(record: AggregateRecord) -> dict[str, Any]:
    """The stored values of an aggregate, for tests and for the checks of invariants."""
    return {column: getattr(record, column) for column in type(record).model_fields}
