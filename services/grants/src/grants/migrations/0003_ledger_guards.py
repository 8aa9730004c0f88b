"""What the database itself keeps of the ledger: balanced, append-only, never negative, never more than was agreed."""

from alembic import op

revision = "grants_0003"
down_revision = "grants_0002"
branch_labels = None
depends_on = None

ENTRY_STAMPED = """
create function ledger_entry_stamped() returns trigger language plpgsql as $$
begin
    new.recorded_in := pg_current_xact_id()::text;
    return new;
end $$;
create trigger stamped before insert on ledger_entry for each row execute function ledger_entry_stamped();
"""

POSTING_APPLIED = """
create function ledger_posting_applied() returns trigger language plpgsql as $$
declare
    entry ledger_entry;
    holder uuid;
begin
    select * into strict entry from ledger_entry where id = new.entry_id;
    if entry.recorded_in <> pg_current_xact_id()::text then
        raise exception 'entry % is closed: a posting is made with its entry', entry.number
            using errcode = 'restrict_violation';
    end if;
    holder := case when new.side in ('committed', 'disbursed', 'returned') then entry.agreement_id
                   else entry.account_id end;
    insert into ledger_balance (account_id, side, holder_id, amount)
        values (entry.account_id, new.side, holder, 0) on conflict do nothing;
    update ledger_balance set amount = amount + new.amount
        where account_id = entry.account_id and side = new.side and holder_id = holder;
    return null;
end $$;
create trigger applied after insert on ledger_posting for each row execute function ledger_posting_applied();
"""

ENTRY_BALANCED = """
create function ledger_entry_balanced() returns trigger language plpgsql as $$
declare
    entry ledger_entry;
    total numeric;
    moved numeric;
begin
    if tg_table_name = 'ledger_entry' then
        entry := new;
    else
        select * into strict entry from ledger_entry where id = new.entry_id;
    end if;
    select coalesce(sum(amount), 0), coalesce(sum(amount) filter (where amount > 0), 0)
        into total, moved from ledger_posting where entry_id = entry.id;
    if total <> 0 or moved <> entry.amount then
        raise exception 'entry % is not balanced: % left, % of % moved', entry.number, total, moved, entry.amount
            using errcode = 'check_violation', constraint = 'ledger_entry_balanced';
    end if;
    return null;
end $$;
create constraint trigger balanced after insert on ledger_entry
    deferrable initially deferred for each row execute function ledger_entry_balanced();
create constraint trigger balanced after insert on ledger_posting
    deferrable initially deferred for each row execute function ledger_entry_balanced();
"""

WITHIN_AGREEMENT = """
create function ledger_entry_within_agreement() returns trigger language plpgsql as $$
declare
    agreed numeric;
    spoken_for numeric;
begin
    select amount into agreed from agreement where id = new.agreement_id and account_id = new.account_id;
    select coalesce(sum(amount), 0) into spoken_for from ledger_balance
        where account_id = new.account_id and holder_id = new.agreement_id and side in ('committed', 'disbursed');
    if agreed is null or spoken_for > agreed then
        raise exception 'entry %: % committed and paid, % agreed', new.number, spoken_for, agreed
            using errcode = 'check_violation', constraint = 'ledger_entry_within_agreement';
    end if;
    if new.tranche_id is not null and not exists (
        select from tranche where id = new.tranche_id and agreement_id = new.agreement_id and amount = new.amount
    ) then
        raise exception 'entry % is of another tranche or amount', new.number
            using errcode = 'check_violation', constraint = 'ledger_entry_of_tranche';
    end if;
    return null;
end $$;
create constraint trigger within_agreement after insert on ledger_entry
    deferrable initially deferred for each row when (new.agreement_id is not null)
    execute function ledger_entry_within_agreement();
"""

TRANCHE_IN_LEDGER = """
create function tranche_in_ledger() returns trigger language plpgsql as $$
declare
    paid boolean;
    reversed boolean;
    other boolean;
begin
    select count(*) filter (where kind = 'disbursement') > 0,
           count(*) filter (where kind = 'reversal') > 0,
           count(*) filter (where kind = 'disbursement' and (bank_reference, effective_on)
                                is distinct from (new.bank_reference, new.disbursed_on)) > 0
        into paid, reversed, other from ledger_entry where tranche_id = new.id;
    if other or paid <> (new.status in ('disbursed', 'reversed')) or reversed <> (new.status = 'reversed') then
        raise exception 'the tranche % is % and the ledger says otherwise', new.id, new.status
            using errcode = 'check_violation', constraint = 'tranche_in_ledger';
    end if;
    return null;
end $$;
create constraint trigger in_ledger after insert or update on tranche
    deferrable initially deferred for each row execute function tranche_in_ledger();
"""

BALANCE_KEPT_BY_POSTINGS = """
create function ledger_balance_kept() returns trigger language plpgsql as $$
begin
    if tg_op in ('DELETE', 'TRUNCATE') or pg_trigger_depth() < 2 then
        raise exception 'balances follow from postings' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger kept_by_postings before insert or update or delete on ledger_balance
    for each row execute function ledger_balance_kept();
create trigger not_emptied before truncate on ledger_balance
    for each statement execute function ledger_balance_kept();
"""


def upgrade() -> None:
    for functions in (
        ENTRY_STAMPED, POSTING_APPLIED, ENTRY_BALANCED, WITHIN_AGREEMENT, TRANCHE_IN_LEDGER, BALANCE_KEPT_BY_POSTINGS,
    ):  # fmt: skip
        for statement in functions.split(";\ncreate "):
            op.execute(statement if statement.lstrip().startswith("create ") else f"create {statement}")
    for table in ("ledger_entry", "ledger_posting"):
        op.execute(
            f"create trigger append_only before update or delete on {table}"
            " for each row execute function refuse_change()"
        )
        op.execute(
            f"create trigger not_emptied before truncate on {table} for each statement execute function refuse_change()"
        )


def downgrade() -> None:
    raise NotImplementedError("The record is never dropped: restore a backup instead.")
