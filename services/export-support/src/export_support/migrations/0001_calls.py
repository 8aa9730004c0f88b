"""Calls with the parameters frozen for them."""

from alembic import op

revision = "export_support_0001"
down_revision = None
branch_labels = ("export_support",)
depends_on = ("platform_0001",)

TABLES = """
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
    parameters JSONB,
    revision INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_by TEXT,
    opened_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_call PRIMARY KEY (id),
    CONSTRAINT ck_call_status_known CHECK (status in ('planned', 'open')),
    CONSTRAINT ck_call_budget_positive CHECK (budget > 0),
    CONSTRAINT ck_call_window_forward CHECK (opens_on <= closes_on),
    CONSTRAINT ck_call_opened_at_when_open CHECK ((status = 'open') = (opened_at is not null)),
    CONSTRAINT ck_call_parameters_when_open CHECK ((status = 'open') = (parameters is not null))
);
CREATE INDEX ix_call_institute ON call (institute);
CREATE INDEX ix_call_institute_status ON call (institute, status, id);
"""

FROZEN = (
    """
    create function call_stays_as_opened() returns trigger language plpgsql as $$
    begin
        if tg_op = 'DELETE' or old.status = 'open' then
            raise exception 'an open call stays as it was announced' using errcode = 'restrict_violation';
        end if;
        return new;
    end $$
    """,
    "create trigger stays_as_opened before update or delete on call for each row execute function call_stays_as_opened()",
)
"""An open call is never changed: neither what was announced nor the parameters frozen for it."""


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
    for statement in FROZEN:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("The record is never dropped: restore a backup instead.")
