"""Agreements, tranches, holds, and the funding account with its ledger."""

from alembic import op

revision = "grants_0002"
down_revision = "grants_0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE agreement_number (
    institute TEXT NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    CONSTRAINT pk_agreement_number PRIMARY KEY (institute, year)
);
CREATE TABLE funding_account (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    measure TEXT NOT NULL,
    bank TEXT NOT NULL,
    iban TEXT NOT NULL,
    open_year INTEGER NOT NULL,
    entries BIGINT NOT NULL,
    CONSTRAINT pk_funding_account PRIMARY KEY (id),
    CONSTRAINT uq_funding_account_institute_measure UNIQUE (institute, measure),
    CONSTRAINT ck_funding_account_entries_counted CHECK (entries >= 0),
    CONSTRAINT ck_funding_account_measure_known CHECK (measure = 'industrial-grant')
);
CREATE INDEX ix_funding_account_institute ON funding_account (institute);
CREATE TABLE known_obligation (
    obligation_id UUID NOT NULL,
    agreement_id UUID NOT NULL,
    indicator TEXT,
    reporting_year INTEGER NOT NULL,
    due_on DATE,
    status TEXT NOT NULL,
    fulfilment NUMERIC,
    CONSTRAINT pk_known_obligation PRIMARY KEY (obligation_id)
);
CREATE INDEX ix_known_obligation_agreement_id ON known_obligation (agreement_id);
CREATE TABLE agreement (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    number TEXT NOT NULL,
    application_id UUID NOT NULL,
    account_id UUID NOT NULL,
    recipient_id UUID NOT NULL,
    recipient_name TEXT NOT NULL,
    region TEXT,
    amount NUMERIC(20, 2) NOT NULL,
    status TEXT NOT NULL,
    rule_set TEXT NOT NULL,
    obligations JSONB NOT NULL,
    planned JSONB NOT NULL,
    reporting_years JSONB NOT NULL,
    budget JSONB NOT NULL,
    year_weights JSONB,
    offered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    offered_by TEXT NOT NULL,
    expires_on DATE NOT NULL,
    calendar TEXT NOT NULL,
    replanned INTEGER NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE,
    signed_on DATE,
    signed_by TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_on DATE,
    reason TEXT,
    CONSTRAINT pk_agreement PRIMARY KEY (id),
    CONSTRAINT ck_agreement_status_known CHECK (
        status in ('offered', 'signed', 'lapsed', 'completed', 'terminated')
    ),
    CONSTRAINT ck_agreement_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_agreement_signed_when_in_force CHECK ((status in ('offered', 'lapsed')) = (signed_at is null)),
    CONSTRAINT ck_agreement_signed_on_a_day CHECK ((signed_at is null) = (signed_on is null)),
    CONSTRAINT fk_agreement_application_id_application FOREIGN KEY(application_id) REFERENCES application (id),
    CONSTRAINT fk_agreement_account_id_funding_account FOREIGN KEY(account_id) REFERENCES funding_account (id)
);
CREATE INDEX ix_agreement_institute ON agreement (institute);
CREATE INDEX ix_agreement_offers ON agreement (expires_on) WHERE status = 'offered';
CREATE INDEX ix_agreement_recipient_id ON agreement (recipient_id);
CREATE UNIQUE INDEX uq_agreement_application_id ON agreement (application_id) WHERE status <> 'lapsed';
CREATE UNIQUE INDEX uq_agreement_institute_number ON agreement (institute, number);
CREATE TABLE ledger_balance (
    account_id UUID NOT NULL,
    side TEXT NOT NULL,
    holder_id UUID NOT NULL,
    amount NUMERIC(20, 2) NOT NULL,
    CONSTRAINT pk_ledger_balance PRIMARY KEY (account_id, side, holder_id),
    CONSTRAINT ck_ledger_balance_not_negative CHECK (side not in ('free', 'committed', 'disbursed') or amount >= 0),
    CONSTRAINT ck_ledger_balance_source_not_positive CHECK (side not in ('budget', 'uncovered') or amount <= 0),
    CONSTRAINT fk_ledger_balance_account_id_funding_account FOREIGN KEY(account_id) REFERENCES funding_account (id)
);
CREATE TABLE hold_cause (
    agreement_id UUID NOT NULL,
    cause_id UUID NOT NULL,
    cause TEXT NOT NULL,
    reporting_year INTEGER,
    is_open BOOLEAN NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    position BIGINT NOT NULL,
    decided_by UUID NOT NULL,
    decided_by_type TEXT NOT NULL,
    breached BOOLEAN NOT NULL,
    awaited BOOLEAN NOT NULL,
    held_at TIMESTAMP WITH TIME ZONE,
    released_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_hold_cause PRIMARY KEY (agreement_id, cause_id),
    CONSTRAINT fk_hold_cause_agreement_id_agreement FOREIGN KEY(agreement_id) REFERENCES agreement (id)
);
CREATE INDEX ix_hold_cause_open ON hold_cause (agreement_id) WHERE is_open;
CREATE TABLE tranche (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    agreement_id UUID NOT NULL,
    recipient_id UUID NOT NULL,
    number INTEGER NOT NULL,
    amount NUMERIC(20, 2) NOT NULL,
    planned_on DATE NOT NULL,
    replaces UUID,
    status TEXT NOT NULL,
    revision INTEGER NOT NULL,
    due_on DATE,
    due_calendar TEXT,
    due_term TEXT,
    documents JSONB NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE,
    proposed_by TEXT,
    proposed_at TIMESTAMP WITH TIME ZONE,
    proposed_content TEXT,
    approved_by TEXT,
    approved_at TIMESTAMP WITH TIME ZONE,
    disbursed_on DATE,
    disbursed_at TIMESTAMP WITH TIME ZONE,
    bank_reference TEXT,
    reversed_on DATE,
    reversal_reference TEXT,
    cancelled_on DATE,
    reason TEXT,
    CONSTRAINT pk_tranche PRIMARY KEY (id),
    CONSTRAINT uq_tranche_agreement_id_number UNIQUE (agreement_id, number),
    CONSTRAINT uq_tranche_replaces UNIQUE (replaces),
    CONSTRAINT ck_tranche_status_known CHECK (
        status in ('planned', 'requested', 'approved', 'disbursed', 'cancelled', 'reversed')
    ),
    CONSTRAINT ck_tranche_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_tranche_number_positive CHECK (number > 0),
    CONSTRAINT ck_tranche_approved_by_another CHECK (approved_by <> proposed_by),
    CONSTRAINT ck_tranche_approved_what_was_proposed CHECK ((approved_by is null) or (proposed_by is not null)),
    CONSTRAINT ck_tranche_paid_when_approved CHECK (
        status not in ('approved', 'disbursed', 'reversed') or approved_by is not null
    ),
    CONSTRAINT ck_tranche_paid_with_reference CHECK (
        (status in ('disbursed', 'reversed')) = (disbursed_on is not null and bank_reference is not null)
    ),
    CONSTRAINT ck_tranche_due_with_calendar CHECK ((due_on is null) = (due_calendar is null)),
    CONSTRAINT ck_tranche_due_while_asked_for CHECK ((status in ('requested', 'approved')) = (due_on is not null)),
    CONSTRAINT ck_tranche_reversed_on_a_day CHECK ((status = 'reversed') = (reversed_on is not null)),
    CONSTRAINT ck_tranche_reversed_after_payment CHECK (reversed_on >= disbursed_on),
    CONSTRAINT fk_tranche_agreement_id_agreement FOREIGN KEY(agreement_id) REFERENCES agreement (id),
    CONSTRAINT fk_tranche_replaces_tranche FOREIGN KEY(replaces) REFERENCES tranche (id)
);
CREATE INDEX ix_tranche_due_on ON tranche (due_on) WHERE due_on is not null;
CREATE INDEX ix_tranche_institute ON tranche (institute);
CREATE TABLE ledger_entry (
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    amount NUMERIC(20, 2) NOT NULL,
    effective_on DATE NOT NULL,
    fiscal_year INTEGER NOT NULL,
    agreement_id UUID,
    tranche_id UUID,
    claim_id UUID,
    bank_reference TEXT,
    act TEXT,
    rests_on TEXT NOT NULL,
    rests_on_id UUID NOT NULL,
    rests_on_sequence BIGINT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_in TEXT DEFAULT pg_current_xact_id()::text NOT NULL,
    CONSTRAINT pk_ledger_entry PRIMARY KEY (id),
    CONSTRAINT uq_ledger_entry_account_id_number UNIQUE (account_id, number),
    CONSTRAINT uq_ledger_entry_id_kind UNIQUE (id, kind),
    CONSTRAINT ck_ledger_entry_kind_known CHECK (
        kind in ('allocation', 'commitment', 'release', 'disbursement', 'reversal', 'return', 'refund',
        'carry-over')
    ),
    CONSTRAINT ck_ledger_entry_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_ledger_entry_number_positive CHECK (number > 0),
    CONSTRAINT ck_ledger_entry_payment_has_reference CHECK (
        (kind in ('allocation', 'disbursement', 'refund', 'return', 'reversal')) = (bank_reference is not
        null)
    ),
    CONSTRAINT ck_ledger_entry_agreement_named CHECK (
        (kind in ('commitment', 'release', 'disbursement', 'reversal', 'return', 'refund')) = (agreement_id
        is not null)
    ),
    CONSTRAINT ck_ledger_entry_tranche_named CHECK (
        (kind in ('disbursement', 'reversal')) <= (tranche_id is not null)
    ),
    CONSTRAINT ck_ledger_entry_claim_named CHECK ((kind in ('return', 'refund')) = (claim_id is not null)),
    CONSTRAINT fk_ledger_entry_account_id_funding_account FOREIGN KEY(account_id) REFERENCES funding_account (id),
    CONSTRAINT fk_ledger_entry_agreement_id_agreement FOREIGN KEY(agreement_id) REFERENCES agreement (id),
    CONSTRAINT fk_ledger_entry_tranche_id_tranche FOREIGN KEY(tranche_id) REFERENCES tranche (id)
);
CREATE INDEX ix_ledger_entry_account_id_effective_on ON ledger_entry (account_id, effective_on);
CREATE UNIQUE INDEX uq_ledger_entry_account_id_bank_reference
    ON ledger_entry (account_id, payment_key(bank_reference));
CREATE INDEX ix_ledger_entry_agreement_id ON ledger_entry (agreement_id);
CREATE UNIQUE INDEX uq_ledger_entry_one_disbursement ON ledger_entry (tranche_id) WHERE kind = 'disbursement';
CREATE UNIQUE INDEX uq_ledger_entry_one_reversal ON ledger_entry (tranche_id) WHERE kind = 'reversal';
CREATE TABLE ledger_posting (
    entry_id UUID NOT NULL,
    line SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    side TEXT NOT NULL,
    fiscal_year INTEGER NOT NULL,
    amount NUMERIC(20, 2) NOT NULL,
    CONSTRAINT pk_ledger_posting PRIMARY KEY (entry_id, line),
    CONSTRAINT fk_ledger_posting_entry_id_ledger_entry FOREIGN KEY(entry_id, kind) REFERENCES ledger_entry (id, kind),
    CONSTRAINT ck_ledger_posting_shape_of_kind CHECK (
        (kind = 'allocation' and ((amount > 0 and side in ('free', 'uncovered'))
            or (amount < 0 and side in ('budget'))))
        or (kind = 'commitment' and ((amount > 0 and side in ('committed'))
            or (amount < 0 and side in ('free'))))
        or (kind = 'release' and ((amount > 0 and side in ('free', 'uncovered'))
            or (amount < 0 and side in ('committed'))))
        or (kind = 'disbursement' and ((amount > 0 and side in ('disbursed'))
            or (amount < 0 and side in ('committed'))))
        or (kind = 'reversal' and ((amount > 0 and side in ('free', 'uncovered'))
            or (amount < 0 and side in ('disbursed'))))
        or (kind = 'return' and ((amount > 0 and side in ('free', 'uncovered'))
            or (amount < 0 and side in ('returned'))))
        or (kind = 'refund' and ((amount > 0 and side in ('returned'))
            or (amount < 0 and side in ('free', 'uncovered'))))
        or (kind = 'carry-over' and ((amount > 0 and side in ('free')) or (amount < 0 and side in ('free'))))
    )
);
CREATE TABLE payment_conflict (
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    kind TEXT NOT NULL,
    amount NUMERIC(20, 2) NOT NULL,
    effective_on DATE NOT NULL,
    agreement_id UUID NOT NULL,
    claim_id UUID NOT NULL,
    bank_reference TEXT NOT NULL,
    first_entry_id UUID NOT NULL,
    rests_on TEXT NOT NULL,
    rests_on_id UUID NOT NULL,
    rests_on_sequence BIGINT NOT NULL,
    reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE,
    proposed_by TEXT,
    proposed_reference TEXT,
    resolution TEXT,
    proposals_rejected INTEGER DEFAULT 0 NOT NULL,
    resolved_at TIMESTAMP WITH TIME ZONE,
    resolved_by TEXT,
    CONSTRAINT pk_payment_conflict PRIMARY KEY (id),
    CONSTRAINT ck_payment_conflict_kind_known CHECK (kind in ('return', 'refund')),
    CONSTRAINT ck_payment_conflict_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_payment_conflict_resolved_by_somebody CHECK ((resolved_at is null) = (resolved_by is null)),
    CONSTRAINT ck_payment_conflict_proposal_whole CHECK (num_nulls(proposed_at, proposed_by, resolution) in (0, 3)),
    CONSTRAINT ck_payment_conflict_reference_proposed CHECK (proposed_reference is null or proposed_by is not null),
    CONSTRAINT ck_payment_conflict_two_people_resolve
        CHECK (resolved_by is null or coalesce(resolved_by <> proposed_by, false)),
    CONSTRAINT fk_payment_conflict_account_id_funding_account FOREIGN KEY(account_id) REFERENCES funding_account (id),
    CONSTRAINT fk_payment_conflict_agreement_id_agreement FOREIGN KEY(agreement_id) REFERENCES agreement (id),
    CONSTRAINT fk_payment_conflict_first_entry_id_ledger_entry FOREIGN KEY(first_entry_id) REFERENCES ledger_entry (id)
);
CREATE INDEX ix_payment_conflict_account_id ON payment_conflict (account_id);
"""


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("The record is never dropped: restore a backup instead.")
