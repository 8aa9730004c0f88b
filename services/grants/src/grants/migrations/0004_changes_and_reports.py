"""Changes of agreements and reports on the project's plan."""

from alembic import op

revision = "grants_0004"
down_revision = "grants_0003"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE agreement_change (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    agreement_id UUID NOT NULL,
    recipient_id UUID NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    revision INTEGER NOT NULL,
    wanted JSONB NOT NULL,
    reason TEXT NOT NULL,
    requested_by TEXT,
    requested_at TIMESTAMP WITH TIME ZONE,
    proposed_by TEXT,
    proposed_at TIMESTAMP WITH TIME ZONE,
    approved_by TEXT,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by TEXT,
    closed_because TEXT,
    CONSTRAINT pk_agreement_change PRIMARY KEY (id),
    CONSTRAINT ck_agreement_change_kind_known CHECK (kind in ('obligations', 'schedule', 'budget', 'termination')),
    CONSTRAINT ck_agreement_change_status_known CHECK (
        status in ('requested', 'proposed', 'approved', 'refused', 'withdrawn')
    ),
    CONSTRAINT ck_agreement_change_kind_wanted CHECK (wanted ->> 'kind' = kind),
    CONSTRAINT ck_agreement_change_recipients_kinds CHECK (requested_by is null or kind in ('schedule', 'budget')),
    CONSTRAINT ck_agreement_change_asked_by_somebody CHECK (requested_by is not null or proposed_by is not null),
    CONSTRAINT ck_agreement_change_approved_by_another CHECK (
        approved_by <> proposed_by and approved_by <> requested_by
    ),
    CONSTRAINT ck_agreement_change_proposed_first CHECK (
        status not in ('proposed', 'approved') or proposed_by is not null
    ),
    CONSTRAINT ck_agreement_change_approved_by_somebody CHECK ((status = 'approved') = (approved_by is not null)),
    CONSTRAINT ck_agreement_change_closed_at_when_closed CHECK (
        (status in ('requested', 'proposed')) = (closed_at is null)
    ),
    CONSTRAINT fk_agreement_change_agreement_id_agreement FOREIGN KEY(agreement_id) REFERENCES agreement (id)
);
CREATE INDEX ix_agreement_change_institute ON agreement_change (institute);
CREATE INDEX ix_agreement_change_agreement_id ON agreement_change (agreement_id, id);
CREATE UNIQUE INDEX uq_agreement_change_open ON agreement_change (agreement_id, kind)
    WHERE status in ('requested', 'proposed');
CREATE TABLE project_report (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    institute TEXT NOT NULL,
    agreement_id UUID NOT NULL,
    recipient_id UUID NOT NULL,
    kind TEXT NOT NULL,
    year INTEGER,
    status TEXT NOT NULL,
    revision INTEGER NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_on DATE NOT NULL,
    due_calendar TEXT NOT NULL,
    due_term TEXT NOT NULL,
    overdue_on DATE,
    content JSONB,
    remarks JSONB NOT NULL,
    reported_at TIMESTAMP WITH TIME ZONE,
    reported_by TEXT,
    accepted_at TIMESTAMP WITH TIME ZONE,
    accepted_by TEXT,
    CONSTRAINT pk_project_report PRIMARY KEY (id),
    CONSTRAINT ck_project_report_kind_known CHECK (kind in ('plan', 'closing')),
    CONSTRAINT ck_project_report_status_known CHECK (
        status in ('awaited', 'submitted', 'returned', 'accepted', 'dropped')
    ),
    CONSTRAINT ck_project_report_year_of_plan_report CHECK ((kind = 'plan') = (year is not null)),
    CONSTRAINT ck_project_report_submitted_with_content CHECK (
        status in ('awaited', 'dropped') or (content is not null and reported_at is not null)
    ),
    CONSTRAINT ck_project_report_accepted_by_somebody CHECK ((status = 'accepted') = (accepted_by is not null)),
    CONSTRAINT ck_project_report_returned_with_remarks CHECK (
        status <> 'returned' or jsonb_array_length(remarks) > 0
    ),
    CONSTRAINT ck_project_report_overdue_after_due CHECK (overdue_on > due_on),
    CONSTRAINT fk_project_report_agreement_id_agreement FOREIGN KEY(agreement_id) REFERENCES agreement (id)
);
CREATE INDEX ix_project_report_institute ON project_report (institute);
CREATE UNIQUE INDEX uq_project_report_of_a_year ON project_report (agreement_id, kind, coalesce(year, 0));
CREATE INDEX ix_project_report_due_on ON project_report (due_on)
    WHERE status in ('awaited', 'returned') and overdue_on is null;
"""

CHANGE_STANDS = (
    """
    create function agreement_change_stands() returns trigger language plpgsql as $$
    declare
        asked constant text[] := array['agreement_id', 'recipient_id', 'institute', 'kind', 'wanted', 'reason',
                                       'requested_by', 'requested_at'];
        part text;
    begin
        if tg_op = 'DELETE' or old.status not in ('requested', 'proposed') then
            raise exception 'a change that is closed stays as it is' using errcode = 'restrict_violation';
        end if;
        foreach part in array asked loop
            if to_jsonb(old) -> part is distinct from to_jsonb(new) -> part then
                raise exception 'what a change asks for is never changed' using errcode = 'restrict_violation';
            end if;
        end loop;
        if old.proposed_by is not null and old.proposed_by is distinct from new.proposed_by then
            raise exception 'who proposed a change stays' using errcode = 'restrict_violation';
        end if;
        return new;
    end $$
    """,
    """
    create trigger stands before update or delete on agreement_change
        for each row execute function agreement_change_stands()
    """,
)


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
    for statement in CHANGE_STANDS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("The record is never dropped: restore a backup instead.")
