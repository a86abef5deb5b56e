-- How many patients a tenant has, so that a page need not count them. Kept by the database in the transaction of each change,
-- whichever release writes. Each server process counts in one of sixteen rows, so that those who write at once seldom wait for
-- each other; only their sum means anything.
create table patient_tally (
    tenant_id uuid not null,
    -- Empty where it is not known.
    gender text not null,
    part smallint not null,
    patients bigint not null,
    primary key (tenant_id, gender, part)
) with (fillfactor = 50);

-- Written out twice: a function that is called costs twice as much as the change itself.
create function patient_tally() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        insert into patient_tally as t (tenant_id, gender, part, patients)
        values (old.tenant_id, coalesce(old.gender, ''), pg_backend_pid() % 16, -1)
        on conflict (tenant_id, gender, part) do update set patients = t.patients - 1;
    end if;
    if tg_op <> 'DELETE' then
        insert into patient_tally as t (tenant_id, gender, part, patients)
        values (new.tenant_id, coalesce(new.gender, ''), pg_backend_pid() % 16, 1)
        on conflict (tenant_id, gender, part) do update set patients = t.patients + 1;
    end if;
    return null;
end
$$;
-- Nobody writes between this and the end of the migration.
create trigger patient_tally after insert or delete on patient for each row execute function patient_tally();
create trigger patient_tally_moved after update of tenant_id, gender on patient for each row
    when ((old.tenant_id, old.gender) is distinct from (new.tenant_id, new.gender)) execute function patient_tally();

alter table patient no force row level security;
insert into patient_tally select tenant_id, coalesce(gender, ''), 0, count(*) from patient group by 1, 2;
alter table patient force row level security;

alter table patient_tally enable row level security;
alter table patient_tally force row level security;
create policy patient_tally_of_tenant on patient_tally using (tenant_id = (select praxis_tenant()));
