"""Recovery: claims and their versions, what was paid, repayments, refunds, demands, disputes; and their guards."""

import re

from alembic import op

revision = "obligations_0002"
down_revision = "obligations_0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE claim (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    agreement_id UUID NOT NULL,
    measure TEXT NOT NULL,
    recipient_id UUID NOT NULL,
    reporting_year INTEGER NOT NULL,
    status TEXT NOT NULL,
    number INTEGER NOT NULL,
    as_of DATE NOT NULL,
    fulfilment NUMERIC(7, 6) NOT NULL,
    principal NUMERIC(20, 2),
    interest NUMERIC(20, 2),
    total NUMERIC(20, 2),
    outstanding NUMERIC(20, 2),
    overpaid NUMERIC(20, 2),
    without_year NUMERIC(20, 2) NOT NULL,
    refusal TEXT,
    told_number INTEGER,
    hearing_until DATE,
    served_on DATE,
    demanded_on DATE,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_claim PRIMARY KEY (id),
    CONSTRAINT uq_claim_agreement_id_reporting_year UNIQUE (agreement_id, reporting_year),
    CONSTRAINT ck_claim_status_known CHECK (
        status in ('calculated', 'notified', 'demanded', 'disputed', 'settled', 'cancelled')
    ),
    CONSTRAINT ck_claim_not_negative CHECK (principal >= 0 and interest >= 0 and outstanding >= 0 and overpaid >= 0),
    CONSTRAINT ck_claim_total_is_sum CHECK (total = principal + interest),
    CONSTRAINT ck_claim_settled_is_paid CHECK (status <> 'settled' or outstanding is null or outstanding = 0)
);
CREATE INDEX ix_claim_agreement_id ON claim (agreement_id);
CREATE INDEX ix_claim_institute ON claim (institute);
CREATE INDEX ix_claim_institute_id ON claim (institute, id);
CREATE INDEX ix_claim_recipient_id ON claim (recipient_id);
CREATE TABLE claim_version (
    claim_id UUID NOT NULL,
    number INTEGER NOT NULL,
    known_from TIMESTAMP WITH TIME ZONE NOT NULL,
    as_of DATE NOT NULL,
    fulfilment NUMERIC(7, 6) NOT NULL,
    principal NUMERIC(20, 2),
    interest NUMERIC(20, 2),
    total NUMERIC(20, 2),
    outstanding NUMERIC(20, 2),
    overpaid NUMERIC(20, 2),
    facts JSONB NOT NULL,
    facts_digest TEXT NOT NULL,
    rates_used JSONB NOT NULL,
    rates_under JSONB NOT NULL,
    sheet JSONB,
    refusal TEXT,
    refusal_slug TEXT,
    trigger TEXT NOT NULL,
    trigger_event_id UUID,
    CONSTRAINT pk_claim_version PRIMARY KEY (claim_id, number),
    CONSTRAINT ck_claim_version_number_positive CHECK (number > 0),
    CONSTRAINT ck_claim_version_figures_or_refusal CHECK ((sheet is null) = (refusal is not null)),
    CONSTRAINT ck_claim_version_figures_with_sheet CHECK ((sheet is null) = (principal is null)),
    CONSTRAINT fk_claim_version_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id)
);
CREATE TABLE disbursement (
    tranche_id UUID NOT NULL,
    agreement_id UUID NOT NULL,
    number INTEGER NOT NULL,
    amount NUMERIC(20, 2) NOT NULL,
    disbursed_on DATE NOT NULL,
    event_id UUID NOT NULL,
    reversed_on DATE,
    reversal_event_id UUID,
    CONSTRAINT pk_disbursement PRIMARY KEY (tranche_id),
    CONSTRAINT ck_disbursement_amount_not_negative CHECK (amount >= 0)
);
CREATE INDEX ix_disbursement_agreement_id ON disbursement (agreement_id);
CREATE TABLE suspension (
    id UUID NOT NULL,
    claim_id UUID NOT NULL,
    first_on DATE NOT NULL,
    last_on DATE NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_suspension PRIMARY KEY (id),
    CONSTRAINT ck_suspension_not_reversed CHECK (first_on <= last_on),
    CONSTRAINT fk_suspension_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id)
);
CREATE INDEX ix_suspension_claim_id ON suspension (claim_id);
CREATE TABLE bank_payment (
    payment_id UUID NOT NULL,
    account TEXT NOT NULL,
    bank_reference TEXT NOT NULL,
    kind TEXT NOT NULL,
    day DATE NOT NULL,
    CONSTRAINT pk_bank_payment PRIMARY KEY (payment_id),
    CONSTRAINT ck_bank_payment_kind_known CHECK (kind in ('repayment', 'refund'))
);
CREATE UNIQUE INDEX uq_bank_payment_account_bank_reference ON bank_payment (account, payment_key(bank_reference));
CREATE TABLE repayment (
    id UUID NOT NULL,
    claim_id UUID NOT NULL,
    ordinal INTEGER NOT NULL,
    amount NUMERIC(20, 2) NOT NULL,
    refunded NUMERIC(20, 2) NOT NULL,
    to_principal NUMERIC(20, 2),
    to_interest NUMERIC(20, 2),
    overpaid NUMERIC(20, 2),
    received_on DATE NOT NULL,
    bank_reference TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_repayment PRIMARY KEY (id),
    CONSTRAINT ck_repayment_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_repayment_refunded_within_amount CHECK (refunded >= 0 and refunded <= amount),
    CONSTRAINT ck_repayment_allocated_whole CHECK (to_principal + to_interest + overpaid = amount),
    CONSTRAINT ck_repayment_allocated_or_not CHECK (num_nulls(to_principal, to_interest, overpaid) in (0, 3)),
    CONSTRAINT fk_repayment_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id)
);
CREATE INDEX ix_repayment_claim_id ON repayment (claim_id);
CREATE TABLE refund (
    id UUID NOT NULL,
    claim_id UUID NOT NULL,
    status TEXT NOT NULL,
    amount NUMERIC(20, 2) NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    approved_by TEXT,
    approved_at TIMESTAMP WITH TIME ZONE,
    paid_on DATE,
    bank_reference TEXT,
    void_reason TEXT,
    CONSTRAINT pk_refund PRIMARY KEY (id),
    CONSTRAINT ck_refund_status_known CHECK (status in ('proposed', 'approved', 'paid', 'void')),
    CONSTRAINT ck_refund_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_refund_two_people CHECK (approved_by is null or approved_by <> proposed_by),
    CONSTRAINT ck_refund_approved_by_somebody CHECK (status not in ('approved', 'paid') or approved_by is not null),
    CONSTRAINT ck_refund_paid_with_reference CHECK ((status = 'paid') = (bank_reference is not null)),
    CONSTRAINT fk_refund_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id)
);
CREATE INDEX ix_refund_claim_id ON refund (claim_id);
CREATE UNIQUE INDEX uq_refund_one_open ON refund (claim_id) WHERE status in ('proposed', 'approved');
CREATE TABLE demand (
    id UUID NOT NULL,
    claim_id UUID NOT NULL,
    claim_version INTEGER NOT NULL,
    status TEXT NOT NULL,
    principal NUMERIC(20, 2) NOT NULL,
    interest NUMERIC(20, 2) NOT NULL,
    total NUMERIC(20, 2) NOT NULL,
    unverified JSONB NOT NULL,
    accepted JSONB NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    approved_by TEXT,
    approved_at TIMESTAMP WITH TIME ZONE,
    unverified_then JSONB,
    accepted_by_approver JSONB,
    served_by TEXT,
    void_reason TEXT,
    CONSTRAINT pk_demand PRIMARY KEY (id),
    CONSTRAINT ck_demand_status_known CHECK (status in ('proposed', 'approved', 'void')),
    CONSTRAINT ck_demand_two_people CHECK (approved_by is null or approved_by <> proposed_by),
    CONSTRAINT ck_demand_approved_by_somebody CHECK ((status = 'approved') = (approved_by is not null)),
    CONSTRAINT ck_demand_approval_whole CHECK (
        num_nulls(approved_by, approved_at, unverified_then, accepted_by_approver) in (0, 4)
    ),
    CONSTRAINT fk_demand_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id)
);
CREATE INDEX ix_demand_claim_id ON demand (claim_id);
CREATE UNIQUE INDEX uq_demand_one_open ON demand (claim_id) WHERE status = 'proposed';
CREATE TABLE dispute (
    id UUID NOT NULL,
    claim_id UUID NOT NULL,
    claim_version INTEGER NOT NULL,
    reason TEXT NOT NULL,
    raised_by TEXT NOT NULL,
    raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
    upheld BOOLEAN,
    decision TEXT,
    decided_by TEXT,
    decided_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_dispute PRIMARY KEY (id),
    CONSTRAINT ck_dispute_two_people CHECK (raised_by <> decided_by),
    CONSTRAINT ck_dispute_decision_whole CHECK (num_nulls(upheld, decision, decided_by, decided_at) in (0, 4)),
    CONSTRAINT fk_dispute_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id)
);
CREATE INDEX ix_dispute_claim_id ON dispute (claim_id);
CREATE TABLE pending_recalculation (
    id UUID NOT NULL,
    agreement_id UUID NOT NULL,
    event_id UUID NOT NULL,
    trigger TEXT NOT NULL,
    reason TEXT NOT NULL,
    traceparent TEXT,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_pending_recalculation PRIMARY KEY (id),
    CONSTRAINT uq_pending_recalculation_agreement_id_event_id UNIQUE (agreement_id, event_id)
);
CREATE INDEX ix_pending_recalculation_asked_at ON pending_recalculation (asked_at);
"""

APPEND_ONLY = """
CREATE FUNCTION recovery_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = '23514', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
CREATE TRIGGER claim_version_append_only BEFORE UPDATE OR DELETE ON claim_version
    FOR EACH ROW EXECUTE FUNCTION recovery_append_only();
CREATE TRIGGER bank_payment_append_only BEFORE UPDATE OR DELETE ON bank_payment
    FOR EACH ROW EXECUTE FUNCTION recovery_append_only();
CREATE TRIGGER claim_never_deleted BEFORE DELETE ON claim
    FOR EACH ROW EXECUTE FUNCTION recovery_append_only();
"""

DECIDED_BY_ANOTHER = """
CREATE FUNCTION dispute_decided_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM demand
        WHERE claim_id = NEW.claim_id AND status = 'approved' AND NEW.decided_by IN (proposed_by, approved_by)
    ) THEN
        RAISE EXCEPTION 'who proposed or approved a demand does not decide the complaint about it'
            USING ERRCODE = '23514', CONSTRAINT = 'dispute_decided_by_another';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispute_decided_by_another BEFORE INSERT OR UPDATE ON dispute
    FOR EACH ROW EXECUTE FUNCTION dispute_decided_by_another();
"""

CURRENT_VERSION = """
CREATE FUNCTION claim_stands_at_its_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM claim c JOIN claim_version v ON v.claim_id = c.id AND v.number = c.number
        WHERE c.id = NEW.id AND v.as_of = c.as_of
            AND (v.principal, v.interest, v.outstanding, v.overpaid)
                IS NOT DISTINCT FROM (c.principal, c.interest, c.outstanding, c.overpaid)
            AND c.number = (SELECT max(number) FROM claim_version WHERE claim_id = c.id)
    ) THEN
        RAISE EXCEPTION 'claim % does not stand at its latest version', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'claim_stands_at_its_version';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER claim_stands_at_its_version AFTER INSERT OR UPDATE ON claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claim_stands_at_its_version();
CREATE FUNCTION claim_version_is_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM claim WHERE id = NEW.claim_id AND number >= NEW.number) THEN
        RAISE EXCEPTION 'claim % does not know version %', NEW.claim_id, NEW.number
            USING ERRCODE = '23514', CONSTRAINT = 'claim_version_is_taken';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER claim_version_is_taken AFTER INSERT ON claim_version
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claim_version_is_taken();
"""

BOUND = """
CREATE FUNCTION recovery_within_paid(agreement UUID) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    principals NUMERIC;
    paid NUMERIC;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('tirek.recovery-bound/' || agreement, 0));
    SELECT coalesce(sum(principal), 0) INTO principals FROM claim WHERE agreement_id = agreement;
    SELECT coalesce(sum(amount), 0) INTO paid FROM disbursement WHERE agreement_id = agreement AND reversed_on IS NULL;
    IF principals > paid THEN
        RAISE EXCEPTION 'principals of % exceed the % paid under agreement %', principals, paid, agreement
            USING ERRCODE = '23514', CONSTRAINT = 'recovery_principals_within_paid';
    END IF;
END $$;
CREATE FUNCTION recovery_within_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM recovery_within_paid(OLD.agreement_id);
    END IF;
    IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.agreement_id <> OLD.agreement_id) THEN
        PERFORM recovery_within_paid(NEW.agreement_id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER claim_principals_within_paid AFTER INSERT OR UPDATE ON claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION recovery_within_paid();
CREATE CONSTRAINT TRIGGER disbursement_covers_principals AFTER INSERT OR UPDATE OR DELETE ON disbursement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION recovery_within_paid();
"""


def upgrade() -> None:
    """Make the tables, then what the database itself holds."""
    for statements in (TABLES, APPEND_ONLY, DECIDED_BY_ANOTHER, CURRENT_VERSION, BOUND):
        for statement in re.split(r";\n(?=CREATE )", statements.strip().removesuffix(";")):
            op.execute(statement)


def downgrade() -> None:
    """Not offered."""
    raise NotImplementedError("The record is never dropped: restore a backup instead.")
