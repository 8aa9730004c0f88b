"""Who sees what of this service: all who work for the institute, and the recipient what is about it."""

from typing import Annotated, ClassVar

from fastapi import Depends

from shared.access import sight
from shared.access.callers import Role


class Sight(sight.Sight):
    """What a caller may see of this service."""

    staff: ClassVar[frozenset[Role]] = sight.Sight.staff | {Role.EXPERT, Role.OPERATOR}


READERS = (Role.APPLICANT, *sorted(Sight.staff))
"""Those who may read what concerns them: people, not services."""

Seen = Annotated[Sight, Depends(Sight.of_request)]
"""A route's argument of this type says what its caller may see."""
