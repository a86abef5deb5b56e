-- How many doctors are listed, and how many mappings a tenant has, by what a list can be narrowed by, so that a page need not
-- count them (docs/adr/0066). Kept by triggers in the transaction of each change, whichever release, command or cascade makes
-- it. Each server process counts in one of sixteen rows, so that those who write at once seldom wait for each other; only
-- their sum means anything. The triggers' functions are the owner's: the service reads the numbers and cannot write them.
create table doctor_tally (
    -- An empty array: of all. The values of specialization and of the folded city otherwise, of those that are asked for.
    specialization text[] not null,
    city text[] not null,
    is_available boolean not null,
    part smallint not null,
    doctors bigint not null,
    primary key (specialization, city, is_available, part)
) with (fillfactor = 50);

create table mapping_tally (
    tenant_id uuid not null,
    -- An empty array: of all doctors.
    doctor uuid[] not null,
    is_primary boolean not null,
    part smallint not null,
    mappings bigint not null,
    primary key (tenant_id, doctor, is_primary, part)
) with (fillfactor = 50);

-- One statement that changes many rows changes each number once; the order keeps two of them from waiting for each other.
create function doctor_tally() returns trigger language plpgsql security definer set search_path from current as $$
begin
    execute format(
        'insert into doctor_tally as t (specialization, city, is_available, part, doctors)
        select s.value, c.value, d.is_available, pg_backend_pid() %% 16, sum(d.change)
        from (%s) d (change, specialization, search_city, is_available),
            lateral (values (array[]::text[]), (array[d.specialization])) s (value),
            lateral (values (array[]::text[]), (array[d.search_city])) c (value)
        where c.value[1] is not null or cardinality(c.value) = 0
        group by 1, 2, 3 having sum(d.change) <> 0 order by 1, 2, 3
        on conflict (specialization, city, is_available, part) do update set doctors = t.doctors + excluded.doctors',
        concat_ws(' union all ',
            case when tg_op <> 'DELETE' then
                'select 1, specialization, search_city, is_available from added where is_listed' end,
            case when tg_op <> 'INSERT' then
                'select -1, specialization, search_city, is_available from gone where is_listed' end));
    return null;
end
$$;
create trigger doctor_tally_added after insert on doctor referencing new table as added
    for each statement execute function doctor_tally();
create trigger doctor_tally_changed after update on doctor referencing new table as added old table as gone
    for each statement execute function doctor_tally();
create trigger doctor_tally_gone after delete on doctor referencing old table as gone
    for each statement execute function doctor_tally();

create function mapping_tally() returns trigger language plpgsql security definer set search_path from current as $$
begin
    -- Each patient that goes deletes its mappings, of which most have none.
    if tg_op = 'DELETE' then
        if not exists (select from gone) then return null; end if;
    end if;
    execute format(
        'insert into mapping_tally as t (tenant_id, doctor, is_primary, part, mappings)
        select m.tenant_id, d.value, m.is_primary, pg_backend_pid() %% 16, sum(m.change)
        from (%s) m (change, tenant_id, doctor_id, is_primary),
            lateral (values (array[]::uuid[]), (array[m.doctor_id])) d (value)
        group by 1, 2, 3 having sum(m.change) <> 0 order by 1, 2, 3
        on conflict (tenant_id, doctor, is_primary, part) do update set mappings = t.mappings + excluded.mappings',
        concat_ws(' union all ',
            case when tg_op <> 'DELETE' then 'select 1, tenant_id, doctor_id, is_primary from added' end,
            case when tg_op <> 'INSERT' then 'select -1, tenant_id, doctor_id, is_primary from gone' end));
    return null;
end
$$;
create trigger mapping_tally_added after insert on mapping referencing new table as added
    for each statement execute function mapping_tally();
create trigger mapping_tally_changed after update on mapping referencing new table as added old table as gone
    for each statement execute function mapping_tally();
create trigger mapping_tally_gone after delete on mapping referencing old table as gone
    for each statement execute function mapping_tally();

-- Nobody writes between this and the end of the migration.
alter table mapping no force row level security;
insert into doctor_tally
select s.value, c.value, d.is_available, 0, count(*)
from doctor d, lateral (values (array[]::text[]), (array[d.specialization])) s (value),
    lateral (values (array[]::text[]), (array[d.search_city])) c (value)
where d.is_listed and (c.value[1] is not null or cardinality(c.value) = 0)
group by 1, 2, 3;
insert into mapping_tally
select m.tenant_id, d.value, m.is_primary, 0, count(*)
from mapping m, lateral (values (array[]::uuid[]), (array[m.doctor_id])) d (value)
group by 1, 2, 3;
alter table mapping force row level security;

-- The owner is not asked, so that a doctor who goes takes the mappings of all tenants along.
alter table doctor_tally enable row level security;
create policy doctor_tally_read on doctor_tally for select using (true);
alter table mapping_tally enable row level security;
create policy mapping_tally_of_tenant on mapping_tally for select using (tenant_id = (select praxis_tenant()));
