"""What must hold of a report's content before it is submitted: pure."""

from collections.abc import Collection

from grants.reports.content import ReportContent
from grants.reports.refusals import ItemNotInBudget, ReportDocumentTwice


def require_reportable(content: ReportContent, items: Collection[str]) -> None:
    """Raise unless what was spent is on items of the budget, each once, and each document stands once."""
    seen: set[str] = set()
    for number, line in enumerate(content.spent):
        if line.item not in items or line.item in seen:
            known = ", ".join(sorted(set(items)))
            raise ItemNotInBudget(item=line.item, known=known, field=f"/content/spent/{number}/item")
        seen.add(line.item)
    contents: set[str] = set()
    for number, document in enumerate(content.documents):
        if document.sha256 in contents:
            raise ReportDocumentTwice(name=document.name, field=f"/content/documents/{number}/sha256")
        contents.add(document.sha256)
