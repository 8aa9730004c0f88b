"""Calls, applications with remarks and history, experts' conclusions, the commission's motions and votes."""

from alembic import op

revision = "grants_0001"
down_revision = None
branch_labels = ("grants",)
depends_on = ("platform_0001",)

TABLES = """
CREATE SEQUENCE application_number;
CREATE TABLE call (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    budget NUMERIC(20, 2) NOT NULL,
    opens_on DATE NOT NULL,
    closes_on DATE NOT NULL,
    status TEXT NOT NULL,
    awarded NUMERIC(20, 2) NOT NULL,
    revision INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_by TEXT,
    opened_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_call PRIMARY KEY (id),
    CONSTRAINT ck_call_status_known CHECK (status in ('planned', 'open')),
    CONSTRAINT ck_call_budget_positive CHECK (budget > 0),
    CONSTRAINT ck_call_awarded_within_budget CHECK (awarded >= 0 and awarded <= budget),
    CONSTRAINT ck_call_window_forward CHECK (opens_on <= closes_on),
    CONSTRAINT ck_call_opened_at_when_open CHECK ((status = 'open') = (opened_at is not null))
);
CREATE INDEX ix_call_institute ON call (institute);
CREATE INDEX ix_call_institute_status ON call (institute, status, id);
CREATE TABLE application (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    call_id UUID NOT NULL,
    number TEXT NOT NULL,
    applicant_name TEXT NOT NULL,
    applicant_number TEXT NOT NULL,
    recipient_id UUID NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revision INTEGER NOT NULL,
    status TEXT NOT NULL,
    content JSONB NOT NULL,
    title TEXT,
    region TEXT,
    fea_cn TEXT,
    requested_amount NUMERIC(20, 2),
    project_cost NUMERIC(20, 2),
    submitted_at TIMESTAMP WITH TIME ZONE,
    submitted_on DATE,
    due_on DATE,
    due_calendar TEXT,
    due_term TEXT,
    returned_content JSONB,
    first_content JSONB,
    experts TEXT[] NOT NULL,
    score NUMERIC(5, 2),
    hearing_until DATE,
    statement TEXT,
    heard_at TIMESTAMP WITH TIME ZONE,
    approved_amount NUMERIC(20, 2),
    ground TEXT,
    ground_reason TEXT,
    decided_at TIMESTAMP WITH TIME ZONE,
    complaint_until DATE,
    award_lapsed_on DATE,
    ended_because TEXT,
    agreement_id UUID,
    CONSTRAINT pk_application PRIMARY KEY (id),
    CONSTRAINT ck_application_status_known
        CHECK (status in ('draft', 'submitted', 'returned', 'examination', 'commission', 'hearing', 'approved',
            'refused', 'annulled', 'withdrawn')),
    CONSTRAINT ck_application_applicant_number_form CHECK (applicant_number ~ '^[0-9]{12}$'),
    CONSTRAINT ck_application_amount_when_approved CHECK ((status = 'approved') = (approved_amount is not null)),
    CONSTRAINT ck_application_amount_within_request
        CHECK (approved_amount > 0 and approved_amount <= requested_amount),
    CONSTRAINT ck_application_ground_when_refused CHECK ((status = 'refused') = (ground is not null)),
    CONSTRAINT ck_application_ground_known
        CHECK (ground in ('priority-goods', 'counter-obligations', 'compliance-with-the-rules',
            'register-of-producers')),
    CONSTRAINT ck_application_refused_heard
        CHECK (ground is null or (coalesce(ground_reason, '') <> '' and hearing_until is not null)),
    CONSTRAINT ck_application_complaint_when_refused CHECK ((status = 'refused') = (complaint_until is not null)),
    CONSTRAINT ck_application_agreement_when_approved CHECK ((agreement_id is null) or status = 'approved'),
    CONSTRAINT ck_application_lapsed_award_is_free
        CHECK (award_lapsed_on is null or (status = 'approved' and agreement_id is null)),
    CONSTRAINT ck_application_due_with_calendar CHECK ((due_on is null) = (due_calendar is null)),
    CONSTRAINT ck_application_submitted_on_known CHECK (status in ('draft', 'withdrawn') or submitted_on is not null),
    CONSTRAINT fk_application_call_id_call FOREIGN KEY(call_id) REFERENCES call (id),
    CONSTRAINT uq_application_number UNIQUE (number),
    CONSTRAINT uq_application_agreement_id UNIQUE (agreement_id)
);
CREATE INDEX ix_application_call_id ON application (call_id);
CREATE INDEX ix_application_due_on ON application (due_on) WHERE due_on is not null;
CREATE INDEX ix_application_institute ON application (institute);
CREATE INDEX ix_application_institute_status ON application (institute, status, id);
CREATE INDEX ix_application_recipient_id ON application (recipient_id);
CREATE UNIQUE INDEX uq_application_open_of_a_company ON application (call_id, recipient_id)
    WHERE status not in ('refused', 'annulled', 'withdrawn');
CREATE TABLE application_history (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    application_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    what TEXT NOT NULL,
    by TEXT NOT NULL,
    roles JSONB NOT NULL,
    reason TEXT,
    details JSONB NOT NULL,
    CONSTRAINT pk_application_history PRIMARY KEY (id),
    CONSTRAINT fk_application_history_application_id_application
        FOREIGN KEY(application_id) REFERENCES application (id)
);
CREATE INDEX ix_application_history_application_id ON application_history (application_id, id);
CREATE TABLE application_remark (
    application_id UUID NOT NULL,
    round INTEGER NOT NULL,
    number INTEGER NOT NULL,
    pointer TEXT NOT NULL,
    remark TEXT NOT NULL,
    answer TEXT,
    made_by TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_application_remark PRIMARY KEY (application_id, round, number),
    CONSTRAINT ck_application_remark_numbered CHECK (round > 0 and number > 0),
    CONSTRAINT fk_application_remark_application_id_application
        FOREIGN KEY(application_id) REFERENCES application (id)
);
CREATE TABLE commission_motion (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    application_id UUID NOT NULL,
    application_revision INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    amount NUMERIC(20, 2),
    ground TEXT,
    ground_reason TEXT,
    requirement TEXT,
    findings JSONB NOT NULL, quorum JSONB NOT NULL, majority JSONB NOT NULL,
    put_by TEXT NOT NULL,
    put_at TIMESTAMP WITH TIME ZONE NOT NULL,
    status TEXT NOT NULL,
    tally JSONB,
    minutes TEXT,
    closed_by TEXT,
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_commission_motion PRIMARY KEY (id),
    CONSTRAINT ck_commission_motion_outcome_known CHECK (outcome in ('approve', 'refuse')),
    CONSTRAINT ck_commission_motion_status_known CHECK (status in ('open', 'carried', 'not-carried', 'dropped')),
    CONSTRAINT ck_commission_motion_ground_known
        CHECK (ground in ('priority-goods', 'counter-obligations', 'compliance-with-the-rules',
            'register-of-producers')),
    CONSTRAINT ck_commission_motion_approval_names_amount CHECK ((outcome = 'approve') = (amount is not null)),
    CONSTRAINT ck_commission_motion_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_commission_motion_refusal_says_why
        CHECK ((outcome = 'refuse') = (ground is not null and coalesce(ground_reason, '') <> '')),
    CONSTRAINT ck_commission_motion_closed_at_when_closed CHECK ((status = 'open') = (closed_at is null)),
    CONSTRAINT ck_commission_motion_decided_with_minutes
        CHECK (status not in ('carried', 'not-carried') or coalesce(minutes, '') <> ''),
    CONSTRAINT uq_commission_motion_id_put_by UNIQUE (id, put_by),
    CONSTRAINT fk_commission_motion_application_id_application FOREIGN KEY(application_id) REFERENCES application (id)
);
CREATE INDEX ix_commission_motion_application_id ON commission_motion (application_id, id);
CREATE INDEX ix_commission_motion_institute ON commission_motion (institute);
CREATE UNIQUE INDEX uq_commission_motion_open ON commission_motion (application_id) WHERE status = 'open';
CREATE TABLE expert_conclusion (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    application_id UUID NOT NULL,
    expert TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    standing TEXT NOT NULL,
    declared_at TIMESTAMP WITH TIME ZONE,
    reason TEXT,
    scores JSONB NOT NULL,
    percent NUMERIC(5, 2),
    recommendation TEXT,
    summary TEXT,
    concluded_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_expert_conclusion PRIMARY KEY (id),
    CONSTRAINT uq_expert_conclusion_application_id_expert UNIQUE (application_id, expert),
    CONSTRAINT ck_expert_conclusion_standing_known
        CHECK (standing in ('asked', 'free-of-conflicts', 'barred', 'discharged', 'concluded')),
    CONSTRAINT ck_expert_conclusion_asked_by_another CHECK (expert <> asked_by),
    CONSTRAINT ck_expert_conclusion_concluded_whole
        CHECK ((standing = 'concluded') = (percent is not null and concluded_at is not null)),
    CONSTRAINT ck_expert_conclusion_barred_with_reason CHECK (standing <> 'barred' or coalesce(reason, '') <> ''),
    CONSTRAINT ck_expert_conclusion_percent_range CHECK (percent >= 0 and percent <= 100),
    CONSTRAINT fk_expert_conclusion_application_id_application FOREIGN KEY(application_id) REFERENCES application (id)
);
CREATE INDEX ix_expert_conclusion_expert ON expert_conclusion (expert);
CREATE INDEX ix_expert_conclusion_institute ON expert_conclusion (institute);
CREATE TABLE commission_vote (
    motion_id UUID NOT NULL,
    member TEXT NOT NULL,
    put_by TEXT NOT NULL,
    choice TEXT NOT NULL,
    reason TEXT,
    cast_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ordinal BIGINT NOT NULL,
    CONSTRAINT pk_commission_vote PRIMARY KEY (motion_id, member),
    CONSTRAINT fk_commission_vote_motion_id_put_by_commission_motion
        FOREIGN KEY(motion_id, put_by) REFERENCES commission_motion (id, put_by),
    CONSTRAINT uq_commission_vote_motion_id_ordinal UNIQUE (motion_id, ordinal),
    CONSTRAINT ck_commission_vote_mover_does_not_vote CHECK (member <> put_by),
    CONSTRAINT ck_commission_vote_choice_known CHECK (choice in ('for', 'against', 'abstained', 'recused')),
    CONSTRAINT ck_commission_vote_reason_unless_for CHECK (choice = 'for' or coalesce(reason, '') <> '')
);
"""

APPEND_ONLY = (
    """
    create function grants_append_only() returns trigger language plpgsql as $$
    begin
        raise exception 'a row of % is never changed', tg_table_name using errcode = 'restrict_violation';
    end $$
    """,
    """
    create trigger append_only before update or delete on application_history
        for each row execute function grants_append_only()
    """,
    """
    create trigger append_only before update or delete on commission_vote
        for each row execute function grants_append_only()
    """,
)

MOTION_STANDS = (
    """
    create function commission_motion_stands() returns trigger language plpgsql as $$
    declare
        open_columns constant text[] := array['status', 'tally', 'minutes', 'closed_by', 'closed_at'];
    begin
        if tg_op = 'DELETE' or old.status <> 'open' then
            raise exception 'a motion that is closed stays as it is' using errcode = 'restrict_violation';
        end if;
        if to_jsonb(old) - open_columns <> to_jsonb(new) - open_columns then
            raise exception 'a motion is never changed once put' using errcode = 'restrict_violation';
        end if;
        return new;
    end $$
    """,
    """
    create trigger stands before update or delete on commission_motion
        for each row execute function commission_motion_stands()
    """,
)

AWARDS_SUM_UP = (
    """
    create function call_awarded_what_stands() returns trigger language plpgsql as $$
    declare
        call_of constant uuid := case when tg_table_name = 'call' then new.id
                                      else (to_jsonb(new) ->> 'call_id')::uuid end;
        told numeric;
        standing numeric;
    begin
        select awarded into told from call where id = call_of;
        select coalesce(sum(approved_amount), 0) into standing from application
            where call_id = call_of and status = 'approved' and award_lapsed_on is null;
        if told <> standing then
            raise exception 'the call % says % awarded, % is', call_of, told, standing
                using errcode = 'check_violation', constraint = 'call_awarded_what_stands';
        end if;
        return null;
    end $$
    """,
    """
    create constraint trigger awarded_what_stands after insert or update of awarded on call
        deferrable initially deferred for each row execute function call_awarded_what_stands()
    """,
    """
    create constraint trigger awarded_what_stands
        after insert or update of status, approved_amount, award_lapsed_on, call_id on application
        deferrable initially deferred for each row when (new.status = 'approved')
        execute function call_awarded_what_stands()
    """,
)
"""At each commit a call has awarded what its approved applications have been awarded and not lost again."""


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
    for statement in (*APPEND_ONLY, *MOTION_STANDS, *AWARDS_SUM_UP):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("The record is never dropped: restore a backup instead.")
