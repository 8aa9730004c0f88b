"""The dated lists as the checker reads them: which rows, as of which days."""

from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from grants.eligibility.conditions import Condition, Eligibility, Entry
from grants.eligibility.documents import DOCUMENTS
from grants.eligibility.rules import DEBT, YEARS, Lists, Stated, judge
from shared.reference import lists as known_lists
from shared.reference import lookup
from shared.reference.rows import Entry as ListEntry
from shared.reference.rows import Parameter

CONDITION_KEYS = {
    Condition.PRIORITY_GOODS: "25(5)(1)",
    Condition.COUNTER_OBLIGATIONS: "25(5)(2)",
    Condition.COMPLIANCE: "25(5)(3)",
    Condition.REGISTER: "25(5)(4)",
}


async def check(
    session: AsyncSession, stated: Stated, applicant_number: str, *, conditions_on: date, evidence_on: date
) -> Eligibility:
    """Judge what is stated: conditions and lists as of `conditions_on`, the register's entry as of `evidence_on`."""
    conditions = await lookup.members(session, known_lists.SUPPORT_CONDITIONS.name, conditions_on)
    rows = {entry.key: _entry(entry) for entry in conditions}
    lists = Lists(
        in_force={condition: rows[key] for condition, key in CONDITION_KEYS.items() if key in rows},
        goods=await _goods(session, conditions_on),
        producers=await _producers(session, applicant_number),
        criteria=await _members(session, known_lists.APPLICANT_CRITERIA.name, conditions_on),
        required_documents=tuple(
            entry
            for entry in await _members(session, DOCUMENTS.name, conditions_on)
            if entry.values["required"] == "yes"
        ),
        numbers=await _numbers(session, conditions_on),
    )
    return judge(stated, lists, conditions_on=conditions_on, evidence_on=evidence_on)


async def _members(session: AsyncSession, list_name: str, on: date) -> tuple[Entry, ...]:
    return tuple(_entry(entry) for entry in await lookup.members(session, list_name, on))


async def _goods(session: AsyncSession, on: date) -> tuple[Entry, ...] | None:
    """The list of priority goods of the day; None where none is known, since "not on it" would be a guess."""
    return await _members(session, known_lists.PRIORITY_GOODS.name, on) or None


async def _producers(session: AsyncSession, number: str) -> tuple[Entry, ...] | None:
    """The applicant's entries in the register as they are known now; None where no extract was ever taken in."""
    if not await lookup.list_is_loaded(session, known_lists.PRODUCERS.name):
        return None
    history = await lookup.entry_history(session, known_lists.PRODUCERS.name, number)
    return tuple(_entry(entry) for entry in history if entry.known_to is None)


async def _numbers(session: AsyncSession, on: date) -> dict[str, Entry]:
    found = await lookup.parameters_on(session, (YEARS, DEBT), on)
    return {name: _parameter(row) for name, row in found.items()}


def _entry(row: ListEntry) -> Entry:
    return Entry(
        list=row.list_name,
        row=str(row.id),
        key="" if row.list_name == known_lists.PRODUCERS.name else row.key,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        source=row.source,
        mark=row.mark,
        verified=row.verified,
        values=row.attributes,
    )


def _parameter(row: Parameter) -> Entry:
    return Entry(
        list="parameters",
        row=str(row.id),
        key=row.name,
        effective_from=row.effective_from,
        effective_to=None,
        source=row.source,
        mark=row.mark,
        verified=row.verified,
        values={"value": row.value, "unit": row.unit},
    )
