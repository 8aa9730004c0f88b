"""Monitoring: agreements as received, obligations, reports, excuses; base rates and rule sets."""

from alembic import op

revision = "obligations_0001"
down_revision = None
branch_labels = ("obligations",)
depends_on = ("platform_0002",)

TABLES = """
CREATE TABLE agreement (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    number TEXT NOT NULL,
    measure TEXT NOT NULL,
    recipient_id UUID NOT NULL,
    amount NUMERIC(20, 2) NOT NULL,
    signed_on DATE NOT NULL,
    status TEXT NOT NULL,
    region TEXT,
    reporting_years JSONB NOT NULL,
    year_weights JSONB,
    terms_fact_id UUID NOT NULL,
    rule_set TEXT NOT NULL,
    frozen_on DATE NOT NULL,
    rule_set_id UUID,
    rule_set_hash TEXT,
    rule_set_content JSONB,
    CONSTRAINT pk_agreement PRIMARY KEY (id),
    CONSTRAINT ck_agreement_status_known CHECK (status in ('in-force', 'completed', 'terminated')),
    CONSTRAINT ck_agreement_amount_not_negative CHECK (amount >= 0),
    CONSTRAINT ck_agreement_rule_set_whole CHECK (num_nulls(rule_set_content, rule_set_hash, rule_set_id) in (0, 3))
);
CREATE INDEX ix_agreement_institute ON agreement (institute);
CREATE INDEX ix_agreement_recipient_id ON agreement (recipient_id);
CREATE TABLE agreement_fact (
    id UUID NOT NULL,
    position BIGINT GENERATED ALWAYS AS IDENTITY,
    agreement_id UUID NOT NULL,
    institute TEXT NOT NULL,
    type TEXT NOT NULL,
    subject UUID NOT NULL,
    sequence BIGINT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    data JSONB NOT NULL,
    CONSTRAINT pk_agreement_fact PRIMARY KEY (id),
    CONSTRAINT uq_agreement_fact_position UNIQUE (position)
);
CREATE INDEX ix_agreement_fact_agreement_id_position ON agreement_fact (agreement_id, position);
CREATE INDEX ix_agreement_fact_bank_reference ON agreement_fact (payment_key(data ->> 'bank_reference'));
CREATE TABLE base_rate (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    effective_from DATE NOT NULL,
    percent NUMERIC(7, 4),
    announced_on DATE NOT NULL,
    announced_on_assumed BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    known_from TIMESTAMP WITH TIME ZONE NOT NULL,
    known_until TIMESTAMP WITH TIME ZONE,
    replaces UUID,
    reason TEXT,
    entered_by TEXT NOT NULL,
    first_confirmed_by TEXT,
    first_confirmed_at TIMESTAMP WITH TIME ZONE,
    second_confirmed_by TEXT,
    second_confirmed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_base_rate PRIMARY KEY (id),
    CONSTRAINT ck_base_rate_percent_not_negative CHECK (percent >= 0),
    CONSTRAINT ck_base_rate_known_in_order CHECK (known_until > known_from),
    CONSTRAINT ck_base_rate_withdrawal_is_a_correction CHECK (percent is not null or replaces is not null),
    CONSTRAINT ck_base_rate_correction_has_a_reason CHECK ((replaces is null) = (reason is null)),
    CONSTRAINT ck_base_rate_confirmations_whole CHECK (
        (first_confirmed_by is null) = (first_confirmed_at is null)
        and (second_confirmed_by is null) = (second_confirmed_at is null)
    ),
    CONSTRAINT ck_base_rate_two_people_confirm CHECK (
        second_confirmed_by is null or coalesce(first_confirmed_by <> second_confirmed_by, false)
    ),
    CONSTRAINT ex_base_rate_one_a_day EXCLUDE USING gist (
        daterange(effective_from, effective_from, '[]') WITH &&,
        tstzrange(known_from, known_until) WITH &&
    ),
    CONSTRAINT fk_base_rate_replaces_base_rate FOREIGN KEY(replaces) REFERENCES base_rate (id)
);
CREATE INDEX ix_base_rate_effective_from ON base_rate (effective_from);
CREATE INDEX ix_base_rate_institute ON base_rate (institute);
CREATE UNIQUE INDEX uq_base_rate_effective_from ON base_rate (effective_from) WHERE known_until is null;
CREATE TABLE rate_coverage (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    known_until DATE NOT NULL,
    known_from TIMESTAMP WITH TIME ZONE NOT NULL,
    source TEXT NOT NULL,
    assumed BOOLEAN NOT NULL,
    entered_by TEXT NOT NULL,
    CONSTRAINT pk_rate_coverage PRIMARY KEY (id)
);
CREATE INDEX ix_rate_coverage_institute ON rate_coverage (institute);
CREATE INDEX ix_rate_coverage_known_from ON rate_coverage (known_from);
CREATE TABLE rule_set (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    name TEXT NOT NULL,
    effective_from DATE NOT NULL,
    content JSONB NOT NULL,
    content_hash TEXT NOT NULL,
    source TEXT NOT NULL,
    status TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by TEXT,
    decided_at TIMESTAMP WITH TIME ZONE,
    rejection_reason TEXT,
    first_confirmed_by TEXT,
    first_confirmed_at TIMESTAMP WITH TIME ZONE,
    second_confirmed_by TEXT,
    second_confirmed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_rule_set PRIMARY KEY (id),
    CONSTRAINT ck_rule_set_status_known CHECK (status in ('proposed', 'approved', 'rejected')),
    CONSTRAINT ck_rule_set_two_people_decide CHECK (proposed_by <> decided_by),
    CONSTRAINT ck_rule_set_decision_known CHECK ((status = 'proposed') = (decided_by is null)),
    CONSTRAINT ck_rule_set_confirmations_whole CHECK (
        (first_confirmed_by is null) = (first_confirmed_at is null)
        and (second_confirmed_by is null) = (second_confirmed_at is null)
    ),
    CONSTRAINT ck_rule_set_two_people_confirm CHECK (
        second_confirmed_by is null or coalesce(first_confirmed_by <> second_confirmed_by, false)
    ),
    CONSTRAINT ck_rule_set_approved_before_confirmed CHECK (first_confirmed_by is null or status = 'approved')
);
CREATE INDEX ix_rule_set_institute ON rule_set (institute);
CREATE UNIQUE INDEX uq_rule_set_name_effective_from ON rule_set (name, effective_from) WHERE status <> 'rejected';
CREATE TABLE tranche (
    id UUID NOT NULL,
    agreement_id UUID NOT NULL,
    institute TEXT NOT NULL,
    number INTEGER NOT NULL,
    amount NUMERIC(20, 2) NOT NULL,
    status TEXT NOT NULL,
    planned_on DATE,
    disbursed_on DATE,
    disbursed_fact_id UUID,
    reversed_on DATE,
    reversed_fact_id UUID,
    bank_reference TEXT,
    CONSTRAINT pk_tranche PRIMARY KEY (id),
    CONSTRAINT ck_tranche_status_known CHECK (status in ('planned', 'disbursed', 'reversed', 'cancelled')),
    CONSTRAINT ck_tranche_amount_not_negative CHECK (amount >= 0),
    CONSTRAINT ck_tranche_disbursement_known CHECK (
        status not in ('disbursed', 'reversed') or (disbursed_on is not null and disbursed_fact_id is not null)
    )
);
CREATE INDEX ix_tranche_agreement_id ON tranche (agreement_id);
CREATE INDEX ix_tranche_institute ON tranche (institute);
CREATE TABLE obligation (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    agreement_id UUID NOT NULL,
    measure TEXT NOT NULL,
    recipient_id UUID NOT NULL,
    term_id UUID NOT NULL,
    reporting_year INTEGER NOT NULL,
    indicator TEXT NOT NULL,
    direction TEXT NOT NULL,
    mode TEXT NOT NULL,
    lower_is_better BOOLEAN NOT NULL,
    target NUMERIC(30, 10) NOT NULL,
    baseline NUMERIC(30, 10),
    unit TEXT NOT NULL,
    weight NUMERIC(30, 10) NOT NULL,
    terms_fact_id UUID NOT NULL,
    due_on DATE NOT NULL,
    grace_until DATE,
    calendar_version TEXT NOT NULL,
    status TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    report_id UUID,
    report_revision INTEGER NOT NULL,
    achieved NUMERIC(30, 10),
    level TEXT,
    fulfilment NUMERIC(7, 6),
    breach_reason TEXT,
    provisional BOOLEAN NOT NULL,
    evaluated_at TIMESTAMP WITH TIME ZONE,
    evaluation_refusal TEXT,
    excuse_id UUID,
    cancelled_because TEXT,
    CONSTRAINT pk_obligation PRIMARY KEY (id),
    CONSTRAINT uq_obligation_term_year UNIQUE (agreement_id, term_id, reporting_year),
    CONSTRAINT ck_obligation_status_known CHECK (
        status in ('active', 'reported', 'fulfilled', 'breached', 'excused', 'cancelled')
    ),
    CONSTRAINT ck_obligation_evaluated_has_level CHECK (status not in ('fulfilled', 'breached') or level is not null),
    CONSTRAINT ck_obligation_breach_has_reason CHECK ((status = 'breached') = (breach_reason is not null)),
    CONSTRAINT ck_obligation_cancelled_has_reason CHECK ((status = 'cancelled') = (cancelled_because is not null)),
    CONSTRAINT ck_obligation_report_whole CHECK ((report_id is null) = (achieved is null)),
    CONSTRAINT ck_obligation_fulfilment_in_range CHECK (fulfilment between 0 and 1),
    CONSTRAINT ck_obligation_grace_after_due CHECK (grace_until >= due_on),
    CONSTRAINT fk_obligation_agreement_id_agreement FOREIGN KEY(agreement_id) REFERENCES agreement (id)
);
CREATE INDEX ix_obligation_agreement_id_reporting_year ON obligation (agreement_id, reporting_year);
CREATE INDEX ix_obligation_institute ON obligation (institute);
CREATE INDEX ix_obligation_recipient_id ON obligation (recipient_id);
CREATE INDEX ix_obligation_status_grace_until ON obligation (status, grace_until);
CREATE TABLE cancellation (
    id UUID NOT NULL,
    obligation_id UUID NOT NULL,
    obligation_version BIGINT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    approved_by TEXT,
    approved_at TIMESTAMP WITH TIME ZONE,
    void_reason TEXT,
    CONSTRAINT pk_cancellation PRIMARY KEY (id),
    CONSTRAINT ck_cancellation_status_known CHECK (status in ('proposed', 'approved', 'void')),
    CONSTRAINT ck_cancellation_two_people CHECK (approved_by is null or approved_by <> proposed_by),
    CONSTRAINT ck_cancellation_approval_whole CHECK (
        num_nulls(approved_by, approved_at) = case status when 'approved' then 0 else 2 end
    ),
    CONSTRAINT ck_cancellation_void_has_reason CHECK ((status = 'void') = (void_reason is not null)),
    CONSTRAINT fk_cancellation_obligation_id_obligation FOREIGN KEY(obligation_id) REFERENCES obligation (id)
);
CREATE INDEX ix_cancellation_obligation_id ON cancellation (obligation_id);
CREATE UNIQUE INDEX uq_cancellation_one_open ON cancellation (obligation_id) WHERE status = 'proposed';
CREATE TABLE excuse (
    id UUID NOT NULL,
    obligation_id UUID NOT NULL,
    agreement_id UUID NOT NULL,
    institute TEXT NOT NULL,
    recipient_id UUID NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    evidence JSONB NOT NULL,
    requested_by TEXT NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by TEXT,
    decided_at TIMESTAMP WITH TIME ZONE,
    decision_reason TEXT,
    CONSTRAINT pk_excuse PRIMARY KEY (id),
    CONSTRAINT ck_excuse_status_known CHECK (status in ('requested', 'accepted', 'rejected')),
    CONSTRAINT ck_excuse_decision_whole CHECK (
        num_nulls(decided_by, decided_at, decision_reason) = case status when 'requested' then 3 else 0 end
    ),
    CONSTRAINT ck_excuse_two_people CHECK (requested_by <> decided_by),
    CONSTRAINT fk_excuse_obligation_id_obligation FOREIGN KEY(obligation_id) REFERENCES obligation (id)
);
CREATE INDEX ix_excuse_agreement_id ON excuse (agreement_id);
CREATE INDEX ix_excuse_institute ON excuse (institute);
CREATE INDEX ix_excuse_obligation_id ON excuse (obligation_id);
CREATE INDEX ix_excuse_recipient_id ON excuse (recipient_id);
CREATE UNIQUE INDEX uq_excuse_open ON excuse (obligation_id) WHERE status = 'requested';
CREATE TABLE report_entry (
    id UUID NOT NULL,
    report_id UUID NOT NULL,
    obligation_id UUID NOT NULL,
    agreement_id UUID NOT NULL,
    institute TEXT NOT NULL,
    recipient_id UUID NOT NULL,
    reporting_year INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    kind TEXT NOT NULL,
    achieved NUMERIC(30, 10),
    note TEXT,
    evidence JSONB NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_report_entry PRIMARY KEY (id),
    CONSTRAINT uq_report_entry_revision UNIQUE (obligation_id, revision),
    CONSTRAINT ck_report_entry_kind_known CHECK (kind in ('recorded', 'corrected', 'withdrawn')),
    CONSTRAINT ck_report_entry_value_unless_withdrawn CHECK ((kind = 'withdrawn') = (achieved is null)),
    CONSTRAINT ck_report_entry_achieved_not_negative CHECK (achieved >= 0),
    CONSTRAINT ck_report_entry_revision_positive CHECK (revision > 0),
    CONSTRAINT fk_report_entry_obligation_id_obligation FOREIGN KEY(obligation_id) REFERENCES obligation (id)
);
CREATE INDEX ix_report_entry_agreement_id ON report_entry (agreement_id);
CREATE INDEX ix_report_entry_report_id ON report_entry (report_id);
"""

APPEND_ONLY = ("agreement_fact", "report_entry", "rate_coverage")
"""Never changed and never deleted."""

UNCHANGEABLE = {
    "base_rate": (
        "version",
        "known_until",
        "first_confirmed_by",
        "first_confirmed_at",
        "second_confirmed_by",
        "second_confirmed_at",
    ),
    "rule_set": (
        "version",
        "status",
        "decided_by",
        "decided_at",
        "rejection_reason",
        "first_confirmed_by",
        "first_confirmed_at",
        "second_confirmed_by",
        "second_confirmed_at",
    ),
}
"""Never deleted; of a row only these columns change, and all but version and status once, from null."""

KEEP_CONTENT = """
create function keep_content() returns trigger language plpgsql as $$
declare
    open_columns constant text[] := tg_argv;
    col text;
begin
    if tg_op <> 'UPDATE' then
        raise exception 'a row of % is never deleted', tg_table_name using errcode = 'restrict_violation';
    end if;
    if to_jsonb(old) - open_columns <> to_jsonb(new) - open_columns then
        raise exception 'a row of % is corrected by a new one', tg_table_name using errcode = 'restrict_violation';
    end if;
    foreach col in array open_columns loop
        if col not in ('version', 'status') and to_jsonb(old) -> col <> 'null'
                and to_jsonb(old) -> col <> to_jsonb(new) -> col then
            raise exception '% of % is set once', col, tg_table_name using errcode = 'restrict_violation';
        end if;
    end loop;
    return new;
end $$;
"""


def upgrade() -> None:
    """Create the tables and what keeps the record as it is."""
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
    op.execute(KEEP_CONTENT)
    for table in APPEND_ONLY:
        _guard(table, "refuse_change()")
    for table, columns in UNCHANGEABLE.items():
        _guard(table, f"keep_content({', '.join(repr(column) for column in columns)})")


def _guard(table: str, function: str) -> None:
    op.execute(f"create trigger kept before update or delete on {table} for each row execute function {function}")
    op.execute(f"create trigger not_emptied before truncate on {table} for each statement execute function {function}")


def downgrade() -> None:
    """Not offered."""
    raise NotImplementedError("The record is never dropped: restore a backup instead.")
