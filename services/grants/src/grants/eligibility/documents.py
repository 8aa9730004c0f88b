"""The kinds of documents of an application: a dated list of this service's own, and what it brings at installation."""

from importlib.resources import files

from sqlmodel.ext.asyncio.session import AsyncSession

from shared.events.work import work_of
from shared.reference.importing import import_list
from shared.reference.lists import NAME, SLUG, SUPPORT_CONDITIONS, Cell, ListDefinition, choice
from shared.reference.lookup import list_is_loaded
from shared.reference.sampling import import_samples

DOCUMENTS = ListDefinition("grant-documents", Cell("kind", SLUG), (NAME, Cell("required", choice("yes", "no"))))
"""The kinds of documents that the institute's services use, and whether an application needs one."""


async def seed_lists(session: AsyncSession) -> None:
    """Bring in the samples that come with the platform and the kinds of documents, where nothing of them is known yet.

    Nothing is brought in a second time: it would undo what somebody has corrected since.
    """
    at = work_of(session).at
    if not await list_is_loaded(session, SUPPORT_CONDITIONS.name):
        await import_samples(session, at=at)
    if not await list_is_loaded(session, DOCUMENTS.name):
        content = (files("grants.eligibility") / "samples" / "grant-documents.csv").read_bytes()
        report = await import_list(
            session, DOCUMENTS.name, content, at=at, installation=True, definitions={DOCUMENTS.name: DOCUMENTS}
        )
        report.require_accepted()
