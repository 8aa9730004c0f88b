"""All tables of the platform: importing this module is what makes the metadata complete."""

from shared.database.tables import event, inbox, outbox, platform_metadata
from shared.http.idempotency import idempotency
from shared.reference.tables import reference_import, reference_list_entry, reference_parameter

__all__ = [
    "event",
    "idempotency",
    "inbox",
    "outbox",
    "platform_metadata",
    "reference_import",
    "reference_list_entry",
    "reference_parameter",
]
