"""Dated lists and parameters: bitemporal, append-only, one value for a day at any time of knowing."""

from alembic import op

revision = "platform_0002"
down_revision = "platform_0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE reference_import (
    id UUID NOT NULL,
    list_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    rows INTEGER NOT NULL,
    added INTEGER NOT NULL,
    corrected INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    imported_by TEXT,
    imported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_reference_import PRIMARY KEY (id),
    CONSTRAINT ck_reference_import_rows_add_up CHECK (rows = added + corrected + unchanged),
    CONSTRAINT ck_reference_import_digest_sha256 CHECK (digest ~ '^[0-9a-f]{64}$')
);
CREATE INDEX ix_reference_import_list_name_imported_at ON reference_import (list_name, imported_at);
CREATE TABLE reference_list_entry (
    id UUID NOT NULL,
    list_name TEXT NOT NULL,
    key TEXT NOT NULL,
    effective_from DATE NOT NULL,
    effective_to DATE,
    attributes JSONB NOT NULL,
    mark TEXT NOT NULL,
    source TEXT NOT NULL,
    known_from TIMESTAMP WITH TIME ZONE NOT NULL,
    known_to TIMESTAMP WITH TIME ZONE,
    import_id UUID NOT NULL,
    imported_by TEXT,
    first_confirmed_by TEXT,
    first_confirmed_at TIMESTAMP WITH TIME ZONE,
    second_confirmed_by TEXT,
    second_confirmed_at TIMESTAMP WITH TIME ZONE,
    withdrawal_proposed_by TEXT,
    withdrawal_proposed_at TIMESTAMP WITH TIME ZONE,
    withdrawal_reason TEXT,
    withdrawn_by TEXT,
    withdrawals_rejected INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_reference_list_entry PRIMARY KEY (id),
    CONSTRAINT ck_reference_list_entry_mark_known CHECK (mark in ('law', 'practice', 'assumed', 'sample', 'unmarked')),
    CONSTRAINT ck_reference_list_entry_source_given CHECK (source <> ''),
    CONSTRAINT ck_reference_list_entry_known_period CHECK (known_to >= known_from),
    CONSTRAINT ck_reference_list_entry_confirmations_whole CHECK ((first_confirmed_by is null) = (first_confirmed_at is null) and (second_confirmed_by is null) = (second_confirmed_at is null)),
    CONSTRAINT ck_reference_list_entry_two_people_confirm CHECK (second_confirmed_by is null or coalesce(first_confirmed_by <> second_confirmed_by, false)),
    CONSTRAINT ck_reference_list_entry_others_confirm CHECK (imported_by <> first_confirmed_by and imported_by <> second_confirmed_by),
    CONSTRAINT ck_reference_list_entry_withdrawal_whole CHECK (num_nulls(withdrawal_proposed_by, withdrawal_proposed_at, withdrawal_reason) in (0, 3)),
    CONSTRAINT ck_reference_list_entry_two_people_withdraw CHECK (withdrawn_by is null or coalesce(withdrawn_by <> withdrawal_proposed_by, false)),
    CONSTRAINT ck_reference_list_entry_withdrawn_ended CHECK (withdrawn_by is null or known_to is not null),
    CONSTRAINT ck_reference_list_entry_key_given CHECK (key <> ''),
    CONSTRAINT ck_reference_list_entry_effective_period CHECK (effective_to >= effective_from),
    CONSTRAINT ex_reference_list_entry_one_for_a_day EXCLUDE USING gist (list_name WITH =, key WITH =, daterange(effective_from, effective_to, '[]') WITH &&, tstzrange(known_from, known_to, '[)') WITH &&),
    CONSTRAINT fk_reference_list_entry_import_id_reference_import FOREIGN KEY(import_id) REFERENCES reference_import (id)
);
CREATE UNIQUE INDEX ix_reference_list_entry_current ON reference_list_entry (list_name, key, effective_from) WHERE known_to is null;
CREATE INDEX ix_reference_list_entry_import_id ON reference_list_entry (import_id);
CREATE TABLE reference_parameter (
    id UUID NOT NULL,
    name TEXT NOT NULL,
    effective_from DATE NOT NULL,
    value TEXT NOT NULL,
    unit TEXT NOT NULL,
    mark TEXT NOT NULL,
    source TEXT NOT NULL,
    known_from TIMESTAMP WITH TIME ZONE NOT NULL,
    known_to TIMESTAMP WITH TIME ZONE,
    import_id UUID NOT NULL,
    imported_by TEXT,
    first_confirmed_by TEXT,
    first_confirmed_at TIMESTAMP WITH TIME ZONE,
    second_confirmed_by TEXT,
    second_confirmed_at TIMESTAMP WITH TIME ZONE,
    withdrawal_proposed_by TEXT,
    withdrawal_proposed_at TIMESTAMP WITH TIME ZONE,
    withdrawal_reason TEXT,
    withdrawn_by TEXT,
    withdrawals_rejected INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_reference_parameter PRIMARY KEY (id),
    CONSTRAINT ck_reference_parameter_mark_known CHECK (mark in ('law', 'practice', 'assumed', 'sample', 'unmarked')),
    CONSTRAINT ck_reference_parameter_source_given CHECK (source <> ''),
    CONSTRAINT ck_reference_parameter_known_period CHECK (known_to >= known_from),
    CONSTRAINT ck_reference_parameter_confirmations_whole CHECK ((first_confirmed_by is null) = (first_confirmed_at is null) and (second_confirmed_by is null) = (second_confirmed_at is null)),
    CONSTRAINT ck_reference_parameter_two_people_confirm CHECK (second_confirmed_by is null or coalesce(first_confirmed_by <> second_confirmed_by, false)),
    CONSTRAINT ck_reference_parameter_others_confirm CHECK (imported_by <> first_confirmed_by and imported_by <> second_confirmed_by),
    CONSTRAINT ck_reference_parameter_withdrawal_whole CHECK (num_nulls(withdrawal_proposed_by, withdrawal_proposed_at, withdrawal_reason) in (0, 3)),
    CONSTRAINT ck_reference_parameter_two_people_withdraw CHECK (withdrawn_by is null or coalesce(withdrawn_by <> withdrawal_proposed_by, false)),
    CONSTRAINT ck_reference_parameter_withdrawn_ended CHECK (withdrawn_by is null or known_to is not null),
    CONSTRAINT ck_reference_parameter_name_shape CHECK (name ~ '^[a-z0-9]+([.-][a-z0-9]+)*$'),
    CONSTRAINT ck_reference_parameter_value_given CHECK (value <> ''),
    CONSTRAINT ex_reference_parameter_one_for_a_day EXCLUDE USING gist (name WITH =, effective_from WITH =, tstzrange(known_from, known_to, '[)') WITH &&),
    CONSTRAINT fk_reference_parameter_import_id_reference_import FOREIGN KEY(import_id) REFERENCES reference_import (id)
);
CREATE UNIQUE INDEX ix_reference_parameter_current ON reference_parameter (name, effective_from) WHERE known_to is null;
CREATE INDEX ix_reference_parameter_import_id ON reference_parameter (import_id);
"""

UNCHANGEABLE = """
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


def upgrade() -> None:
    op.execute("create extension if not exists btree_gist")
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
    op.execute(UNCHANGEABLE)
    for table in ("reference_list_entry", "reference_parameter"):
        runs = "execute function reference_row_unchangeable()"
        op.execute(f"create trigger {table}_unchangeable before update or delete on {table} for each row {runs}")
        op.execute(f"create trigger {table}_kept before truncate on {table} for each statement {runs}")


def downgrade() -> None:
    raise NotImplementedError("The record is never dropped: restore a backup instead.")
