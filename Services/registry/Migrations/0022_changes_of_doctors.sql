-- What tells registry's processes that a page of the directory is still as it was when they wrote it (docs/adr/0070): a sum that
-- each change of a doctor makes larger, in its own transaction, whichever release, command or cascade makes it. Sixteen rows, as
-- in migration 17. It grows by chance, so that a database that lost changes (a restored dump, a standby made the primary) does
-- not come to a number that was there before.
create table doctor_changes (
    part smallint primary key,
    changes bigint not null
) with (fillfactor = 50);

-- Named so that it comes before the trigger of the tally: who writes doctors in two statements waits for others of the same part
-- here, before it holds any number of the tally.
create function doctor_changed() returns trigger language plpgsql security definer set search_path from current as $$
begin
    -- News of an account that is no doctor's changes none.
    if tg_op = 'DELETE' then
        if not exists (select from gone) then return null; end if;
    elsif not exists (select from added) then
        return null;
    end if;
    insert into doctor_changes as c (part, changes) values (pg_backend_pid() % 16, 1 + floor(random() * 1000000000)::bigint)
    on conflict (part) do update set changes = c.changes + excluded.changes;
    return null;
end
$$;
create trigger doctor_changed_added after insert on doctor referencing new table as added
    for each statement execute function doctor_changed();
create trigger doctor_changed_changed after update on doctor referencing new table as added
    for each statement execute function doctor_changed();
create trigger doctor_changed_gone after delete on doctor referencing old table as gone
    for each statement execute function doctor_changed();

alter table doctor_changes enable row level security;
create policy doctor_changes_read on doctor_changes for select using (true);
