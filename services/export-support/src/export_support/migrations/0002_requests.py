"""Requests with their cost lines, the numbers of signatures, and the cost documents that are reimbursed once."""

from alembic import op

revision = "export_support_0002"
down_revision = "export_support_0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE reimbursement_request (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    call_id UUID NOT NULL,
    number TEXT,
    applicant_name TEXT NOT NULL,
    applicant_number TEXT NOT NULL,
    recipient_id UUID NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revision INTEGER NOT NULL,
    status TEXT NOT NULL,
    content JSONB NOT NULL,
    line_count INTEGER NOT NULL,
    submitted_at TIMESTAMP WITH TIME ZONE,
    submitted_on DATE,
    estimated NUMERIC(20, 2),
    ended_because TEXT,
    CONSTRAINT pk_reimbursement_request PRIMARY KEY (id),
    CONSTRAINT ck_reimbursement_request_status_known CHECK (status in ('draft', 'submitted', 'withdrawn')),
    CONSTRAINT ck_reimbursement_request_applicant_number_form CHECK (applicant_number ~ '^[0-9]{12}$'),
    CONSTRAINT ck_reimbursement_request_line_count_range CHECK (line_count between 0 and 10000),
    CONSTRAINT ck_reimbursement_request_signed_whole
        CHECK ((status = 'draft') = (num_nulls(number, submitted_at, submitted_on, estimated) = 4)
            and num_nulls(number, submitted_at, submitted_on, estimated) in (0, 4)),
    CONSTRAINT ck_reimbursement_request_estimated_not_negative CHECK (estimated >= 0),
    CONSTRAINT ck_reimbursement_request_ended_with_reason CHECK ((status = 'withdrawn') = (ended_because is not null)),
    CONSTRAINT fk_reimbursement_request_call_id_call FOREIGN KEY(call_id) REFERENCES call (id),
    CONSTRAINT uq_reimbursement_request_number UNIQUE (number)
);
CREATE INDEX ix_reimbursement_request_call_id ON reimbursement_request (call_id);
CREATE INDEX ix_reimbursement_request_institute ON reimbursement_request (institute);
CREATE INDEX ix_reimbursement_request_institute_status ON reimbursement_request (institute, status, id);
CREATE INDEX ix_reimbursement_request_recipient_year ON reimbursement_request (recipient_id, submitted_on);
CREATE TABLE request_number (
    institute TEXT NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    CONSTRAINT pk_request_number PRIMARY KEY (institute, year)
);
CREATE TABLE cost_line (
    id UUID NOT NULL,
    request_id UUID NOT NULL,
    number INTEGER NOT NULL,
    category TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount NUMERIC(20, 2) NOT NULL,
    cost JSONB NOT NULL,
    CONSTRAINT pk_cost_line PRIMARY KEY (id),
    CONSTRAINT uq_cost_line_request_id_number UNIQUE (request_id, number),
    CONSTRAINT ck_cost_line_numbered CHECK (number > 0),
    CONSTRAINT ck_cost_line_amount_positive CHECK (amount > 0),
    CONSTRAINT fk_cost_line_request_id_reimbursement_request
        FOREIGN KEY(request_id) REFERENCES reimbursement_request (id)
);
CREATE TABLE cost_document (
    key TEXT NOT NULL,
    near TEXT NOT NULL,
    supplier TEXT NOT NULL,
    number TEXT NOT NULL,
    issued_on DATE NOT NULL,
    currency TEXT NOT NULL,
    total NUMERIC(20, 2) NOT NULL,
    taken NUMERIC(20, 2) NOT NULL,
    CONSTRAINT pk_cost_document PRIMARY KEY (key),
    CONSTRAINT ck_cost_document_total_positive CHECK (total > 0),
    CONSTRAINT ck_cost_document_taken_within_total CHECK (taken >= 0 and taken <= total)
);
CREATE INDEX ix_cost_document_near ON cost_document (near);
CREATE TABLE cost_document_use (
    line_id UUID NOT NULL,
    document_key TEXT NOT NULL,
    request_id UUID NOT NULL,
    amount NUMERIC(20, 2) NOT NULL,
    freed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_cost_document_use PRIMARY KEY (line_id),
    CONSTRAINT ck_cost_document_use_amount_positive CHECK (amount > 0),
    CONSTRAINT fk_cost_document_use_line_id_cost_line FOREIGN KEY(line_id) REFERENCES cost_line (id),
    CONSTRAINT fk_cost_document_use_document_key_cost_document
        FOREIGN KEY(document_key) REFERENCES cost_document (key),
    CONSTRAINT fk_cost_document_use_request_id_reimbursement_request
        FOREIGN KEY(request_id) REFERENCES reimbursement_request (id)
);
CREATE INDEX ix_cost_document_use_request_id ON cost_document_use (request_id);
CREATE INDEX ix_cost_document_use_standing ON cost_document_use (document_key) WHERE freed_at is null;
"""

LINES_STAY = (
    """
    create function cost_line_stays_as_signed() returns trigger language plpgsql as $$
    begin
        perform from reimbursement_request
            where id = coalesce(new.request_id, old.request_id) and status <> 'draft';
        if found then
            raise exception 'the lines of a signed request stay' using errcode = 'restrict_violation';
        end if;
        return coalesce(new, old);
    end $$
    """,
    """
    create trigger stays_as_signed before insert or update or delete on cost_line
        for each row execute function cost_line_stays_as_signed()
    """,
)
"""The lines of a signed request are never changed."""

TAKEN_SUMS_UP = (
    """
    create function cost_document_taken_once() returns trigger language plpgsql as $$
    declare
        document constant text := case when tg_table_name = 'cost_document' then to_jsonb(new) ->> 'key'
                                       else to_jsonb(new) ->> 'document_key' end;
        told numeric;
        standing numeric;
    begin
        select taken into told from cost_document where key = document;
        select coalesce(sum(amount), 0) into standing from cost_document_use
            where document_key = document and freed_at is null;
        if told <> standing then
            raise exception 'of a document % is said to be taken, % is', told, standing
                using errcode = 'check_violation', constraint = 'cost_document_taken_once';
        end if;
        return null;
    end $$
    """,
    """
    create constraint trigger taken_once after insert or update on cost_document
        deferrable initially deferred for each row execute function cost_document_taken_once()
    """,
    """
    create constraint trigger taken_once after insert or update on cost_document_use
        deferrable initially deferred for each row execute function cost_document_taken_once()
    """,
    """
    create function cost_document_use_stays() returns trigger language plpgsql as $$
    begin
        if tg_op = 'DELETE' or old.freed_at is not null
            or to_jsonb(old) - 'freed_at' <> to_jsonb(new) - 'freed_at' then
            raise exception 'what was taken of a document is only ever freed' using errcode = 'restrict_violation';
        end if;
        return new;
    end $$
    """,
    """
    create trigger stays before update or delete on cost_document_use
        for each row execute function cost_document_use_stays()
    """,
    """
    create function cost_document_stays() returns trigger language plpgsql as $$
    begin
        if tg_op = 'DELETE' or to_jsonb(old) - 'taken' <> to_jsonb(new) - 'taken' then
            raise exception 'a document stays as it was first stated' using errcode = 'restrict_violation';
        end if;
        return new;
    end $$
    """,
    """
    create trigger stays before update or delete on cost_document
        for each row execute function cost_document_stays()
    """,
)
"""At each commit a document has given exactly what stands of its uses; with the CHECK never more than its total."""


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
    for statement in (*LINES_STAY, *TAKEN_SUMS_UP):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("The record is never dropped: restore a backup instead.")
