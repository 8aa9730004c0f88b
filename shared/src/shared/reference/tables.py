"""The tables of dated lists and parameters: bitemporal, append-only, one value for a day at any time of knowing.

`effective_from` and `effective_to` are local days, both included, no end where null. A row is known from `known_from`
until just before `known_to`, no end where null. A correction closes `known_to` of the old row and adds a new one;
nothing else of a row changes but its confirmations, from null, once. `UNCHANGEABLE` says so to the database.
"""

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    column,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, ExcludeConstraint
from sqlalchemy.event import listen

from shared.database.tables import platform_metadata
from shared.two_people import confirmed_by_two

instant = TIMESTAMP(timezone=True)

BEFORE_TABLES = ("create extension if not exists btree_gist",)
"""Run before the tables are created: the exclusion constraints compare text and dates in a GiST index."""

known_period = func.tstzrange(column("known_from"), column("known_to"), literal_column("'[)'"))
effective_period = func.daterange(column("effective_from"), column("effective_to"), literal_column("'[]'"))

reference_import = Table(
    "reference_import",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("list_name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("corrected", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("imported_by", Text),
    Column("imported_at", instant, nullable=False),
    CheckConstraint("rows = added + corrected + unchanged", name="rows_add_up"),
    CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="digest_sha256"),
    Index(None, "list_name", "imported_at"),
)
"""Each file that changed something: its sha256, who brought it, what it did."""


def _provenance() -> list[Column[object] | CheckConstraint]:
    """What every dated row has: its mark and source, when it was known, who confirmed it."""
    return [
        Column("mark", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("known_from", instant, nullable=False),
        Column("known_to", instant),
        Column("import_id", Uuid, ForeignKey("reference_import.id"), nullable=False, index=True),
        Column("imported_by", Text),
        Column("first_confirmed_by", Text),
        Column("first_confirmed_at", instant),
        Column("second_confirmed_by", Text),
        Column("second_confirmed_at", instant),
        Column("withdrawal_proposed_by", Text),
        Column("withdrawal_proposed_at", instant),
        Column("withdrawal_reason", Text),
        Column("withdrawn_by", Text),
        Column("withdrawals_rejected", Integer, nullable=False, server_default=text("0")),
        CheckConstraint("mark in ('law', 'practice', 'assumed', 'sample', 'unmarked')", name="mark_known"),
        CheckConstraint("source <> ''", name="source_given"),
        CheckConstraint("known_to >= known_from", name="known_period"),
        *confirmed_by_two("imported_by"),
        CheckConstraint(
            "num_nulls(withdrawal_proposed_by, withdrawal_proposed_at, withdrawal_reason) in (0, 3)",
            name="withdrawal_whole",
        ),
        CheckConstraint(
            "withdrawn_by is null or coalesce(withdrawn_by <> withdrawal_proposed_by, false)",
            name="two_people_withdraw",
        ),
        CheckConstraint("withdrawn_by is null or known_to is not null", name="withdrawn_ended"),
    ]


reference_list_entry = Table(
    "reference_list_entry",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("list_name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("attributes", JSONB, nullable=False),
    *_provenance(),
    CheckConstraint("key <> ''", name="key_given"),
    CheckConstraint("effective_to >= effective_from", name="effective_period"),
    ExcludeConstraint(
        (column("list_name"), "="),
        (column("key"), "="),
        (effective_period, "&&"),
        (known_period, "&&"),
        name="ex_reference_list_entry_one_for_a_day",
        using="gist",
    ),
    Index(
        "ix_reference_list_entry_current",
        "list_name",
        "key",
        "effective_from",
        unique=True,
        postgresql_where=text("known_to is null"),
    ),
)
"""One key of a list for a span of days, with its attributes as texts."""

reference_parameter = Table(
    "reference_parameter",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("value", Text, nullable=False),
    Column("unit", Text, nullable=False),
    *_provenance(),
    CheckConstraint("name ~ '^[a-z0-9]+([.-][a-z0-9]+)*$'", name="name_shape"),
    CheckConstraint("value <> ''", name="value_given"),
    ExcludeConstraint(
        (column("name"), "="),
        (column("effective_from"), "="),
        (known_period, "&&"),
        name="ex_reference_parameter_one_for_a_day",
        using="gist",
    ),
    Index(
        "ix_reference_parameter_current",
        "name",
        "effective_from",
        unique=True,
        postgresql_where=text("known_to is null"),
    ),
)
"""A value in force from a day until the next row of its name; `value` is ASCII text, read by its unit."""

_function = """
    create or replace function reference_row_unchangeable() returns trigger language plpgsql as $$
    declare
        open_columns constant text[] := array[
            'known_to', 'first_confirmed_by', 'first_confirmed_at', 'second_confirmed_by', 'second_confirmed_at',
            'withdrawal_proposed_by', 'withdrawal_proposed_at', 'withdrawal_reason', 'withdrawn_by'
        ];
        proposal constant text[] := array[
            'withdrawal_proposed_by', 'withdrawal_proposed_at', 'withdrawal_reason', 'withdrawals_rejected'
        ];
        col text;
    begin
        if tg_op <> 'UPDATE' then
            raise exception 'a row of % is never deleted', tg_table_name using errcode = 'restrict_violation';
        end if;
        if new.withdrawals_rejected = old.withdrawals_rejected + 1 and old.known_to is null
            and old.withdrawal_proposed_by is not null and new.withdrawal_proposed_by is null
            and to_jsonb(old) - proposal = to_jsonb(new) - proposal then
            return new;
        end if;
        if to_jsonb(old) - open_columns <> to_jsonb(new) - open_columns then
            raise exception 'a row of % is corrected by a new one', tg_table_name using errcode = 'restrict_violation';
        end if;
        foreach col in array open_columns loop
            if to_jsonb(old) -> col <> 'null' and to_jsonb(old) -> col <> to_jsonb(new) -> col then
                raise exception '% of % is set once', col, tg_table_name using errcode = 'restrict_violation';
            end if;
        end loop;
        return new;
    end $$
    """


def _guards(table: str) -> tuple[str, str]:
    """The triggers that keep the rows of a table as they are."""
    runs = "execute function reference_row_unchangeable()"
    return (
        f"create or replace trigger {table}_unchangeable before update or delete on {table} for each row {runs}",
        f"create or replace trigger {table}_kept before truncate on {table} for each statement {runs}",
    )


UNCHANGEABLE = (_function, *_guards("reference_list_entry"), *_guards("reference_parameter"))
"""Run after the tables are created, one statement each; a migration runs them itself."""

for _table in (reference_list_entry, reference_parameter):
    for _statement in BEFORE_TABLES:
        listen(_table, "before_create", DDL(_statement))  # type: ignore[no-untyped-call]
    for _statement in (_function, *_guards(_table.name)):
        listen(_table, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]
